// What people left at issues goes with them: comments, bookmarks, subscriptions, the assignee.
#include "storage/regroup/regrouping.h"

namespace mishap::regroup {

void Regrouping::MoveNotes(const std::vector<std::int64_t>& from, std::int64_t to) {
  work_.Run("regroup_move_notes", project_, ArrayParam(from), to);
}

void Regrouping::BringBackNotes(const std::vector<std::int64_t>& to, std::int64_t from) {
  work_.Run("regroup_bring_back_notes", project_, ArrayParam(to), from);
}

void Regrouping::SharePeople(const std::vector<std::int64_t>& from, std::int64_t to) {
  work_.Run("regroup_share_people", project_, ArrayParam(from), to);
  work_.Run("regroup_share_assignee", project_, ArrayParam(from), to);
}

}  // namespace mishap::regroup

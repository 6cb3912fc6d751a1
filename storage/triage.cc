#include "storage/triage.h"

#include "storage/read_rows.h"

namespace mishap {

Result<std::vector<IssueId>> ChangeIssues(Session& session, const Scope& scope,
                                          const std::vector<IssueId>& ids,
                                          const IssueChange& change) {
  if (ids.empty()) return std::vector<IssueId>();
  return Transact(session, [&](Work& work) {
    auto projects = ArrayParam(scope.Projects());
    std::vector<IssueId> found;
    for (const auto& row : work.Run("triage_lock", projects, ArrayParam(NumbersOf(ids)))) {
      found.push_back({row["id"].as<std::int64_t>()});
    }
    std::vector<std::int64_t> changed;
    for (const auto& row :
         work.Run("triage_update", projects, ArrayParam(NumbersOf(found)),
                  static_cast<int>(change.status), static_cast<int>(change.substatus),
                  change.status_details, change.now, change.always, change.is_single)) {
      changed.push_back(row["id"].as<std::int64_t>());
    }
    std::optional<std::int64_t> user;
    if (scope.User()) user = scope.User().value;
    if (!changed.empty()) {
      work.Run("triage_activity", projects, ArrayParam(changed), change.activity, user,
               change.activity_details, change.now);
    }
    return found;
  });
}

}  // namespace mishap

#include "storage/triage/auto_transitions.h"

#include <fmt/format.h>

#include <map>

#include "storage/triage/change_in_work.h"

namespace mishap {
namespace {

using Ids = std::vector<std::int64_t>;

struct Transition {
  const char* due;     // finds and locks
  const char* change;  // returns the ids it changed
  std::string_view activity;
  std::string_view effect;
};

Ids Change(Work& work, const Transition& transition, const Ids& ids) {
  Ids projects, changed;
  projects.reserve(ids.size());
  for (auto id : ids) projects.push_back(ProjectOf(IssueId{id}).value);
  for (const auto& row : work.Run(transition.change, ArrayParam(projects), ArrayParam(ids))) {
    changed.push_back(row[0].as<std::int64_t>());
  }
  return changed;
}

// details: of the activity and the effect, by what the due rows say.
void Apply(Work& work, const Transition& transition, const Ids& ids, std::string_view details) {
  auto changed = Change(work, transition, ids);
  if (changed.empty()) return;
  Ids projects;
  projects.reserve(changed.size());
  for (auto id : changed) projects.push_back(ProjectOf(IssueId{id}).value);
  ChangeGround ground{work, ArrayParam(projects), std::nullopt};
  const auto now = TimestampOf(work.Run("triage_now")[0][0]);
  WriteActivities(ground, changed, transition.activity, details, now);
  WriteEffects(ground, changed, transition.effect, details);
  auto issues = ArrayParam(changed);
  work.Run("triage_drop_snoozes", ground.projects, issues);
  work.Run("triage_drop_resolutions", ground.projects, issues);
  NotifyIssues(work, changed);
}

Result<int> ApplyAll(Session& session, const Transition& transition, int issues_max,
                     std::string_view details) {
  return Transact(session, [&](Work& work) {
    Ids ids;
    for (const auto& row : work.Run(transition.due, issues_max)) {
      ids.push_back(row[1].as<std::int64_t>());
    }
    if (!ids.empty()) Apply(work, transition, ids, details);
    return static_cast<int>(ids.size());
  });
}

}  // namespace

Result<int> EndSnoozes(Session& session, int issues_max) {
  return ApplyAll(session,
                  {"auto_snooze_due", "auto_snooze_over", "set_unresolved", "issue_unresolved"},
                  issues_max, R"({"from":"ignored","condition":"ignoreUntil"})");
}

Result<int> SettleOngoing(Session& session, int issues_max) {
  return ApplyAll(session,
                  {"auto_ongoing_due", "auto_ongoing", "auto_set_ongoing", "issue_ongoing"},
                  issues_max, R"({"after_days":7})");
}

Result<int> ResolveByAge(Session& session, int issues_max) {
  const Transition transition{"auto_age_due", "auto_age", "set_resolved_by_age", "issue_resolved"};
  return Transact(session, [&](Work& work) {
    std::map<int, Ids> by_age;
    int found = 0;
    for (const auto& row : work.Run(transition.due, issues_max)) {
      by_age[row[2].as<int>()].push_back(row[1].as<std::int64_t>());
      ++found;
    }
    for (const auto& [hours, ids] : by_age) {
      Apply(work, transition, ids, fmt::format(R"({{"age":{}}})", hours));
    }
    return found;
  });
}

}  // namespace mishap

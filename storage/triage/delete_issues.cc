// Deleting issues: hidden in one short transaction, removed row by row in the background.
#include "storage/read_rows.h"
#include "storage/triage/change_in_work.h"

namespace mishap {
namespace {

void PurgeIssue(Work& work, std::int64_t project, std::int64_t issue) {
  std::vector<std::int64_t> rows;
  for (const auto& row : work.Run("purge_hash_rows", project, issue)) {
    rows.push_back(row[0].as<std::int64_t>());
  }
  auto hash_rows = ArrayParam(rows);
  for (const char* name :
       {"purge_hash_hour", "purge_hash_release", "purge_hash_tag", "purge_hash_user",
        "purge_hash_sample", "purge_similar_sample", "purge_hash_row"}) {
    work.Run(name, project, hash_rows);
  }
  work.Run("regroup_forget_sketch", project, issue);
  for (const char* name :
       {"purge_activity", "purge_issue_user", "purge_issue_resolution", "purge_issue_snooze",
        "purge_issue_share", "purge_issue_regression", "purge_issue_commit", "purge_issue"}) {
    work.Run(name, project, issue);
  }
}

}  // namespace

Result<std::vector<IssueId>> DeleteIssues(Session& session, const Scope& scope,
                                          const std::vector<IssueId>& ids) {
  if (ids.empty()) return std::vector<IssueId>();
  return TransactAgain(session, [&](Work& work) {
    ChangeGround ground{work, ArrayParam(scope.Projects()), std::nullopt};
    std::vector<IssueId> out;
    auto wanted = ArrayParam(NumbersOf(ids));
    // Counters, hash rows, issues: the order of the digest's locks.
    work.Run("triage_end_row_epoch", ground.projects, wanted);
    work.Run("triage_free_hash_rows", ground.projects, wanted);
    auto found = LockIssueRows(ground, NumbersOf(ids));
    for (const auto& row : work.Run("triage_delete", ground.projects, ArrayParam(found))) {
      out.push_back({row["id"].as<std::int64_t>()});
    }
    NotifyIssues(work, found);
    return out;
  });
}

Result<int> PurgeDeletedIssues(Session& session, int issues_max) {
  return Transact(session, [&](Work& work) {
    auto rows = work.Run("purge_find", issues_max);
    for (const auto& row : rows) {
      PurgeIssue(work, row[0].as<std::int64_t>(), row[1].as<std::int64_t>());
    }
    return static_cast<int>(rows.size());
  });
}

}  // namespace mishap

// A change of issues inside a transaction that somebody else began: one request, or a batch of a
// bulk change. Inside storage only: it shows pqxx.
#pragma once

#include <string>
#include <vector>

#include "storage/pqxx_session.h"
#include "storage/triage/issue_change.h"

namespace mishap {

// Who changes what, as the statements of queries/triage.sql take it.
struct ChangeGround {
  Work& work;
  std::string projects;              // '{1,2}'
  std::optional<std::int64_t> user;  // null: an organization's token, or Mishap itself
};

// Locks in id order those of `ids` that are there. Returns them, sorted.
std::vector<std::int64_t> LockIssueRows(const ChangeGround& ground,
                                        const std::vector<std::int64_t>& ids);
// ids: locked. Returns the changed ones, sorted.
std::vector<std::int64_t> ApplyIssueChange(const ChangeGround& ground,
                                           const std::vector<std::int64_t>& ids,
                                           const IssueChange& change);
// Tells the pages that show lists, by project ids, when the transaction commits.
void NotifyIssues(Work& work, const std::vector<std::int64_t>& issues);

void WriteActivities(const ChangeGround& ground, const std::vector<std::int64_t>& issues,
                     std::string_view kind, std::string_view details, Timestamp now);
// Effects to deliver; `kind` is a word of docs/triage.md.
void WriteEffects(const ChangeGround& ground, const std::vector<std::int64_t>& issues,
                  std::string_view kind, std::string_view body);

}  // namespace mishap

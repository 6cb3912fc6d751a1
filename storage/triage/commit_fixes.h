// Issues that commits of a release fix: their messages said so (api/release/commit_message.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/triage/issue_change.h"

namespace mishap {

struct CommitFix {
  IssueId issue;  // as the message names it; merges are followed
  std::string repository;
  std::string sha;
};

// Resolves the issues in the release, each once for a commit, in the name of its author where that
// is a member (who also gets the issue if nobody has it). Passed over: issues outside the scope, of
// projects without this release, and commits that are not known. Returns the resolved ones.
Result<std::vector<IssueId>> ResolveFixedIssues(Session& session, const Scope& scope,
                                                std::string_view version,
                                                const std::vector<CommitFix>& fixes, Timestamp now);

}  // namespace mishap

// Bulk changes (decisions 3.12): a selection is a snapshot of issue ids; a change is applied to it
// by a job in batches of 1,000, each a transaction, so that a restart goes on where it stood; an
// undo puts back, for 24 hours, the issues whose state is still the one the change set.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "storage/triage/issue_change.h"

namespace mishap {

inline constexpr std::size_t kBulkIssuesMax = 100'000;  // of a selection
inline constexpr int kBulkBatchIssues = 1'000;

struct BulkChange {
  std::string id;     // 32 hex digits: the selection, and the undo's token
  std::string state;  // selected | waiting | done | failed | undo_waiting | undone
  std::int64_t total = 0;
  std::int64_t done = 0;      // looked at
  std::int64_t changed = 0;   // of those: it was not so before
  std::int64_t restored = 0;  // by the undo
  std::string error;          // of failed
  Timestamp created_at;
  std::optional<Timestamp> applied_at;
  std::optional<Timestamp> finished_at;
};

// Keeps the ids, which the caller has found in the scope; others are passed over. It can be applied
// for an hour. Errors: too_large.
Result<BulkChange> SelectForBulk(Session& session, const Scope& scope,
                                 const std::vector<IssueId>& ids, Random& random);
// Errors of all three: not_found (also for one whose projects the scope does not see).
Result<BulkChange> ReadBulk(Session& session, const Scope& scope, const std::string& id);
// conflict: applied already; expired selections are not_found.
Result<BulkChange> StartBulk(Session& session, const Scope& scope, const std::string& id,
                             const IssueChange& change);
// conflict: not done yet, undone already, or a day old.
Result<BulkChange> StartBulkUndo(Session& session, const Scope& scope, const std::string& id);
// The projects of the selection, for checking a change against them.
Result<Scope> ScopeOfBulk(Session& session, const Scope& scope, const std::string& id);

// ChangeIssues with a way back: as a bulk change that was selected, applied and done at once, for
// at most kBulkBatchIssues. Its undo is StartBulkUndo.
struct UndoableChange {
  IssueChangeDone done;
  std::string undo;  // id of the bulk change; empty: nothing changed
};
Result<UndoableChange> ChangeIssuesUndoably(Session& session, const Scope& scope,
                                            const std::vector<IssueId>& ids,
                                            const IssueChange& change, Random& random);

// For the job: one batch of the oldest change that waits; how many issues it looked at, or nullopt:
// nothing waits. A batch that cannot be applied for a reason that will not go away ends its change
// as failed.
Result<std::optional<int>> RunBulkBatch(Session& session);
// Forgets at most `bulks_max` selections and changes whose time is over.
Result<int> PurgeBulks(Session& session, int bulks_max);

}  // namespace mishap

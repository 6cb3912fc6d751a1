// Triage inside a digest transaction, after LockIssues. Inside storage only; throws SqlFailure.
#pragma once

#include "storage/digest_transaction.h"

namespace mishap {

// "In the next release" becomes "in this release" for the releases that this batch saw first.
void SettleNextReleases(DigestRun& run);
// Regressions, snoozes that are over and archived issues that escalate, with activities and
// effects.
void ReopenIssues(DigestRun& run);

}  // namespace mishap

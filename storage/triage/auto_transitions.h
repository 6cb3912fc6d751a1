// What happens to issues by time alone: snoozes that are over, new and regressed issues that become
// ongoing, issues that nobody sees any more (docs/triage.md). By the database's clock, fleet-wide,
// for a leased job. What an event does: reopening.h.
#pragma once

#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

// Each changes at most `issues_max` issues in one transaction and returns how many it found due:
// call again while that is issues_max.
Result<int> EndSnoozes(Session& session, int issues_max);
Result<int> SettleOngoing(Session& session, int issues_max);
Result<int> ResolveByAge(Session& session, int issues_max);

}  // namespace mishap

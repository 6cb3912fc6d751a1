// Background work on typed records: what retention deletes row by row, and the thresholds of spike
// protection (docs/limits.md). Who runs it when: jobs/standard_jobs.cc.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

// Delete what came before `oldest_kept`, at most `rows_max` rows; return how many.
Result<int> PurgeCheckIns(Session& session, Timestamp oldest_kept, int rows_max);
Result<int> PurgeFeedback(Session& session, Timestamp oldest_kept, int rows_max);

// A quiet project may send this many items of a category in an hour before anything is a spike.
inline constexpr std::int64_t kSpikeFloor = 500;
// Computes tenant.spike_threshold from what was counted, and tells the doors of it.
Status ComputeSpikes(Session& session);

}  // namespace mishap

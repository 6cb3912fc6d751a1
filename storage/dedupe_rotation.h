// Generations of the dedupe table (decisions 1.11): ids are remembered for one to two generations,
// a generation a day.
#pragma once

#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

inline constexpr int kDedupeGenerationHours = 24;

// Opens the next generation if the current one is at least `hours` old by database time, and drops
// what is older than the one before it. Waits (up to lock_timeout) for running digest batches,
// which hold the lock shared. Returns the current generation. Errors: unavailable when a batch did
// not end in time; try again later.
Result<int> RotateDedupe(Session& session, int hours = kDedupeGenerationHours);

}  // namespace mishap

// Daily partitions of events (decisions 2.5): made ahead, dropped whole. There is no default
// partition.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

inline constexpr int kPartitionDaysAhead = 7;

// Makes today's partitions (database time, UTC) and those of the next `days_ahead` days; returns
// how many days were made.
Result<int> EnsurePartitions(Session& session, int days_ahead = kPartitionDaysAhead);
// Start of each UTC day that has a partition of tenant.event, oldest first.
Result<std::vector<Timestamp>> ListPartitions(Session& session);
// Drops the days before `oldest_kept` (floored to its day), detaching first so that no reader or
// writer waits; returns how many. Give it a session of its own: DETACH CONCURRENTLY waits for old
// transactions. A drop that a crash cut in two is finished by the next call.
Result<int> DropPartitionsBefore(Session& session, Timestamp oldest_kept);
// The first moment that retention keeps: the start of the UTC day `days` ago by the database's
// clock, as the digest writer reckons. This machine's clock must never decide what is thrown away.
Result<Timestamp> OldestKept(Session& session, int days);

}  // namespace mishap

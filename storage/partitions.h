// Daily partitions of events, attachments and sessions (decisions 2.5): made ahead, dropped whole.
// There is no default partition.
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
// Whose days are dropped together. What is kept of sessions stands in tenant.session_hour; the
// sessions themselves only tell repeats apart.
inline const std::vector<std::string> kEventDays{"event", "event_payload", "attachment"};
inline const std::vector<std::string> kSessionDays{"session"};
inline constexpr int kSessionDaysKept = 7;
// Drops the days of these tables before `oldest_kept` (floored to its day), detaching first so that
// no reader or writer waits; returns how many. Give it a session of its own: DETACH CONCURRENTLY
// waits for old transactions. A drop that a crash cut in two is finished by the next call.
Result<int> DropPartitionsBefore(Session& session, Timestamp oldest_kept,
                                 const std::vector<std::string>& tables = kEventDays);
// The first moment that retention keeps: the start of the UTC day `days` ago by the database's
// clock, as the digest writer reckons. This machine's clock must never decide what is thrown away.
Result<Timestamp> OldestKept(Session& session, int days);

}  // namespace mishap

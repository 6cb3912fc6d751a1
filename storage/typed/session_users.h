// Distinct users of sessions, per hour, release, environment and way of ending: sketches that only
// grow (decisions 2.8). The rows are locked by the count on their session_hour row.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>

#include "event/typed_record.h"
#include "storage/digest_transaction.h"

namespace mishap {

struct SessionHourKey {
  std::int64_t project = 0;
  Timestamp hour;
  std::int32_t release = 0;
  std::int32_t environment = 0;

  auto operator<=>(const SessionHourKey&) const = default;
};

// By status: 0 all, 1 errored in any way, 3 crashed, 4 abnormal, 5 unhandled.
using SessionUserKey = std::pair<SessionHourKey, std::int16_t>;
using SessionUsers = std::map<SessionUserKey, std::set<std::uint64_t>>;

// The user of a session that ended up as `status` (ClassOf).
void AddSessionUser(const SessionHourKey& hour, SessionStatus status, std::uint64_t user,
                    SessionUsers& users);
void StoreSessionUsers(DigestRun& run, const SessionUsers& users);

}  // namespace mishap

// What the page shows of the database's health.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct ServerLoad {
  std::int64_t database_bytes = 0;
  std::optional<Timestamp> oldest_day;  // of the events that are kept
  std::int64_t days_ahead = 0;          // partitions made for days to come
  std::int64_t dead_letters = 0;  // of the scope's projects; counted up to 10,000, as the next
  std::optional<Timestamp> last_dead_letter;
  std::int64_t effects_waiting = 0;  // in the outbox
};
Result<ServerLoad> ReadServerLoad(Session& session, const Scope& scope);

}  // namespace mishap

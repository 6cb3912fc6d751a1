#include "storage/server_load.h"

#include "storage/pqxx_session.h"

namespace mishap {

Result<ServerLoad> ReadServerLoad(Session& session, const Scope& scope) {
  return Read(session, [&](Work& work) {
    const auto row = work.Run("server_load", ArrayParam(scope.Projects()))[0];
    ServerLoad out;
    out.database_bytes = row["database_bytes"].as<std::int64_t>();
    out.oldest_day = OptionalTimestampOf(row["oldest_day"]);
    out.days_ahead = row["days_ahead"].as<std::int64_t>();
    out.dead_letters = row["dead_letters"].as<std::int64_t>();
    out.last_dead_letter = OptionalTimestampOf(row["last_dead_letter"]);
    out.effects_waiting = row["effects_waiting"].as<std::int64_t>();
    return out;
  });
}

}  // namespace mishap

// Items `session` and `sessions` -> typed records (ingest-protocol 5.4, 5.5). Address and user
// agent are not kept, the distinct id only as a hash.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/random.h"
#include "event/typed_record.h"
#include "ingest/limits.h"
#include "ingest/typed/json_fields.h"

namespace mishap {

struct ItemTimes {
  Timestamp received_at;
  std::optional<Timestamp> sent_at;  // the client's clock

  // `time` by the server's clock: shifted by the client's drift if that is large.
  Timestamp Corrected(Timestamp time) const;
};

// Refused: payload (no start, no or a bad release), timestamp (older than a session may be, or in
// the future).
ItemResult<SessionUpdate> ReadSession(JsonValue item, const ItemTimes& times,
                                      const IngestLimits& limits, Random& random);

// Buckets that are too old or in the future are left out; refused (timestamp) if that leaves none.
// Also refused: payload, too_large:sessions. `repeat` is the caller's to set.
ItemResult<SessionAggregate> ReadSessions(JsonValue item, const ItemTimes& times,
                                          const IngestLimits& limits);

}  // namespace mishap

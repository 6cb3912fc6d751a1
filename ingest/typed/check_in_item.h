// Item `check_in` and the cron endpoint -> a typed record (ingest-protocol 5.8). Of the monitor's
// description only what is known is kept.
#pragma once

#include "base/random.h"
#include "event/typed_record.h"
#include "ingest/auth.h"
#include "ingest/typed/json_fields.h"

namespace mishap {

// Refused: payload (no slug). An absent or zero check_in_id goes on with the newest in progress.
ItemResult<CheckIn> ReadCheckIn(JsonValue item, Random& random);

// The same from /cron/{slug}/: `body` may be null; the query wins over it. Refused: payload (no
// slug, or no status that is known).
ItemResult<CheckIn> ReadCronCall(std::string_view slug, const QueryParameters& query,
                                 const std::optional<JsonValue>& body, Random& random);

}  // namespace mishap

// Client reports: what an SDK dropped by itself (ingest-protocol 5.9). It becomes outcomes when the
// digest stores it.
#pragma once

#include <string_view>

#include "base/result.h"
#include "event/json_tree.h"
#include "event/typed_record.h"
#include "ingest/limits.h"

namespace mishap {

// Categories stay as the client calls them; quantities up to 2^32-1, those of 0 or less and reasons
// without a text are left out. Times far from the door's clock become that. `repeat` is the
// caller's to set. Errors: invalid_json (not a JSON object), too_large.
Result<ClientReport> ReadClientReport(std::string_view payload, Timestamp received_at,
                                      const IngestLimits& limits, JsonTree& json);

}  // namespace mishap

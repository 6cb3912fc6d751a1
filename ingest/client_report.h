// Client reports: what an SDK dropped by itself, as outcomes (ingest-protocol 5.9).
#pragma once

#include <string_view>

#include "base/result.h"
#include "event/json_tree.h"
#include "ingest/limits.h"
#include "ingest/ticket.h"

namespace mishap {

// Adds client_discard counts to the ledger, at the door's time. Unknown categories count as
// default. Errors: invalid_json (not a JSON object), too_large. Then nothing was added.
Status AddClientReport(std::string_view payload, const IngestLimits& limits, JsonTree& json,
                       Ledger& ledger);

}  // namespace mishap

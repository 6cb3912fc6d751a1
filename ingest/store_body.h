// Legacy store bodies: JSON, or JSON under base64, zlib, gzip or a form field
// (ingest-protocol 3.5). Result: one event's JSON.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "event/json_tree.h"
#include "ingest/inflate/inflate.h"

namespace mishap {

// The view is into `body`, into `scratch` or into the inflater's inner buffer. bytes_max: of the
// JSON; above, too_large. Errors: invalid_envelope (empty), invalid_json (nothing of the above),
// invalid_compression, too_large.
Result<std::string_view> DecodeStoreBody(std::string_view body, std::size_t bytes_max,
                                         Inflater& inflater, std::string& scratch);

// True for {"type": "transaction"}, which old clients post to the same door.
bool IsTransaction(std::string_view json, JsonTree& tree);

}  // namespace mishap

// MessagePack, as native crash reporters leave event and breadcrumbs beside a dump
// (ingest-protocol 5.13) -> JSON text. Not here: what the JSON means.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

// Appends one JSON array with every value that stands in `bytes`, one behind the other; a value
// that is an array counts as its elements. Keys that are no strings become text, extension types
// null, binary is text. Errors: invalid_argument (cut off, nested deeper than 64, unknown type);
// `out` then holds what was read before, as a complete array.
Status AppendMsgpackSequence(std::string& out, std::string_view bytes);

}  // namespace mishap

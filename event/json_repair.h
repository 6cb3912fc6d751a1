// Repair of JSON as clients really send it: only run when the strict parser refused a document or
// it holds NUL escapes.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace mishap {

// Strict JSON with the same meaning: NaN and Infinity are null, numbers out of range null (floats)
// or strings (integers), lone surrogates, NUL and ill-formed UTF-8 U+FFFD, raw control characters
// escaped, a byte order mark cut. Errors: invalid_json, with what was expected at which byte.
Result<std::string> RepairJson(std::string_view json);

}  // namespace mishap

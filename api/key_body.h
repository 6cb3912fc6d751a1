// The JSON bodies of POST and PUT on keys. No HTTP, no database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "net/http.h"
#include "storage/read_projects.h"

namespace mishap {

struct KeyBody {
  KeyChange change;
  std::optional<std::string> public_key;  // 32 lower-case hex digits
  std::optional<std::string> secret_key;
};

// An empty body is an empty object. On failure the 400 answer, naming the field.
tl::expected<KeyBody, HttpMessageResponse> ParseKeyBody(std::string_view body);

}  // namespace mishap

// From the Authorization header to the token it carries, and its hash. What the token opens is
// storage's business (storage/read_caller.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace mishap {

// The token of `Authorization: Bearer <token>` (any case), or the user name of HTTP Basic with an
// empty password (old clients). nullopt: no usable credentials.
std::optional<std::string> TokenOf(const HttpMessageRequest& request);
// SHA-256, 32 bytes: the only form in which a token meets the database.
std::string HashToken(std::string_view token);

}  // namespace mishap

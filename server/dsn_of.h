// The DSN of a key under the public URL.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "server/config.h"

namespace mishap {

// public_url: "https://errors.example.com/prefix" -> "https://KEY@errors.example.com/prefix/42".
std::string DsnOf(std::string_view public_url, std::string_view public_key, ProjectId project);

// server.public_url, else http:// and server.listen (commands do not know which port 0 became).
std::string ConfiguredUrl(const Config& config);

}  // namespace mishap

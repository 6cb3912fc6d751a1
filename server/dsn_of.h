// The DSN of a key under the public URL.
#pragma once

#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/result.h"
#include "server/config.h"

namespace mishap {

// public_url: "https://errors.example.com/prefix" -> "https://KEY@errors.example.com/prefix/42".
std::string DsnOf(std::string_view public_url, std::string_view public_key, ProjectId project);

// server.public_url; else where the server of this data directory was last reached (RememberUrl: a
// command does not see the flags of `mishap serve`); else http:// and server.listen.
std::string ConfiguredUrl(const Config& config);
// Called by the server once it listens. Errors: unavailable.
Status RememberUrl(const std::string& data_dir, const std::string& public_url);

}  // namespace mishap

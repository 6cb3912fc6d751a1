// What `mishap spool inspect` prints: segments, records by type, sequence ranges, damage,
// quarantine. Only reads, takes no lock: works beside a running server (the newest segment then
// shows what was written up to now).
#pragma once

#include <string>

#include "base/result.h"
#include "spool/env.h"

namespace mishap {

// A table for people, or one JSON object and a line feed. Errors: not_found (no such directory),
// unavailable.
Result<std::string> InspectSpool(Env& env, const std::string& directory, bool json);

}  // namespace mishap

#include "event/tag_rollup.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace mishap {
namespace {

// Event-unique by meaning, whatever the value looks like. People are counted by user_hash instead
// (decisions 2.8).
constexpr std::array<std::string_view, 26> kNeverRolledUp = {
    "trace",        "trace.span", "trace.ctx",  "trace.parent_span", "trace_id",   "traceId",
    "span_id",      "spanId",     "span",       "replayId",          "replay_id",  "replay",
    "profile_id",   "user",       "url",        "request_id",        "requestId",  "request-id",
    "x-request-id", "event_id",   "session_id", "correlation_id",    "message_id", "job_id",
    "task_id",      "timestamp"};

// Long random-looking values are normal here: a commit as the release, a container as the server.
constexpr std::array<std::string_view, 6> kAnyValueIsFine = {
    "release", "dist", "environment", "server_name", "transaction", "device"};

// Derived from the event by Mishap itself, never random.
constexpr std::array<std::string_view, 14> kPlainDerived = {
    "level",     "logger",  "browser",      "browser.name",   "os",
    "os.name",   "runtime", "client_os",    "client_os.name", "device.family",
    "mechanism", "handled", "runtime.name", "sdk.name"};

bool IsHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// 32 hex digits, with or without dashes: a UUID or a trace id.
bool LooksLikeUuid(std::string_view value) {
  if (value.size() < 32 || value.size() > 36) return false;
  std::size_t digits = 0;
  for (char c : value) {
    if (IsHexDigit(c)) {
      ++digits;
    } else if (c != '-') {
      return false;
    }
  }
  return digits == 32;
}

template <class List>
bool Contains(const List& list, std::string_view key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

}  // namespace

bool IsRolledUp(std::string_view key, std::string_view value) {
  if (key.substr(0, 5) == "user." || Contains(kNeverRolledUp, key)) return false;
  return Contains(kAnyValueIsFine, key) || !LooksLikeUuid(value);
}

bool IsAlwaysRolledUp(std::string_view key) {
  return Contains(kAnyValueIsFine, key) || Contains(kPlainDerived, key);
}

}  // namespace mishap

// One session's counts: from its updates, in any order and however often they come, to what they
// add to the hour the session started in (ingest-protocol 5.4). Pure; what is stored and how stands
// in session_step.cc.
#pragma once

#include <cstdint>
#include <optional>

#include "event/typed_record.h"

namespace mishap {

// A row of tenant.session.
struct SessionState {
  Timestamp started;
  std::int32_t release = 0;
  std::int32_t environment = 0;
  std::optional<std::uint64_t> user_hash;
  SessionStatus status = SessionStatus::kOk;
  bool counted = false;  // its start
  std::int64_t errors = 0;
  std::int64_t duration_ms = -1;
  std::int64_t seq = 0;
};

// Columns of tenant.session_hour. `errored` may fall: a session that had errors and crashes then
// counts as crashed.
struct SessionCounts {
  std::int64_t total = 0;
  std::int64_t exited = 0;
  std::int64_t errored = 0;
  std::int64_t crashed = 0;
  std::int64_t abnormal = 0;
  std::int64_t unhandled = 0;
  std::int64_t anr_foreground = 0;
  std::int64_t anr_background = 0;
  std::int64_t duration_ms = 0;
  std::int64_t durations = 0;

  bool operator==(const SessionCounts&) const = default;
  void Add(const SessionCounts& other);
};

// How a session ended up, for counts and users: kOk, kErrored, kCrashed, kAbnormal or kUnhandled.
SessionStatus ClassOf(const SessionState& state);

// True if the update changed the state; then `counts` grew by the difference. False: a repeat, or
// something after the end.
bool ApplyUpdate(const SessionUpdate& update, SessionState& state, SessionCounts& counts);

}  // namespace mishap

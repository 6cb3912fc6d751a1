#include "storage/typed/session_state.h"

#include <algorithm>

namespace mishap {
namespace {

void CountClass(SessionStatus status, std::int64_t sign, SessionCounts& counts) {
  switch (status) {
    case SessionStatus::kErrored:
      counts.errored += sign;
      break;
    case SessionStatus::kCrashed:
      counts.crashed += sign;
      break;
    case SessionStatus::kAbnormal:
      counts.abnormal += sign;
      break;
    case SessionStatus::kUnhandled:
      counts.unhandled += sign;
      break;
    default:
      break;
  }
}

void End(const SessionUpdate& update, SessionState& state, SessionCounts& counts) {
  state.status = update.status;
  if (update.status == SessionStatus::kExited) ++counts.exited;
  if (update.status != SessionStatus::kAbnormal) return;
  if (update.mechanism == AbnormalMechanism::kAnrForeground) ++counts.anr_foreground;
  if (update.mechanism == AbnormalMechanism::kAnrBackground) ++counts.anr_background;
}

// Durations are sums: only what this update adds to the session's own.
bool Lengthen(std::int64_t duration_ms, SessionState& state, SessionCounts& counts) {
  if (duration_ms <= state.duration_ms) return false;
  if (state.duration_ms < 0) ++counts.durations;
  counts.duration_ms += duration_ms - std::max<std::int64_t>(0, state.duration_ms);
  state.duration_ms = duration_ms;
  return true;
}

}  // namespace

void SessionCounts::Add(const SessionCounts& other) {
  total += other.total;
  exited += other.exited;
  errored += other.errored;
  crashed += other.crashed;
  abnormal += other.abnormal;
  unhandled += other.unhandled;
  anr_foreground += other.anr_foreground;
  anr_background += other.anr_background;
  duration_ms += other.duration_ms;
  durations += other.durations;
}

SessionStatus ClassOf(const SessionState& state) {
  switch (state.status) {
    case SessionStatus::kCrashed:
    case SessionStatus::kAbnormal:
    case SessionStatus::kUnhandled:
      return state.status;
    case SessionStatus::kErrored:
    case SessionStatus::kUnknown:
      return SessionStatus::kErrored;
    case SessionStatus::kOk:
    case SessionStatus::kExited:
      break;
  }
  return state.errors > 0 ? SessionStatus::kErrored : SessionStatus::kOk;
}

bool ApplyUpdate(const SessionUpdate& update, SessionState& state, SessionCounts& counts) {
  bool changed = false;
  const bool ended = state.status != SessionStatus::kOk;
  const SessionStatus before = ClassOf(state);
  // A start that comes late is a start all the same.
  if (update.init && !state.counted) {
    state.counted = changed = true;
    ++counts.total;
  }
  if (!state.user_hash && update.user_hash) {
    state.user_hash = update.user_hash;
    changed = true;
  }
  if (ended) return changed;
  if (update.status != SessionStatus::kOk) {
    End(update, state, counts);
    changed = true;
  }
  if (std::int64_t{update.errors} > state.errors) {
    state.errors = update.errors;
    changed = true;
  }
  changed |= Lengthen(update.duration_ms, state, counts);
  constexpr std::uint64_t kSeqMax = INT64_MAX;
  const auto seq = static_cast<std::int64_t>(std::min(update.seq, kSeqMax));
  if (seq > state.seq) {
    state.seq = seq;
    changed = true;
  }
  CountClass(before, -1, counts);
  CountClass(ClassOf(state), 1, counts);
  return changed;
}

}  // namespace mishap

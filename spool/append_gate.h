// Whether the disk takes appends now: closed for a while after two failed writes within a minute,
// and while the file system is nearly full. Opens again by itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "spool/env.h"

namespace mishap {

inline constexpr std::chrono::seconds kWriteFailureWindow{60};
inline constexpr std::chrono::seconds kWriteFailurePause{10};
inline constexpr std::chrono::seconds kFreeBytesCheckInterval{1};

// Safe to share between threads.
class AppendGate {
 public:
  AppendGate(Env& env, std::string directory, std::uint64_t free_bytes_min, const Clock& clock);

  // unavailable (writes failed) or overloaded (disk nearly full).
  Status Check();
  void WriteFailed();

 private:
  using TimePoint = std::chrono::steady_clock::time_point;

  Env& env_;
  const std::string directory_;
  const std::uint64_t free_bytes_min_;
  const Clock& clock_;
  std::mutex mutex_;
  std::optional<TimePoint> failed_at_;
  std::optional<TimePoint> closed_until_;
  std::optional<TimePoint> free_checked_at_;
  std::uint64_t free_bytes_ = 0;
};

}  // namespace mishap

#include "spool/append_gate.h"

#include <fmt/format.h>

#include <utility>

#include "base/log.h"

namespace mishap {

AppendGate::AppendGate(Env& env, std::string directory, std::uint64_t free_bytes_min,
                       const Clock& clock)
    : env_(env), directory_(std::move(directory)), free_bytes_min_(free_bytes_min), clock_(clock) {}

Status AppendGate::Check() {
  std::lock_guard lock(mutex_);
  const TimePoint now = clock_.Steady();
  if (closed_until_ && now < *closed_until_) {
    return Fail(Reason::kUnavailable,
                fmt::format("writing to {} failed twice within {} s; trying again in {} s",
                            directory_, kWriteFailureWindow.count(),
                            std::chrono::ceil<std::chrono::seconds>(*closed_until_ - now).count()));
  }
  if (!free_checked_at_ || now - *free_checked_at_ >= kFreeBytesCheckInterval) {
    free_checked_at_ = now;
    // A disk that does not answer shows at the write.
    free_bytes_ = env_.FreeBytes(directory_).value_or(free_bytes_min_);
  }
  if (free_bytes_ < free_bytes_min_) {
    return Fail(Reason::kOverloaded,
                fmt::format("the disk of {} has {} bytes free, spool.free_bytes_min is {}: make "
                            "room or lower the limit",
                            directory_, free_bytes_, free_bytes_min_));
  }
  return {};
}

void AppendGate::WriteFailed() {
  std::lock_guard lock(mutex_);
  const TimePoint now = clock_.Steady();
  if (failed_at_ && now - *failed_at_ < kWriteFailureWindow) {
    closed_until_ = now + kWriteFailurePause;
    Log(LogLevel::kError, "spool_writes_paused",
        {{"directory", directory_}, {"seconds", std::int64_t{kWriteFailurePause.count()}}});
  }
  failed_at_ = now;
}

}  // namespace mishap

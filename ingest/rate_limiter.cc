#include "ingest/rate_limiter.h"

#include <algorithm>

namespace mishap {

std::int64_t RateLimiter::Take(const KeyEntry& key, std::int64_t quantity, Timestamp now) {
  if (key.rate_limit_count <= 0 || key.rate_limit_window_s <= 0) return 0;
  std::int64_t seconds = now.micros / kMicrosPerSecond;
  std::int64_t number = seconds / key.rate_limit_window_s;
  std::lock_guard lock(mutex_);
  Window& window = windows_[key.id];
  if (window.number != number || window.length_s != key.rate_limit_window_s) {
    window = {number, key.rate_limit_window_s, 0};
  }
  if (window.count + quantity > key.rate_limit_count) {
    return std::max<std::int64_t>(1, (number + 1) * key.rate_limit_window_s - seconds);
  }
  window.count += quantity;
  return 0;
}

}  // namespace mishap

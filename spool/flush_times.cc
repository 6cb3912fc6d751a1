#include "spool/flush_times.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mishap {

void FlushTimes::Add(std::chrono::microseconds time) {
  std::lock_guard lock(mutex_);
  times_[added_++ % kKept] = time;
}

std::chrono::microseconds FlushTimes::Quantile(double share) const {
  std::vector<std::chrono::microseconds> kept;
  {
    std::lock_guard lock(mutex_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(added_, kKept));
    kept.assign(times_.begin(), times_.begin() + count);
  }
  if (kept.empty()) return {};
  const double last = static_cast<double>(kept.size() - 1);
  const auto at = kept.begin() + static_cast<std::ptrdiff_t>(std::lround(share * last));
  std::nth_element(kept.begin(), at, kept.end());
  return *at;
}

}  // namespace mishap

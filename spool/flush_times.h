// FlushTimes: how long the newest groups took to become durable, for the health page. Safe from
// several threads. Not a metric: what is older is forgotten.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <mutex>

namespace mishap {

class FlushTimes {
 public:
  static constexpr std::size_t kKept = 512;

  void Add(std::chrono::microseconds time);
  // What `share` (0 to 1) of the kept ones did not exceed; zero when there is none.
  std::chrono::microseconds Quantile(double share) const;

 private:
  mutable std::mutex mutex_;
  std::array<std::chrono::microseconds, kKept> times_{};
  std::size_t added_ = 0;
};

}  // namespace mishap

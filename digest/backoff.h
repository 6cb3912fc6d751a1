// Backoff: how long to wait before the next try. Doubles up to a cap, with jitter so that two
// servers do not knock in step.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/random.h"

namespace mishap {

class Backoff {
 public:
  static constexpr std::chrono::milliseconds kFirst{50};
  static constexpr std::chrono::milliseconds kCap{5000};

  explicit Backoff(Random& random) : random_(random) {}

  // Between half and all of the current step; the step then doubles.
  std::chrono::milliseconds Next() {
    const auto half = static_cast<std::uint64_t>(step_.count()) / 2;
    const auto wait = half + random_.Uint64() % (half + 1);
    step_ = std::min(step_ * 2, kCap);
    return std::chrono::milliseconds(wait);
  }
  void Reset() { step_ = kFirst; }

 private:
  Random& random_;
  std::chrono::milliseconds step_ = kFirst;
};

}  // namespace mishap

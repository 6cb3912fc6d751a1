// CPU time of this thread. What must stay linear is bounded by it: a square would take minutes, and
// a busy machine changes nothing.
#pragma once

#include <ctime>

namespace mishap {

inline double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace mishap

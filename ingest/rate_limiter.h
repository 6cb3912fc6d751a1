// RateLimiter: how many events each key has sent in its current window, in this process. Fixed
// windows: simple, and the seconds to the next one are the Retry-After. Not spike protection, not
// quotas over servers.
#pragma once

#include <cstdint>
#include <mutex>
#include <unordered_map>

#include "base/clock.h"
#include "event/project_directory.h"

namespace mishap {

class RateLimiter {
 public:
  // Counts `quantity` events of the key. 0: they may pass; otherwise nothing is counted and this is
  // the number of seconds (at least 1) until the window ends. Safe from several threads.
  std::int64_t Take(const KeyEntry& key, std::int64_t quantity, Timestamp now);

 private:
  struct Window {
    std::int64_t number = -1;  // now / window length
    std::int64_t length_s = 0;
    std::int64_t count = 0;
  };

  std::mutex mutex_;
  std::unordered_map<KeyId, Window> windows_;  // only keys of the directory: bounded by it
};

}  // namespace mishap

// RefusalLog: the last requests each project had refused, in memory and bounded: a help for setting
// clients up, not a record (that are the outcomes). Of this server, since its start.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/ids.h"
#include "event/refusal.h"

namespace mishap {

class RefusalLog {
 public:
  static constexpr std::size_t kKept = 50;            // of one project
  static constexpr std::size_t kProjectsMax = 1'000;  // the one refused longest ago is forgotten
  static constexpr std::size_t kTextBytesMax = 200;   // of each text

  // Texts are cut. One like the newest is counted with it. Safe from several threads.
  void Add(ProjectId project, RefusedRequest refused);
  // Newest first.
  std::vector<RefusedRequest> Of(ProjectId project) const;

 private:
  struct Ring {
    std::deque<RefusedRequest> rows;  // newest last
    std::uint64_t touched = 0;
  };
  void ForgetOldest();

  mutable std::mutex mutex_;
  std::uint64_t touches_ = 0;
  std::unordered_map<ProjectId, Ring> rings_;
};

// "4f1c…254": enough to recognise a key by.
std::string MaskedKey(std::string_view key);

}  // namespace mishap

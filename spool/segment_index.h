// Where the durable records are: runs in segment files, and the newest groups in memory for a
// reader that is close behind. Nothing gets in here before it is synced, so readers cannot see what
// a power cut could take.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "spool/segment_files.h"
#include "spool/segment_writer.h"

namespace mishap {

inline constexpr std::uint64_t kRecentBytesMax = 8ull << 20;  // groups kept in memory

// Where to find records: in memory if `bytes` is set, else in the file.
struct RecordSource {
  std::string segment;
  std::uint64_t salt = 0;
  RecordRun run;
  std::shared_ptr<const std::string> bytes;
};

// Safe to share between threads.
class SegmentIndex {
 public:
  void AddRecovered(const SegmentFile& file);  // in order of sequence
  void AddGroup(const DurableGroup& group);

  // The place of the first record with seq >= from.
  std::optional<RecordSource> Find(std::uint64_t from) const;
  // True when such a record is there, false after `wait` or Close().
  bool WaitFor(std::uint64_t from, std::chrono::milliseconds wait) const;
  void Close();

  // What the file really holds in the place of `source` (nothing, or less). False if it is no
  // longer here.
  bool ReplaceRun(const RecordSource& source, std::vector<RecordRun> runs);

  // Forgets the segments wholly below `seq` and gives their names. The newest always stays: it
  // knows the numbers.
  std::vector<std::string> Release(std::uint64_t seq);

  std::uint64_t UnreleasedBytes() const;
  std::uint64_t OldestSeq() const;  // 0: no records
  std::uint64_t SegmentCount() const;

 private:
  struct Segment {
    std::string name;
    std::uint64_t salt = 0;
    std::uint64_t bytes = 0;
    std::vector<RecordRun> runs;

    std::uint64_t LastSeq() const { return runs.back().last_seq; }
  };
  bool HasFrom(std::uint64_t from) const {
    return !segments_.empty() && segments_.back().LastSeq() >= from;
  }
  void CountUnreleased();

  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::deque<Segment> segments_;  // by sequence, none without runs
  std::deque<RecordSource> recent_;
  std::uint64_t recent_bytes_ = 0;
  std::uint64_t released_seq_ = 0;
  std::uint64_t unreleased_bytes_ = 0;
  bool closed_ = false;
};

}  // namespace mishap

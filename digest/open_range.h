// OpenRanges: which records were being worked on, in a small local file, so that a record that
// takes the process with it is found (decisions 1.6). The file survives the process, not a power
// cut: it is not fsynced on purpose.
//
// State of a record range: the number of crashes it was open at.
//   0  not in the file
//   1  its batch runs again, alone
//   2  one record at a time, so that the third crash names the record
//   3  (only ever a single record) goes to dead_letter undecoded
// Waiting for the database does not count: the range is closed while the committer backs off.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/result.h"

namespace mishap {

inline constexpr int kCrashesUntilSingle = 2;
inline constexpr int kCrashesUntilDeadLetter = 3;

struct SeqRange {
  std::uint64_t first = 0;
  std::uint64_t next = 0;  // one past the last

  bool operator==(const SeqRange&) const = default;
};

// How the records from a position on may be read.
struct ReadPlan {
  std::uint64_t end = UINT64_MAX;  // records at or above do not belong into this batch
  bool alone = false;              // nothing else may be in flight
  bool single = false;             // one record
  bool give_up = false;            // that record goes to dead_letter without a look

  bool operator==(const ReadPlan&) const = default;
};

class OpenRanges {
 public:
  // Reads `path` and counts a crash for each range that was open. A file of another spool, or one
  // that cannot be read, is ignored (and logged): then crashes are counted afresh. path: empty
  // keeps everything in memory (tests).
  OpenRanges(std::string path, SpoolId spool);
  ~OpenRanges();
  OpenRanges(const OpenRanges&) = delete;
  OpenRanges& operator=(const OpenRanges&) = delete;

  ReadPlan PlanAt(std::uint64_t seq) const;

  // Work on the range begins / goes on after a Pause / is over for good.
  void Open(SeqRange range);
  void Close(SeqRange range);
  // Work rests: a crash now is not the range's fault. Its crashes so far are kept.
  void Pause(SeqRange range);
  // Everything below is stored.
  void ForgetBelow(std::uint64_t seq);
  // No range is open any more (stop, or reading starts anew); the crashes so far are kept.
  void PauseAll();

  // Text of the file, for tests and people.
  std::string Text() const;

 private:
  struct Entry {
    SeqRange range;
    int crashes = 0;
    bool open = false;
  };

  bool Parse(std::string_view text);
  std::string Render() const;
  // Takes `range` out of the entries and returns the most crashes any part of it had.
  int Cut(SeqRange range);
  void Put(Entry entry);
  void Write();

  const std::string path_;
  const SpoolId spool_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;  // sorted, disjoint
  int file_ = -1;
  std::size_t file_bytes_ = 0;
  bool write_failed_ = false;
};

}  // namespace mishap

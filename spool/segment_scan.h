// Reads a segment's bytes from front to back and tells good records from damage. Pure: no files. A
// torn write can only stand in the last group of a segment (the next group is written after the
// sync of the one before), so there envelopes count whole or not at all; before it every record was
// acknowledged and each survivor counts.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <string_view>
#include <vector>

#include "spool/segment_format.h"

namespace mishap {

inline constexpr std::uint64_t kNoSeqEnd = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint64_t kRunBytesMax = 64 << 10;  // one entry of the reader's index

struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t Bytes() const { return end - begin; }
  bool operator==(const ByteRange&) const = default;
};

// Good records that stand side by side in a file.
struct RecordRun {
  std::uint64_t first_seq = 0;
  std::uint64_t last_seq = 0;
  ByteRange place;
};

struct SegmentScan {
  std::vector<RecordRun> runs;    // ascending; sequences rise from run to run
  std::vector<ByteRange> damage;  // between good records (also before the first)
  ByteRange tail;  // after the last good record, up to the last byte that is not zero
  std::uint64_t records = 0;
  std::map<std::uint8_t, std::uint64_t> records_by_type;

  bool Empty() const { return records == 0; }
  std::uint64_t FirstSeq() const { return Empty() ? 0 : runs.front().first_seq; }
  std::uint64_t LastSeq() const { return Empty() ? 0 : runs.back().last_seq; }
};

// `file` is the whole file, header included. Only sequences in [header.first_seq, seq_end) count:
// what a newer segment claims is not taken from an older one.
SegmentScan ScanSegment(std::string_view file, const SegmentHeader& header, std::uint64_t seq_end);

// Good records of one run's bytes, for the reader; views into `bytes`. Shorter than expected when
// the disk decayed.
std::vector<RecordView> ScanRun(std::string_view bytes, const RecordRun& run, std::uint64_t salt);

}  // namespace mishap

// The files of a spool directory as they lie there: which are segments of this spool, in which
// order, and what is in them. Only reads, so that `mishap spool inspect` may use it beside a
// running server; repairs are in recovery.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "spool/env.h"
#include "spool/segment_format.h"
#include "spool/segment_scan.h"

namespace mishap {

inline constexpr std::string_view kQuarantineName = "quarantine";
// A file longer than this is not a segment (a segment is at most segment_bytes or one group); it is
// not read.
inline constexpr std::uint64_t kSegmentFileBytesMax = 4ull << 30;

enum class SegmentState : std::uint8_t {
  kGood,        // ours; damage inside is in the scan
  kBlank,       // zero bytes only, or nothing: a crash before the first sync
  kUnreadable,  // both copies of the header are damaged, or it was written by a newer version
  kForeign,     // of another spool
  kDoubled,     // a copy of a segment that is better elsewhere
  kSuperseded,  // a newer segment claims all its sequences
};
std::string_view SegmentStateName(SegmentState state);

struct SegmentFile {
  std::string name;
  std::uint64_t bytes = 0;
  SegmentState state = SegmentState::kGood;
  SegmentHeader header;               // of kGood, kForeign, kDoubled and kSuperseded
  std::uint64_t seq_end = kNoSeqEnd;  // first sequence that belongs to the next segment
  SegmentScan scan;                   // of kGood
};

// The identity in `directory`/spool_id; nullopt if it is missing or damaged.
std::optional<SpoolId> ReadIdentity(Env& env, const std::string& directory);
// Writes it anew, durably.
Status WriteIdentity(Env& env, const std::string& directory, SpoolId id);

// All files named *.segment with their headers; `scan` is still empty.
Result<std::vector<SegmentFile>> ListSegments(Env& env, const std::string& directory);
// The spool that most of them name; nullopt if none has a header.
std::optional<SpoolId> IdentityOfSegments(const std::vector<SegmentFile>& files);
// Sorts by sequence, settles states and ranges, scans the good ones. A file that vanishes meanwhile
// becomes blank.
void ScanSegments(Env& env, const std::string& directory, SpoolId id,
                  std::vector<SegmentFile>& files);

}  // namespace mishap

// What happens when a spool opens: take stock, cut torn tails, keep damage for people in
// quarantine/, make durable what will be handed out. It always starts; only a directory that cannot
// be made, listed or written stops it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "spool/segment_files.h"
#include "spool/spool.h"

namespace mishap {

// Copies of damage kept for people; when they are this much, further damage is only counted.
inline constexpr std::uint64_t kQuarantineBytesMax = 1ull << 30;
inline constexpr std::size_t kQuarantineFilesMax = 1000;

struct RecoveredSpool {
  std::unique_ptr<WritableFile> lock;
  SpoolId id;
  std::vector<SegmentFile> segments;  // kGood with records, by sequence
  std::uint64_t next_seq = 1;
  std::uint64_t next_number = 1;  // of the next segment made
  RecoveryReport report;
};

Result<RecoveredSpool> RecoverSpool(Env& env, const std::string& directory, Random& random);

// Copies bytes [range.begin, range.end) of the segment into quarantine/ (once: the name holds the
// range) and syncs.
Status QuarantineRange(Env& env, const std::string& directory, const std::string& segment,
                       ByteRange range);

}  // namespace mishap

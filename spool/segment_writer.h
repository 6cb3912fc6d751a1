// Writes groups: one write, one fdatasync, and for the first group of a file the fsync of the
// directory. After any failure the file is given up for good; its bytes are never synced again.
// Used by the writer thread alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "spool/append_queue.h"
#include "spool/env.h"
#include "spool/segment_format.h"
#include "spool/segment_scan.h"

namespace mishap {

// A group that survives a power cut, and where it stands.
struct DurableGroup {
  std::string segment;  // file name
  SegmentHeader header;
  RecordRun run;
  std::shared_ptr<const std::string> bytes;  // of run.place, for readers that are close behind
};

class SegmentWriter {
 public:
  SegmentWriter(Env& env, std::string directory, SpoolId spool, Random& random,
                std::uint64_t segment_bytes, std::uint64_t next_number);

  // The records get sequences from first_seq on. On failure the bytes may still be on the disk:
  // these sequences must not be given out again. overloaded: the disk is full; else unavailable.
  Result<DurableGroup> Write(const std::vector<PendingAppend>& group, std::uint64_t first_seq);
  // Ends the current file and gives back what it had reserved. The next Write starts a new one.
  void Seal();

 private:
  Status Start(std::uint64_t first_seq, std::uint64_t group_bytes);
  Status WriteAndSync(std::string_view bytes, bool is_new_file);
  void Abandon();
  std::string Path() const { return directory_ + "/" + name_; }

  Env& env_;
  const std::string directory_;
  const SpoolId spool_;
  Random& random_;
  const std::uint64_t segment_bytes_;
  std::uint64_t next_number_;
  std::unique_ptr<WritableFile> file_;  // null between files
  std::string name_;
  SegmentHeader header_;
  std::uint64_t durable_bytes_ = 0;  // of the current file
};

}  // namespace mishap

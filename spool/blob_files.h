// BlobFiles: files beside the spool that records refer to (attachments, minidumps), one directory a
// UTC day so that retention drops days whole. Written once, synced, then referenced; never changed.
// What clients sent stands in them untouched, mode 0600.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "spool/env.h"

namespace mishap {

struct BlobLimits {
  std::uint64_t free_bytes_min = 1ull << 30;  // of the disk; below, nothing more is taken
};

class BlobFiles {
 public:
  // directory: <data>/attachments, made when the first blob comes. env and random outlive this.
  BlobFiles(Env& env, std::string directory, Random& random, BlobLimits limits = {});

  // Writes and syncs; returns the blob's name, "<day>/<project>/<hex>". The same hex on the same
  // day is the same blob, written over with the same bytes. Safe from several threads. Errors:
  // overloaded (disk full), unavailable.
  Result<std::string> Write(ProjectId project, Timestamp received_at, std::string_view hex,
                            std::string_view bytes);
  // Errors: not_found (also for a name Write never gives), unavailable.
  Result<std::string> Read(std::string_view name) const;
  // Fine if it is not there.
  void Remove(std::string_view name);
  // Drops whole days before `oldest_kept`; returns how many.
  Result<int> DropDaysBefore(Timestamp oldest_kept);

 private:
  Status MakeDirectories(const std::string& day, const std::string& project);

  Env& env_;
  const std::string directory_;
  Random& random_;
  const BlobLimits limits_;
};

}  // namespace mishap

// ArtifactFiles: what build tools upload (source maps, debug files), by checksum. Pieces come
// first, in any order and again; a file is put together from them and kept under its own checksum.
// Written once, synced, never changed. On this server's disk only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "spool/env.h"

namespace mishap {

struct ArtifactLimits {
  std::uint64_t file_bytes_max = 1ull << 30;
  std::uint64_t free_bytes_min = 1ull << 30;  // of the disk; below, nothing more is taken
};

class ArtifactFiles {
 public:
  // directory: <data>/artifacts, made when the first piece comes. env and random outlive this.
  ArtifactFiles(Env& env, std::string directory, Random& random, ArtifactLimits limits = {});

  // Checksums are SHA-1, 40 lower-case hexadecimal digits; anything else is not there. Safe from
  // several threads.
  bool HasChunk(std::string_view sha1) const;
  bool HasFile(std::string_view sha1) const;
  // Durable when it returns. Errors: invalid_argument (the bytes have another checksum), overloaded
  // (disk full), unavailable.
  Status PutChunk(std::string_view sha1, std::string_view bytes);
  // The file of these pieces in their order; its size. Errors: not_found (a piece is missing),
  // invalid_argument (another checksum), too_large, overloaded, unavailable.
  Result<std::uint64_t> Assemble(std::string_view sha1, const std::vector<std::string>& chunks);
  // Pieces that wait for their file since before `oldest_kept` (by the disk's clock); how many.
  Result<int> DropChunksBefore(Timestamp oldest_kept);

 private:
  std::string PathOf(std::string_view kind, std::string_view sha1) const;
  Status MakeDirectories(std::string_view kind, std::string_view sha1);
  Result<std::uint64_t> WriteJoined(const std::string& path, std::string_view sha1,
                                    const std::vector<std::string>& chunks);
  Result<std::uint64_t> SizeOf(const std::vector<std::string>& chunks) const;
  Status CheckRoom(std::uint64_t bytes);

  Env& env_;
  const std::string directory_;
  Random& random_;
  const ArtifactLimits limits_;
};

}  // namespace mishap

// ArtifactFiles: what build tools upload (source maps, debug files), by checksum. Pieces come
// first, in any order and again; a file is put together from them and kept under its own checksum.
// Written once, synced, never changed. On this server's disk only. Pieces belong to an
// organization: who only knows the checksum of another's piece has nothing. Files are kept once for
// all; whose they are, the database knows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
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
  bool HasChunk(OrganizationId owner, std::string_view sha1) const;
  // Errors: not_found.
  Result<std::uint64_t> FileSize(std::string_view sha1) const;
  // The whole file. Errors: not_found, too_large (more than bytes_max), unavailable.
  Result<std::string> ReadFile(std::string_view sha1, std::uint64_t bytes_max) const;
  // Durable when it returns. Errors: invalid_argument (the bytes have another checksum), overloaded
  // (disk full), unavailable.
  Status PutChunk(OrganizationId owner, std::string_view sha1, std::string_view bytes);
  // A file that came whole. Durable when it returns its SHA-1. Errors: too_large, overloaded,
  // unavailable.
  Result<std::string> PutFile(std::string_view bytes);
  // The file of the owner's pieces in their order; its size. Errors: not_found (a piece is
  // missing), invalid_argument (another checksum), too_large, overloaded, unavailable.
  Result<std::uint64_t> Assemble(OrganizationId owner, std::string_view sha1,
                                 const std::vector<std::string>& chunks);
  // Pieces that wait for their file since before `oldest_kept` (by the disk's clock); how many.
  Result<int> DropChunksBefore(Timestamp oldest_kept);

 private:
  // folder: "files", or "chunks/<organization>".
  std::string PathOf(std::string_view folder, std::string_view sha1) const;
  Status MakeDirectories(std::string_view folder, std::string_view sha1);
  Status WriteFile(std::string_view folder, std::string_view sha1, std::string_view bytes);
  Result<std::uint64_t> WriteJoined(const std::string& path, std::string_view sha1,
                                    const std::string& folder,
                                    const std::vector<std::string>& chunks);
  Result<std::uint64_t> SizeOf(const std::string& folder,
                               const std::vector<std::string>& chunks) const;
  Status CheckRoom(std::uint64_t bytes);
  // Gives a written file its name, durably; or removes it.
  Status Settle(const std::string& fresh, const std::string& path, Status written);

  Env& env_;
  const std::string directory_;
  Random& random_;
  const ArtifactLimits limits_;
};

}  // namespace mishap

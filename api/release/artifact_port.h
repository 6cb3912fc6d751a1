// Port: the bytes of uploads, which stand in the data directory and not in the database. The server
// connects it to spool/artifact_files.h. Checksums are SHA-1 in hexadecimal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace mishap {

struct ArtifactPort {
  // Pieces belong to an organization; files are kept once, and the database knows whose they are.
  std::function<bool(OrganizationId owner, std::string_view sha1)> has_chunk;
  // Errors: not_found.
  std::function<Result<std::uint64_t>(std::string_view sha1)> file_size;
  // Errors: not_found, too_large, unavailable.
  std::function<Result<std::string>(std::string_view sha1, std::uint64_t bytes_max)> read_file;
  // Errors: invalid_argument (other bytes than the checksum says), overloaded, unavailable.
  std::function<Status(OrganizationId owner, std::string_view sha1, std::string_view bytes)>
      put_chunk;
  // A whole file; its checksum. Errors: too_large, overloaded, unavailable.
  std::function<Result<std::string>(std::string_view bytes)> put_file;
  // Size of the file. Errors: not_found (a piece is missing), invalid_argument, too_large,
  // overloaded, unavailable.
  std::function<Result<std::uint64_t>(OrganizationId owner, std::string_view sha1,
                                      const std::vector<std::string>& chunks)>
      assemble;
  // Forgets pieces whose file has not come in a day; called with each handshake.
  std::function<void(Timestamp now)> drop_old_chunks;
};

// What a client is told before it uploads, and what is refused beyond it.
inline constexpr std::size_t kChunkBytes = 8u << 20;
inline constexpr std::size_t kChunksPerRequest = 64;
inline constexpr std::size_t kUploadBytesMax = 32u << 20;  // one request
inline constexpr std::int64_t kChunkKeptMicros = kMicrosPerDay;
inline constexpr std::uint64_t kArtifactBytesMax = 1ull << 30;
inline constexpr std::uint64_t kDownloadBytesMax = 128ull << 20;  // given back in one answer
inline constexpr std::size_t kChunksPerFile = kArtifactBytesMax / kChunkBytes;

}  // namespace mishap

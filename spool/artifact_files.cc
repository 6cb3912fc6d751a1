#include "spool/artifact_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/sha1.h"

namespace mishap {
namespace {

constexpr std::string_view kChunks = "chunks";
constexpr std::string_view kFiles = "files";

}  // namespace

ArtifactFiles::ArtifactFiles(Env& env, std::string directory, Random& random, ArtifactLimits limits)
    : env_(env), directory_(std::move(directory)), random_(random), limits_(limits) {}

std::string ArtifactFiles::PathOf(std::string_view kind, std::string_view sha1) const {
  return fmt::format("{}/{}/{}/{}", directory_, kind, sha1.substr(0, 2), sha1);
}

bool ArtifactFiles::HasChunk(std::string_view sha1) const {
  return IsSha1Hex(sha1) && env_.Size(PathOf(kChunks, sha1)).has_value();
}

bool ArtifactFiles::HasFile(std::string_view sha1) const {
  return IsSha1Hex(sha1) && env_.Size(PathOf(kFiles, sha1)).has_value();
}

// Each is synced into the one above: a file that can be lost with its directory is not durable.
Status ArtifactFiles::MakeDirectories(std::string_view kind, std::string_view sha1) {
  const std::string above = std::filesystem::path(directory_).parent_path().string();
  const std::string of_kind = fmt::format("{}/{}", directory_, kind);
  const std::string of_sha1 = fmt::format("{}/{}", of_kind, sha1.substr(0, 2));
  std::error_code ignored;
  if (std::filesystem::is_directory(of_sha1, ignored)) return {};
  for (const auto& [path, parent] : {std::pair(directory_, above), std::pair(of_kind, directory_),
                                     std::pair(of_sha1, of_kind)}) {
    if (Status made = env_.CreateDirectory(path); !made) return made;
    if (Status synced = env_.SyncDirectory(parent); !synced) return synced;
  }
  return {};
}

Status ArtifactFiles::CheckRoom(std::uint64_t bytes) {
  auto free = env_.FreeBytes(directory_);
  if (!free) return Fail(free.error());
  if (*free >= limits_.free_bytes_min + bytes) return {};
  return Fail(Reason::kOverloaded, "the disk is too full for uploads; free some space, try again");
}

Status ArtifactFiles::PutChunk(std::string_view sha1, std::string_view bytes) {
  if (!IsSha1Hex(sha1) || Sha1Hex(bytes) != sha1) {
    return Fail(Reason::kInvalidArgument, "Checksum mismatch");
  }
  if (HasChunk(sha1)) return {};
  if (Status made = MakeDirectories(kChunks, sha1); !made) return made;
  if (Status room = CheckRoom(bytes.size()); !room) return room;
  const std::string path = PathOf(kChunks, sha1);
  const std::string fresh = fmt::format("{}.{}", path, random_.Hex(8));
  auto file = env_.Create(fresh, bytes.size());
  if (!file) return Fail(file.error());
  Status written = (*file)->Append(bytes);
  if (written) written = (*file)->Sync();
  if (written) written = env_.Rename(fresh, path);
  if (written) {
    written = env_.SyncDirectory(std::filesystem::path(path).parent_path().string());
  }
  if (!written) (void)env_.Remove(fresh);
  return written;
}

Result<std::uint64_t> ArtifactFiles::SizeOf(const std::vector<std::string>& chunks) const {
  std::uint64_t bytes = 0;
  for (const std::string& chunk : chunks) {
    if (!HasChunk(chunk)) return Fail(Reason::kNotFound, "chunk " + chunk + " is missing");
    auto size = env_.Size(PathOf(kChunks, chunk));
    if (!size) return Fail(size.error());
    bytes += *size;
  }
  if (bytes > limits_.file_bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the file is {} bytes, the limit is {}", bytes,
                                               limits_.file_bytes_max));
  }
  return bytes;
}

Result<std::uint64_t> ArtifactFiles::WriteJoined(const std::string& path, std::string_view sha1,
                                                 const std::vector<std::string>& chunks) {
  auto bytes = SizeOf(chunks);
  if (!bytes) return bytes;
  if (Status room = CheckRoom(*bytes); !room) return Fail(room.error());
  auto file = env_.Create(path, *bytes);
  if (!file) return Fail(file.error());
  Sha1 checksum;
  for (const std::string& chunk : chunks) {
    auto piece = env_.Read(PathOf(kChunks, chunk), 0, *bytes);
    if (!piece) return Fail(piece.error());
    checksum.Add(*piece);
    if (Status written = (*file)->Append(*piece); !written) return Fail(written.error());
  }
  if (checksum.Hex() != sha1) {
    return Fail(Reason::kInvalidArgument, "the assembled file has another checksum");
  }
  if (Status synced = (*file)->Sync(); !synced) return Fail(synced.error());
  return bytes;
}

Result<std::uint64_t> ArtifactFiles::Assemble(std::string_view sha1,
                                              const std::vector<std::string>& chunks) {
  if (!IsSha1Hex(sha1)) return Fail(Reason::kInvalidArgument, "not a SHA-1 checksum");
  const std::string path = PathOf(kFiles, sha1);
  if (HasFile(sha1)) return env_.Size(path);
  if (Status made = MakeDirectories(kFiles, sha1); !made) return Fail(made.error());
  const std::string fresh = fmt::format("{}.{}", path, random_.Hex(8));
  auto written = WriteJoined(fresh, sha1, chunks);
  Status named;
  if (written) named = env_.Rename(fresh, path);
  if (written && named) {
    named = env_.SyncDirectory(std::filesystem::path(path).parent_path().string());
  }
  if (!written || !named) (void)env_.Remove(fresh);
  if (!named) return Fail(named.error());
  return written;
}

Result<int> ArtifactFiles::DropChunksBefore(Timestamp oldest_kept) {
  namespace fs = std::filesystem;
  std::error_code error;
  int dropped = 0;
  for (fs::recursive_directory_iterator it(fmt::format("{}/{}", directory_, kChunks), error), end;
       !error && it != end; it.increment(error)) {
    struct stat seen {};
    if (stat(it->path().c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) continue;
    if (seen.st_mtime * kMicrosPerSecond >= oldest_kept.micros) continue;
    if (env_.Remove(it->path().string())) ++dropped;
  }
  return dropped;
}

}  // namespace mishap

#include "spool/artifact_files.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/sha1.h"

namespace mishap {
namespace {

constexpr std::string_view kFiles = "files";

std::string ChunksOf(OrganizationId owner) {
  return fmt::format("chunks/{}", owner.value);
}

}  // namespace

ArtifactFiles::ArtifactFiles(Env& env, std::string directory, Random& random, ArtifactLimits limits)
    : env_(env), directory_(std::move(directory)), random_(random), limits_(limits) {}

std::string ArtifactFiles::PathOf(std::string_view folder, std::string_view sha1) const {
  return fmt::format("{}/{}/{}/{}", directory_, folder, sha1.substr(0, 2), sha1);
}

bool ArtifactFiles::HasChunk(OrganizationId owner, std::string_view sha1) const {
  return IsSha1Hex(sha1) && env_.Size(PathOf(ChunksOf(owner), sha1)).has_value();
}

Result<std::uint64_t> ArtifactFiles::FileSize(std::string_view sha1) const {
  if (!IsSha1Hex(sha1)) return Fail(Reason::kNotFound, "not a SHA-1 checksum");
  auto size = env_.Size(PathOf(kFiles, sha1));
  if (!size) return Fail(Reason::kNotFound, "this server does not have the file");
  return size;
}

Result<std::string> ArtifactFiles::ReadFile(std::string_view sha1, std::uint64_t bytes_max) const {
  auto size = FileSize(sha1);
  if (!size) return Fail(size.error());
  if (*size > bytes_max) {
    return Fail(Reason::kTooLarge,
                fmt::format("the file is {} bytes, at most {} are given", *size, bytes_max));
  }
  return env_.Read(PathOf(kFiles, sha1), 0, *size);
}

// Each is synced into the one above: a file that can be lost with its directory is not durable.
Status ArtifactFiles::MakeDirectories(std::string_view folder, std::string_view sha1) {
  namespace fs = std::filesystem;
  const fs::path leaf = fs::path(directory_) / folder / sha1.substr(0, 2);
  std::error_code ignored;
  if (fs::is_directory(leaf, ignored)) return {};
  fs::path parent = fs::path(directory_).parent_path();
  std::vector<fs::path> steps = {fs::path(directory_).filename()};
  for (const auto& part : fs::path(folder)) steps.push_back(part);
  steps.push_back(leaf.filename());
  for (const auto& step : steps) {
    const fs::path path = parent / step;
    if (Status made = env_.CreateDirectory(path.string()); !made) return made;
    if (Status synced = env_.SyncDirectory(parent.string()); !synced) return synced;
    parent = path;
  }
  return {};
}

Status ArtifactFiles::CheckRoom(std::uint64_t bytes) {
  auto free = env_.FreeBytes(directory_);
  if (!free) return Fail(free.error());
  if (*free >= limits_.free_bytes_min + bytes) return {};
  return Fail(Reason::kOverloaded, "the disk is too full for uploads; free some space, try again");
}

Status ArtifactFiles::Settle(const std::string& fresh, const std::string& path, Status written) {
  if (written) written = env_.Rename(fresh, path);
  if (written) {
    written = env_.SyncDirectory(std::filesystem::path(path).parent_path().string());
  }
  if (!written) (void)env_.Remove(fresh);
  return written;
}

Status ArtifactFiles::WriteFile(std::string_view folder, std::string_view sha1,
                                std::string_view bytes) {
  if (Status made = MakeDirectories(folder, sha1); !made) return made;
  if (Status room = CheckRoom(bytes.size()); !room) return room;
  const std::string path = PathOf(folder, sha1);
  const std::string fresh = fmt::format("{}.{}", path, random_.Hex(8));
  auto file = env_.Create(fresh, bytes.size());
  if (!file) return Fail(file.error());
  Status written = (*file)->Append(bytes);
  if (written) written = (*file)->Sync();
  return Settle(fresh, path, written);
}

Status ArtifactFiles::PutChunk(OrganizationId owner, std::string_view sha1,
                               std::string_view bytes) {
  if (!IsSha1Hex(sha1) || Sha1Hex(bytes) != sha1) {
    return Fail(Reason::kInvalidArgument, "Checksum mismatch");
  }
  if (HasChunk(owner, sha1)) return {};
  return WriteFile(ChunksOf(owner), sha1, bytes);
}

Result<std::string> ArtifactFiles::PutFile(std::string_view bytes) {
  if (bytes.size() > limits_.file_bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the file is {} bytes, the limit is {}",
                                               bytes.size(), limits_.file_bytes_max));
  }
  auto sha1 = Sha1Hex(bytes);
  if (FileSize(sha1)) return sha1;
  if (Status written = WriteFile(kFiles, sha1, bytes); !written) return Fail(written.error());
  return sha1;
}

Result<std::uint64_t> ArtifactFiles::SizeOf(const std::string& folder,
                                            const std::vector<std::string>& chunks) const {
  std::uint64_t bytes = 0;
  for (const std::string& chunk : chunks) {
    auto size = IsSha1Hex(chunk) ? env_.Size(PathOf(folder, chunk))
                                 : Result<std::uint64_t>(Fail(Reason::kNotFound, ""));
    if (!size) return Fail(Reason::kNotFound, "chunk " + chunk + " is missing");
    bytes += *size;
  }
  if (bytes > limits_.file_bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the file is {} bytes, the limit is {}", bytes,
                                               limits_.file_bytes_max));
  }
  return bytes;
}

Result<std::uint64_t> ArtifactFiles::WriteJoined(const std::string& path, std::string_view sha1,
                                                 const std::string& folder,
                                                 const std::vector<std::string>& chunks) {
  auto bytes = SizeOf(folder, chunks);
  if (!bytes) return bytes;
  if (Status room = CheckRoom(*bytes); !room) return Fail(room.error());
  auto file = env_.Create(path, *bytes);
  if (!file) return Fail(file.error());
  Sha1 checksum;
  for (const std::string& chunk : chunks) {
    auto piece = env_.Read(PathOf(folder, chunk), 0, *bytes);
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

// Also where the file is there already: only who has its pieces may have it.
Result<std::uint64_t> ArtifactFiles::Assemble(OrganizationId owner, std::string_view sha1,
                                              const std::vector<std::string>& chunks) {
  if (!IsSha1Hex(sha1)) return Fail(Reason::kInvalidArgument, "not a SHA-1 checksum");
  if (Status made = MakeDirectories(kFiles, sha1); !made) return Fail(made.error());
  const std::string path = PathOf(kFiles, sha1);
  const std::string fresh = fmt::format("{}.{}", path, random_.Hex(8));
  auto written = WriteJoined(fresh, sha1, ChunksOf(owner), chunks);
  Status settled = Settle(fresh, path, written ? Status() : Status(Fail(written.error())));
  if (!settled) return Fail(settled.error());
  return written;
}

Result<int> ArtifactFiles::DropChunksBefore(Timestamp oldest_kept) {
  namespace fs = std::filesystem;
  std::error_code error;
  int dropped = 0;
  for (fs::recursive_directory_iterator it(directory_ + "/chunks", error), end; !error && it != end;
       it.increment(error)) {
    struct stat seen {};
    if (stat(it->path().c_str(), &seen) != 0 || !S_ISREG(seen.st_mode)) continue;
    if (seen.st_mtime * kMicrosPerSecond >= oldest_kept.micros) continue;
    if (env_.Remove(it->path().string())) ++dropped;
  }
  return dropped;
}

}  // namespace mishap

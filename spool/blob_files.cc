#include "spool/blob_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace mishap {
namespace {

constexpr std::size_t kPieceBytes = 1 << 20;
constexpr std::size_t kDayChars = 8;
constexpr std::size_t kHexChars = 32;

bool IsMadeOf(std::string_view text, std::string_view alphabet) {
  return !text.empty() && text.find_first_not_of(alphabet) == std::string_view::npos;
}

// "20260501/42/<32 hex digits>": nothing else is ever opened.
bool IsBlobName(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789";
  const std::size_t first = name.find('/');
  const std::size_t last = name.rfind('/');
  if (first != kDayChars || last == std::string_view::npos || last <= first) return false;
  const std::string_view hex = name.substr(last + 1);
  return IsMadeOf(name.substr(0, first), kDigits) &&
         IsMadeOf(name.substr(first + 1, last - first - 1), kDigits) && hex.size() == kHexChars &&
         IsMadeOf(hex, "0123456789abcdef");
}

Status WriteWhole(Env& env, const std::string& path, std::string_view bytes) {
  auto file = env.Create(path, bytes.size());
  if (!file) return Fail(file.error());
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    if (Status written = (*file)->Append(piece); !written) return written;
    bytes.remove_prefix(piece.size());
  }
  return (*file)->Sync();
}

}  // namespace

BlobFiles::BlobFiles(Env& env, std::string directory, Random& random, BlobLimits limits)
    : env_(env), directory_(std::move(directory)), random_(random), limits_(limits) {}

// Each is synced into the one above: a blob that can be lost with its directory is not durable.
Status BlobFiles::MakeDirectories(const std::string& day, const std::string& project) {
  const std::string above = std::filesystem::path(directory_).parent_path().string();
  const std::string of_day = directory_ + "/" + day;
  const std::string of_project = of_day + "/" + project;
  std::error_code ignored;
  if (std::filesystem::is_directory(of_project, ignored)) return {};
  for (const auto& [path, parent] : {std::pair(directory_, above), std::pair(of_day, directory_),
                                     std::pair(of_project, of_day)}) {
    if (Status made = env_.CreateDirectory(path); !made) return made;
    if (Status synced = env_.SyncDirectory(parent); !synced) return synced;
  }
  return {};
}

Result<std::string> BlobFiles::Write(ProjectId project, Timestamp received_at, std::string_view hex,
                                     std::string_view bytes) {
  const std::string day = DaySuffix(received_at);
  const std::string name = fmt::format("{}/{}/{}", day, project.value, hex);
  if (!IsBlobName(name)) return Fail(Reason::kInternal, "not a name of a blob: " + name);
  const std::string of_project = fmt::format("{}/{}/{}", directory_, day, project.value);
  if (Status made = MakeDirectories(day, std::to_string(project.value)); !made) {
    return Fail(made.error());
  }
  auto free = env_.FreeBytes(of_project);
  if (!free) return Fail(free.error());
  if (*free < limits_.free_bytes_min + bytes.size()) {
    return Fail(Reason::kOverloaded, "the disk is too full for attachments; try again later");
  }
  const std::string path = directory_ + "/" + name;
  const std::string fresh = path + "." + random_.Hex(8);
  Status written = WriteWhole(env_, fresh, bytes);
  if (written) written = env_.Rename(fresh, path);
  if (written) written = env_.SyncDirectory(of_project);
  if (!written) {
    (void)env_.Remove(fresh);  // if it stays, it leaves with its day
    return Fail(written.error());
  }
  return name;
}

Result<std::string> BlobFiles::Read(std::string_view name) const {
  if (!IsBlobName(name)) return Fail(Reason::kNotFound, "no such file");
  const std::string path = directory_ + "/" + std::string(name);
  auto size = env_.Size(path);
  if (!size) return Fail(size.error());
  return env_.Read(path, 0, *size);
}

void BlobFiles::Remove(std::string_view name) {
  if (IsBlobName(name)) (void)env_.Remove(directory_ + "/" + std::string(name));
}

Result<int> BlobFiles::DropDaysBefore(Timestamp oldest_kept) {
  std::error_code error;
  if (!std::filesystem::is_directory(directory_, error)) return 0;
  auto names = env_.List(directory_);
  if (!names) return Fail(names.error());
  const std::string oldest = DaySuffix(oldest_kept);
  int dropped = 0;
  for (const std::string& name : *names) {
    const bool day = name.size() == kDayChars && IsMadeOf(name, "0123456789");
    if (!day || name >= oldest) continue;
    std::filesystem::remove_all(directory_ + "/" + name, error);
    if (error) return Fail(Reason::kUnavailable, "cannot remove " + name + ": " + error.message());
    ++dropped;
  }
  return dropped;
}

}  // namespace mishap

#include "jobs/directory_refresher.h"

#include <utility>

#include "base/log.h"
#include "jobs/directory_file.h"
#include "storage/directory_store.h"

namespace mishap {

DirectoryLoader MakeDirectoryLoader(Session& session, std::string instance) {
  return [&session, instance = std::move(instance),
          looks = 0](std::int64_t known_version) mutable -> Result<DirectorySnapshot> {
    if (!instance.empty() && looks++ % kBeatEvery == 0) {
      if (Status beaten = BeatServer(session, instance); !beaten) {
        looks = 0;  // again with the next look
        return Fail(beaten.error());
      }
    }
    auto version = DirectoryVersion(session);
    if (!version) return Fail(version.error());
    if (*version != known_version) return LoadDirectory(session);
    DirectorySnapshot unchanged;
    unchanged.version = known_version;
    return unchanged;
  };
}

DirectoryRefresher::DirectoryRefresher(std::string path, DirectoryLoader load)
    : path_(std::move(path)),
      load_(std::move(load)),
      current_(std::make_shared<const DirectorySnapshot>()) {
  if (path_.empty()) return;
  auto stored = ReadDirectoryFile(path_);
  if (!stored) {
    Log(LogLevel::kWarning, "directory_file_ignored", {{"error", stored.error().detail}});
  } else if (*stored) {
    current_ = std::make_shared<const DirectorySnapshot>(std::move(**stored));
  }
}

DirectoryRefresher::~DirectoryRefresher() {
  Stop();
}

std::shared_ptr<const DirectorySnapshot> DirectoryRefresher::Current() const {
  std::lock_guard lock(mutex_);
  return current_;
}

bool DirectoryRefresher::IsAuthoritative() const {
  std::lock_guard lock(mutex_);
  return authoritative_;
}

Status DirectoryRefresher::Refresh() {
  std::lock_guard one(refresh_mutex_);
  auto loaded = load_(known_version_);
  if (!loaded) {
    // The database that comes back may be another one (a restore) with the same version number.
    known_version_ = -1;
    std::lock_guard lock(mutex_);
    if (std::exchange(authoritative_, false)) {
      Log(LogLevel::kWarning, "directory_not_refreshed", {{"error", loaded.error().detail}});
    }
    return Fail(loaded.error());
  }
  const bool changed = loaded->version != known_version_;
  known_version_ = loaded->version;
  std::shared_ptr<const DirectorySnapshot> current;
  {
    std::lock_guard lock(mutex_);
    if (changed) current_ = std::make_shared<const DirectorySnapshot>(std::move(*loaded));
    authoritative_ = true;
    current = current_;
  }
  if (path_.empty() || !(changed || file_is_stale_)) return {};
  auto written = WriteDirectoryFile(path_, *current);
  // Ingest works without the file until the next start; each refresh tries again.
  if (!written && !file_is_stale_) {
    Log(LogLevel::kError, "directory_file_not_written", {{"error", written.error().detail}});
  }
  file_is_stale_ = !written;
  return {};
}

void DirectoryRefresher::Start() {
  thread_ = std::thread([this] { Loop(); });
}

void DirectoryRefresher::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void DirectoryRefresher::Loop() {
  while (true) {
    (void)Refresh();  // told by IsAuthoritative and the log
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, kPeriod, [&] { return stopping_; })) return;
  }
}

}  // namespace mishap

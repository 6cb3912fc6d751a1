// DirectoryRefresher: keeps the project directory fresh (decisions 1.13). From the file at start,
// from the database every two seconds by version number, back into the file when it changed.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "event/project_directory.h"
#include "storage/connection.h"

namespace mishap {

// The directory of the database. When its version is `known_version`, a snapshot with that version
// and nothing else will do: it is not looked at. Called from one thread at a time.
using DirectoryLoader = std::function<Result<DirectorySnapshot>(std::int64_t known_version)>;

// Over a session that is used for nothing else. instance: under this name the server tells the
// others that it is alive, with every kBeatEvery-th look; empty: it does not.
inline constexpr int kBeatEvery = 5;
DirectoryLoader MakeDirectoryLoader(Session& session, std::string instance = {});

class DirectoryRefresher final : public ProjectDirectory {
 public:
  static constexpr std::chrono::seconds kPeriod{2};

  // Reads the file (if there is one): Current() is useful from then on. path:
  // <data>/directory.json, empty for none.
  DirectoryRefresher(std::string path, DirectoryLoader load);
  ~DirectoryRefresher() override;  // stops
  DirectoryRefresher(const DirectoryRefresher&) = delete;
  DirectoryRefresher& operator=(const DirectoryRefresher&) = delete;

  std::shared_ptr<const DirectorySnapshot> Current() const override;
  bool IsAuthoritative() const override;

  void Start();
  void Stop();
  // Asks the database now; for the first start, for whoever just changed a key, and for tests.
  Status Refresh();

 private:
  void Loop();

  const std::string path_;
  DirectoryLoader load_;

  std::mutex refresh_mutex_;         // one refresh at a time
  std::int64_t known_version_ = -1;  // of the database; -1: ask for everything
  bool file_is_stale_ = false;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<const DirectorySnapshot> current_;
  bool authoritative_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace mishap

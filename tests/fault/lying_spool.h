// Broken on purpose, to show that the simulation sees it: an Env that does not sync, and a spool
// that answers before the sync. Test-only; production code has no such switch.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "spool/env.h"
#include "spool/spool.h"

namespace mishap {

// kLateSync: says yes at once and syncs before the next write to the file, so that each group is
// answered between its write and its sync. kEarlyAck: answered when the queue takes it.
enum class Lie { kNone, kNoFdatasync, kNoDirectorySync, kEarlyAck, kLateSync };

// Forwards everything but the syncs it lies about.
class LyingEnv final : public Env {
 public:
  LyingEnv(Env& env, Lie lie) : env_(env), lie_(lie) {}

  Status CreateDirectory(const std::string& path) override { return env_.CreateDirectory(path); }
  Result<std::unique_ptr<WritableFile>> Create(const std::string& path,
                                               std::uint64_t preallocate_bytes) override {
    auto file = env_.Create(path, preallocate_bytes);
    if (!file) return file;
    if (lie_ == Lie::kNoFdatasync) return std::make_unique<UnsyncedFile>(*std::move(file));
    if (lie_ == Lie::kLateSync) return std::make_unique<LateFile>(*std::move(file));
    return file;
  }
  Result<std::vector<std::string>> List(const std::string& directory) override {
    return env_.List(directory);
  }
  Result<std::string> Read(const std::string& path, std::uint64_t offset,
                           std::uint64_t bytes_max) override {
    return env_.Read(path, offset, bytes_max);
  }
  Result<std::uint64_t> Size(const std::string& path) override { return env_.Size(path); }
  Status Truncate(const std::string& path, std::uint64_t bytes) override {
    return env_.Truncate(path, bytes);
  }
  Status Rename(const std::string& from, const std::string& to) override {
    return env_.Rename(from, to);
  }
  Status Remove(const std::string& path) override { return env_.Remove(path); }
  Status SyncFile(const std::string& path) override {
    return lie_ == Lie::kNoFdatasync ? Status() : env_.SyncFile(path);
  }
  Status SyncDirectory(const std::string& path) override {
    return lie_ == Lie::kNoDirectorySync ? Status() : env_.SyncDirectory(path);
  }
  Result<std::uint64_t> FreeBytes(const std::string& path) override { return env_.FreeBytes(path); }
  Result<std::unique_ptr<WritableFile>> Lock(const std::string& directory) override {
    return env_.Lock(directory);
  }

 private:
  class UnsyncedFile final : public WritableFile {
   public:
    explicit UnsyncedFile(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
    Status Append(std::string_view bytes) override { return file_->Append(bytes); }
    Status Sync() override { return {}; }

   private:
    std::unique_ptr<WritableFile> file_;
  };

  class LateFile final : public WritableFile {
   public:
    explicit LateFile(std::unique_ptr<WritableFile> file) : file_(std::move(file)) {}
    ~LateFile() override { (void)SyncNow(); }
    Status Append(std::string_view bytes) override {
      Status status = SyncNow();
      return status ? file_->Append(bytes) : status;
    }
    Status Sync() override {
      owed_ = true;
      return {};
    }

   private:
    Status SyncNow() { return std::exchange(owed_, false) ? file_->Sync() : Status(); }

    std::unique_ptr<WritableFile> file_;
    bool owed_ = false;
  };

  Env& env_;
  const Lie lie_;
};

// Append as it would be with the acknowledgement moved before the sync: taken by the queue,
// answered, written later.
inline Status AppendAnsweringEarly(Spool& spool, std::vector<NewRecord> records,
                                   const Spool::AppendDone& done) {
  Status taken = spool.Append(std::move(records), nullptr);
  if (taken) done({});
  return taken;
}

}  // namespace mishap

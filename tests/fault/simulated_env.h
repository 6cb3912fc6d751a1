// A disk in memory that keeps only what it must: at a power cut it forgets or tears every byte that
// was not synced and drops directory entries whose directory was not synced; a failed sync loses
// the bytes for good, as Linux does. It can go down at, or fail, any one call. Everything random
// comes from the seed.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "spool/env.h"

namespace mishap {

class SimulatedEnv final : public Env {
 public:
  enum class Crash { kPower, kProcess };  // kProcess: what was written is still in the page cache

  explicit SimulatedEnv(std::uint64_t seed) : random_(seed) {}

  // The n-th call from now (1: the next) does a part of its work or none, and from then on
  // everything fails.
  void CrashAt(std::uint64_t n, Crash kind);
  // The n-th call from now fails with `reason` (unavailable: EIO, overloaded: ENOSPC).
  void FailAt(std::uint64_t n, Reason reason);
  void ClearFaults();
  bool IsDown() const;
  std::uint64_t Calls() const;
  // Up again, with what survived. Files that were open stay dead.
  void Restart();

  void SetFreeBytes(std::uint64_t bytes);
  // For tests of damage: a file's bytes, on the disk and in the cache alike. The file must exist.
  void Edit(const std::string& path, const std::function<void(std::string&)>& edit);
  std::string Contents(const std::string& path) const;
  void Put(const std::string& path, const std::string& contents);  // durably
  void Erase(const std::string& path);                             // durably

  Status CreateDirectory(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> Create(const std::string& path,
                                               std::uint64_t preallocate_bytes) override;
  Result<std::vector<std::string>> List(const std::string& directory) override;
  Result<std::string> Read(const std::string& path, std::uint64_t offset,
                           std::uint64_t bytes_max) override;
  Result<std::uint64_t> Size(const std::string& path) override;
  Status Truncate(const std::string& path, std::uint64_t bytes) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Remove(const std::string& path) override;
  Status SyncFile(const std::string& path) override;
  Status SyncDirectory(const std::string& path) override;
  Result<std::uint64_t> FreeBytes(const std::string& path) override;
  Result<std::unique_ptr<WritableFile>> Lock(const std::string& directory) override;

 private:
  class File;
  class HeldLock;
  enum class Fate { kRun, kFail, kCrash, kDown };

  struct Inode {
    std::string now;         // page cache
    std::string disk;        // survives a power cut
    std::size_t synced = 0;  // bytes of `now` that a sync took (or lost)
    std::vector<std::pair<std::size_t, std::size_t>> lost;  // a failed sync: never reaches the disk
  };
  struct EntryChange {
    std::string name;
    std::optional<std::uint64_t> inode;  // none: removed
    std::string also_removed;            // a rename: the old name, in the same step
  };
  struct Directory {
    bool durable = false;
    std::map<std::string, std::uint64_t> now;
    std::map<std::string, std::uint64_t> disk;
    std::vector<EntryChange> pending;
  };

  Fate NextFate();
  Status Failure(Fate fate, const std::string& path) const;
  bool Coin() { return random_() % 2 == 0; }
  Status ChangeEntry(Fate fate, const std::string& path, const std::function<void()>& change);
  Inode* Find(const std::string& path);
  Directory* Holding(const std::string& path);
  static void Apply(std::map<std::string, std::uint64_t>& entries, const EntryChange& change);
  void Change(Directory& directory, EntryChange change);
  Status AppendTo(std::uint64_t inode, std::uint64_t boot, std::string_view bytes);
  Status SyncInode(std::uint64_t inode, std::uint64_t boot);
  Status SyncLocked(Inode& inode, Fate fate);
  void Tear(Inode& inode);
  void PowerCut();

  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::map<std::uint64_t, Inode> inodes_;
  std::map<std::string, Directory> directories_;
  std::uint64_t next_inode_ = 1;
  std::uint64_t calls_ = 0;
  std::uint64_t crash_at_ = 0;
  std::uint64_t fail_at_ = 0;
  Reason fail_reason_ = Reason::kUnavailable;
  Crash crash_kind_ = Crash::kPower;
  bool down_ = false;
  std::uint64_t boot_ = 1;
  std::uint64_t free_bytes_ = 1ull << 40;
  std::map<std::string, std::uint64_t> locks_;  // directory -> boot
};

}  // namespace mishap

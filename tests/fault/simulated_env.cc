#include "tests/fault/simulated_env.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

namespace mishap {
namespace {

constexpr std::size_t kSectorBytes = 512;

std::pair<std::string, std::string> Split(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {"", path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::string ParentKey(const std::string& path) {
  return path == "/" ? "" : path;
}

}  // namespace

class SimulatedEnv::File final : public WritableFile {
 public:
  File(SimulatedEnv& env, std::uint64_t inode, std::uint64_t boot)
      : env_(env), inode_(inode), boot_(boot) {}
  Status Append(std::string_view bytes) override { return env_.AppendTo(inode_, boot_, bytes); }
  Status Sync() override { return env_.SyncInode(inode_, boot_); }

 private:
  SimulatedEnv& env_;
  const std::uint64_t inode_;
  const std::uint64_t boot_;
};

class SimulatedEnv::HeldLock final : public WritableFile {
 public:
  HeldLock(SimulatedEnv& env, std::string directory, std::uint64_t boot)
      : env_(env), directory_(std::move(directory)), boot_(boot) {}
  ~HeldLock() override {
    std::lock_guard lock(env_.mutex_);
    auto held = env_.locks_.find(directory_);
    if (held != env_.locks_.end() && held->second == boot_) env_.locks_.erase(held);
  }
  Status Append(std::string_view) override { return {}; }
  Status Sync() override { return {}; }

 private:
  SimulatedEnv& env_;
  const std::string directory_;
  const std::uint64_t boot_;
};

void SimulatedEnv::CrashAt(std::uint64_t n, Crash kind) {
  std::lock_guard lock(mutex_);
  crash_at_ = calls_ + n;
  crash_kind_ = kind;
}

void SimulatedEnv::FailAt(std::uint64_t n, Reason reason) {
  std::lock_guard lock(mutex_);
  fail_at_ = calls_ + n;
  fail_reason_ = reason;
}

void SimulatedEnv::ClearFaults() {
  std::lock_guard lock(mutex_);
  crash_at_ = fail_at_ = 0;
}

bool SimulatedEnv::IsDown() const {
  std::lock_guard lock(mutex_);
  return down_;
}

std::uint64_t SimulatedEnv::Calls() const {
  std::lock_guard lock(mutex_);
  return calls_;
}

void SimulatedEnv::Restart() {
  std::lock_guard lock(mutex_);
  if (crash_kind_ == Crash::kPower) PowerCut();
  down_ = false;
  crash_at_ = fail_at_ = 0;
  locks_.clear();
  ++boot_;
}

void SimulatedEnv::SetFreeBytes(std::uint64_t bytes) {
  std::lock_guard lock(mutex_);
  free_bytes_ = bytes;
}

void SimulatedEnv::Edit(const std::string& path, const std::function<void(std::string&)>& edit) {
  std::lock_guard lock(mutex_);
  Inode* inode = Find(path);
  if (!inode) std::abort();
  edit(inode->now);
  inode->disk = inode->now;
  inode->synced = inode->now.size();
  inode->lost.clear();
}

std::string SimulatedEnv::Contents(const std::string& path) const {
  std::lock_guard lock(mutex_);
  const Inode* inode = const_cast<SimulatedEnv*>(this)->Find(path);
  return inode ? inode->now : std::string();
}

void SimulatedEnv::Put(const std::string& path, const std::string& contents) {
  std::lock_guard lock(mutex_);
  const std::uint64_t inode = next_inode_++;
  inodes_[inode] = {contents, contents, contents.size(), {}};
  auto [directory, name] = Split(path);
  directories_[directory].now[name] = directories_[directory].disk[name] = inode;
}

void SimulatedEnv::Erase(const std::string& path) {
  std::lock_guard lock(mutex_);
  auto [directory, name] = Split(path);
  directories_[directory].now.erase(name);
  directories_[directory].disk.erase(name);
}

SimulatedEnv::Fate SimulatedEnv::NextFate() {
  if (down_) return Fate::kDown;
  ++calls_;
  if (calls_ == crash_at_) {
    down_ = true;
    return Fate::kCrash;
  }
  return calls_ == fail_at_ ? Fate::kFail : Fate::kRun;
}

Status SimulatedEnv::Failure(Fate fate, const std::string& path) const {
  if (fate == Fate::kFail) return Fail(fail_reason_, "simulated failure at " + path);
  return Fail(Reason::kUnavailable, "the simulated machine is down");
}

SimulatedEnv::Inode* SimulatedEnv::Find(const std::string& path) {
  auto [directory, name] = Split(path);
  auto holding = directories_.find(directory);
  if (holding == directories_.end()) return nullptr;
  auto entry = holding->second.now.find(name);
  return entry == holding->second.now.end() ? nullptr : &inodes_[entry->second];
}

SimulatedEnv::Directory* SimulatedEnv::Holding(const std::string& path) {
  auto found = directories_.find(Split(path).first);
  return found == directories_.end() ? nullptr : &found->second;
}

void SimulatedEnv::Apply(std::map<std::string, std::uint64_t>& entries, const EntryChange& change) {
  if (!change.also_removed.empty()) entries.erase(change.also_removed);
  if (change.inode) {
    entries[change.name] = *change.inode;
  } else {
    entries.erase(change.name);
  }
}

void SimulatedEnv::Change(Directory& directory, EntryChange change) {
  Apply(directory.now, change);
  directory.pending.push_back(std::move(change));
}

// A crash may come before or after the change.
Status SimulatedEnv::ChangeEntry(Fate fate, const std::string& path,
                                 const std::function<void()>& change) {
  if (fate == Fate::kRun || (fate == Fate::kCrash && Coin())) change();
  return fate == Fate::kRun ? Status() : Failure(fate, path);
}

Status SimulatedEnv::CreateDirectory(const std::string& path) {
  std::lock_guard lock(mutex_);
  return ChangeEntry(NextFate(), path, [&] { directories_[path]; });
}

Result<std::unique_ptr<WritableFile>> SimulatedEnv::Create(const std::string& path, std::uint64_t) {
  std::lock_guard lock(mutex_);
  const Fate fate = NextFate();
  Directory* directory = Holding(path);
  if (!directory) return Fail(Reason::kNotFound, path + ": no such directory");
  if (Find(path)) return Fail(Reason::kConflict, path + " exists");
  const std::uint64_t inode = next_inode_++;
  Status status = ChangeEntry(fate, path, [&] {
    inodes_[inode];
    Change(*directory, {Split(path).second, inode, ""});
  });
  if (!status) return Fail(status.error());
  return std::make_unique<File>(*this, inode, boot_);
}

Result<std::vector<std::string>> SimulatedEnv::List(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (const Fate fate = NextFate(); fate != Fate::kRun) return Fail(Failure(fate, path).error());
  auto directory = directories_.find(path);
  if (directory == directories_.end()) return Fail(Reason::kNotFound, path + ": no such directory");
  std::vector<std::string> names;
  for (const auto& [name, inode] : directory->second.now) names.push_back(name);
  std::shuffle(names.begin(), names.end(), random_);
  return names;
}

Result<std::string> SimulatedEnv::Read(const std::string& path, std::uint64_t offset,
                                       std::uint64_t bytes_max) {
  std::lock_guard lock(mutex_);
  if (const Fate fate = NextFate(); fate != Fate::kRun) return Fail(Failure(fate, path).error());
  const Inode* inode = Find(path);
  if (!inode) return Fail(Reason::kNotFound, path + ": no such file");
  return offset < inode->now.size() ? inode->now.substr(offset, bytes_max) : std::string();
}

Result<std::uint64_t> SimulatedEnv::Size(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (const Fate fate = NextFate(); fate != Fate::kRun) return Fail(Failure(fate, path).error());
  const Inode* inode = Find(path);
  if (!inode) return Fail(Reason::kNotFound, path + ": no such file");
  return inode->now.size();
}

Status SimulatedEnv::Truncate(const std::string& path, std::uint64_t bytes) {
  std::lock_guard lock(mutex_);
  const Fate fate = NextFate();
  Inode* inode = Find(path);
  if (!inode) return Fail(Reason::kNotFound, path + ": no such file");
  return ChangeEntry(fate, path, [&] {
    inode->now.resize(bytes);
    inode->synced = std::min<std::size_t>(inode->synced, bytes);
    for (auto& [begin, end] : inode->lost) {
      begin = std::min<std::size_t>(begin, bytes);
      end = std::min<std::size_t>(end, bytes);
    }
  });
}

Status SimulatedEnv::Rename(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  const Fate fate = NextFate();
  Directory* source = Holding(from);
  Directory* target = Holding(to);
  if (!Find(from) || !target) return Fail(Reason::kNotFound, from + ": no such file");
  return ChangeEntry(fate, from, [&] {
    const std::string old_name = Split(from).second;
    const std::uint64_t inode = source->now[old_name];
    if (source == target) {
      Change(*source, {Split(to).second, inode, old_name});
    } else {
      Change(*target, {Split(to).second, inode, ""});
      Change(*source, {old_name, {}, ""});
    }
  });
}

Status SimulatedEnv::Remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  const Fate fate = NextFate();
  if (!Find(path)) return Fail(Reason::kNotFound, path + ": no such file");
  return ChangeEntry(fate, path, [&] { Change(*Holding(path), {Split(path).second, {}, ""}); });
}

Status SimulatedEnv::SyncFile(const std::string& path) {
  std::lock_guard lock(mutex_);
  const Fate fate = NextFate();
  Inode* inode = Find(path);
  if (!inode) return Fail(Reason::kNotFound, path + ": no such file");
  Status status = SyncLocked(*inode, fate);
  return status ? status : Failure(fate, path);
}

Status SimulatedEnv::SyncDirectory(const std::string& path) {
  std::lock_guard lock(mutex_);
  return ChangeEntry(NextFate(), path, [&] {
    for (auto& [name, child] : directories_) {
      if (Split(name).first == ParentKey(path)) child.durable = true;
    }
    auto found = directories_.find(path);
    if (found == directories_.end()) return;
    found->second.disk = found->second.now;
    found->second.pending.clear();
  });
}

Result<std::uint64_t> SimulatedEnv::FreeBytes(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (const Fate fate = NextFate(); fate != Fate::kRun) return Fail(Failure(fate, path).error());
  return free_bytes_;
}

Result<std::unique_ptr<WritableFile>> SimulatedEnv::Lock(const std::string& directory) {
  std::lock_guard lock(mutex_);
  if (const Fate fate = NextFate(); fate != Fate::kRun) {
    return Fail(Failure(fate, directory).error());
  }
  if (!directories_.contains(directory)) {
    return Fail(Reason::kNotFound, directory + ": no such directory");
  }
  if (locks_.contains(directory)) return Fail(Reason::kConflict, directory + " is locked");
  locks_[directory] = boot_;
  return std::make_unique<HeldLock>(*this, directory, boot_);
}

Status SimulatedEnv::AppendTo(std::uint64_t number, std::uint64_t boot, std::string_view bytes) {
  std::lock_guard lock(mutex_);
  const Fate fate = boot == boot_ ? NextFate() : Fate::kDown;
  if (fate == Fate::kDown) return Failure(fate, "a file");
  std::size_t written = bytes.size();
  if (fate != Fate::kRun && written > 0) written = random_() % (written + 1);
  inodes_[number].now += bytes.substr(0, written);
  return fate == Fate::kRun ? Status() : Failure(fate, "a file");
}

Status SimulatedEnv::SyncInode(std::uint64_t number, std::uint64_t boot) {
  std::lock_guard lock(mutex_);
  const Fate fate = boot == boot_ ? NextFate() : Fate::kDown;
  if (fate == Fate::kDown) return Failure(fate, "a file");
  return SyncLocked(inodes_[number], fate);
}

Status SimulatedEnv::SyncLocked(Inode& inode, Fate fate) {
  if (fate == Fate::kDown) return Failure(fate, "a file");
  if (fate != Fate::kRun) {
    Tear(inode);  // some of it may have arrived
    // The kernel reports once and then believes the pages clean: a later sync says yes and writes
    // nothing.
    if (fate == Fate::kFail) {
      inode.lost.emplace_back(inode.synced, inode.now.size());
      inode.synced = inode.now.size();
    }
    return Failure(fate, "a file");
  }
  std::string disk = inode.now;
  for (auto [begin, end] : inode.lost) {
    for (std::size_t i = begin; i < end; ++i)
      disk[i] = i < inode.disk.size() ? inode.disk[i] : '\0';
  }
  inode.disk = std::move(disk);
  inode.synced = inode.now.size();
  return {};
}

// What of the unsynced bytes is on the disk: nothing, a beginning, some sectors or all.
void SimulatedEnv::Tear(Inode& inode) {
  const std::uint64_t how = random_() % 4;
  if (inode.now.size() < inode.disk.size()) {
    if (how % 2 == 0) inode.disk.resize(inode.now.size());
    return;
  }
  if (how == 0 || inode.synced >= inode.now.size()) return;
  std::size_t end = inode.now.size();
  if (how == 1) end = inode.synced + random_() % (end - inode.synced + 1);
  inode.disk.resize(std::max(inode.disk.size(), end), '\0');
  for (std::size_t at = inode.synced; at < end;) {
    const std::size_t next = std::min(end, (at / kSectorBytes + 1) * kSectorBytes);
    if (how != 2 || Coin()) inode.disk.replace(at, next - at, inode.now, at, next - at);
    at = next;
  }
}

void SimulatedEnv::PowerCut() {
  for (auto& [number, inode] : inodes_) {
    Tear(inode);
    inode.now = inode.disk;
    inode.synced = inode.disk.size();
    inode.lost.clear();
  }
  for (auto it = directories_.begin(); it != directories_.end();) {
    Directory& directory = it->second;
    const std::uint64_t how = random_() % 3;  // 0: all changes forgotten, 1: some, 2: none
    for (const EntryChange& change : directory.pending) {
      if (how == 2 || (how == 1 && Coin())) Apply(directory.disk, change);
    }
    directory.pending.clear();
    directory.now = directory.disk;
    bool gone = !directory.durable && how != 2;
    if (!gone) directory.durable = true;
    it = gone ? directories_.erase(it) : std::next(it);
  }
}

}  // namespace mishap

#include "spool/recovery.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace mishap {
namespace {

constexpr std::uint64_t kCopyPieceBytes = 1 << 20;

std::string ParentOf(const std::string& path) {
  std::size_t end = path.find_last_not_of('/');
  std::size_t slash = end == std::string::npos ? end : path.rfind('/', end);
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

Status CopyRange(Env& env, const std::string& from, const std::string& to, ByteRange range) {
  auto file = env.Create(to, 0);
  if (!file) return file.error().reason == Reason::kConflict ? Status() : Fail(file.error());
  for (std::uint64_t at = range.begin; at < range.end; at += kCopyPieceBytes) {
    auto piece = env.Read(from, at, std::min(kCopyPieceBytes, range.end - at));
    if (!piece) return Fail(piece.error());
    if (Status status = (*file)->Append(*piece); !status) return status;
  }
  return (*file)->Sync();
}

bool QuarantineHasRoom(Env& env, const std::string& quarantine, std::uint64_t bytes) {
  const auto names = env.List(quarantine).value_or(std::vector<std::string>());
  if (names.size() >= kQuarantineFilesMax) return false;
  for (const std::string& name : names) {
    bytes += env.Size(fmt::format("{}/{}", quarantine, name)).value_or(0);
  }
  return bytes <= kQuarantineBytesMax;
}

// One recovery; the steps in the order of Run().
class Recovery {
 public:
  Recovery(Env& env, const std::string& directory) : env_(env), directory_(directory) {}

  Result<RecoveredSpool> Run(Random& random) {
    if (Status status = OpenDirectory(); !status) return Fail(status.error());
    auto files = ListSegments(env_, directory_);
    if (!files) return Fail(files.error());
    if (Status status = SettleIdentity(*files, random); !status) return Fail(status.error());
    ScanSegments(env_, directory_, spool_.id, *files);
    Number(*files);
    const SegmentFile* newest = nullptr;
    for (const SegmentFile& file : *files) {
      if (file.state == SegmentState::kGood) newest = &file;
    }
    for (SegmentFile& file : *files) {
      if (file.state != SegmentState::kGood) {
        SetAside(file);
      } else {
        Repair(file, &file == newest);
      }
    }
    // What is handed out must survive the next power cut, also when only the process died before.
    if (Status status = env_.SyncDirectory(directory_); !status) return Fail(status.error());
    return std::move(spool_);
  }

 private:
  Status OpenDirectory() {
    if (Status status = env_.CreateDirectory(directory_); !status) return status;
    auto lock = env_.Lock(directory_);
    if (!lock && lock.error().reason == Reason::kConflict) {
      return Fail(Reason::kConflict,
                  fmt::format("another process uses the spool {}; stop it, or give this one "
                              "a directory of its own",
                              directory_));
    }
    if (!lock) return Fail(lock.error());
    spool_.lock = *std::move(lock);
    if (Status status = env_.SyncDirectory(ParentOf(directory_)); !status) return status;
    return env_.CreateDirectory(Quarantine());
  }

  Status SettleIdentity(const std::vector<SegmentFile>& files, Random& random) {
    if (auto id = ReadIdentity(env_, directory_)) {
      spool_.id = *id;
      return {};
    }
    auto id = IdentityOfSegments(files);
    spool_.id = id ? *id : SpoolId{random.Bytes16()};
    Log(id ? LogLevel::kWarning : LogLevel::kInfo, "spool_identity_written",
        {{"directory", directory_}, {"spool_id", ToHex(spool_.id)}, {"from_segments", !!id}});
    return WriteIdentity(env_, directory_, spool_.id);
  }

  // Segments that hold nothing still tell which numbers were used.
  void Number(const std::vector<SegmentFile>& files) {
    for (const SegmentFile& file : files) {
      if (file.header.spool != spool_.id) continue;
      spool_.next_number = std::max(spool_.next_number, file.header.number + 1);
      spool_.next_seq = std::max({spool_.next_seq, file.header.first_seq, file.scan.LastSeq() + 1});
    }
  }

  // Not (or not the best) part of this spool: out of the way, never deleted unless there is nothing
  // in it.
  void SetAside(const SegmentFile& file) {
    const std::string path = Path(file);
    bool empty = file.state == SegmentState::kBlank ||
                 (file.state == SegmentState::kSuperseded && file.bytes <= kSegmentDataOffset);
    Status status;
    if (empty) {
      status = env_.Remove(path);
    } else {
      status = env_.Rename(path, FreeName(file.name));
      if (status) status = env_.SyncDirectory(Quarantine());
      if (file.state == SegmentState::kUnreadable) ++spool_.report.damaged_ranges;
      spool_.report.quarantined_bytes += file.bytes;
      Log(LogLevel::kWarning, "spool_file_set_aside",
          {{"file", path}, {"state", SegmentStateName(file.state)}, {"bytes", file.bytes}});
    }
    Complain(status);
  }

  std::string FreeName(const std::string& name) {
    std::string path = Quarantine() + "/" + name;
    for (int i = 2; env_.Size(path); ++i) path = fmt::format("{}/{}.{}", Quarantine(), name, i);
    return path;
  }

  void Repair(SegmentFile& file, bool is_newest) {
    for (ByteRange range : file.scan.damage) Keep(file, range);
    if (const std::uint64_t tail = file.scan.tail.Bytes(); tail > 0 && is_newest) {
      spool_.report.torn_bytes += tail;
      Log(LogLevel::kWarning, "spool_tail_cut", {{"file", Path(file)}, {"bytes", tail}});
    } else if (tail > 0) {
      Keep(file, file.scan.tail);
    }
    if (file.scan.Empty()) {
      Complain(env_.Remove(Path(file)));
      return;
    }
    // Also gives back what was reserved behind the records.
    if (is_newest || file.bytes > file.scan.tail.begin) {
      Complain(env_.Truncate(Path(file), file.scan.tail.begin));
    }
    Complain(env_.SyncFile(Path(file)));
    file.bytes = file.scan.tail.begin;
    RecoveryReport& report = spool_.report;
    report.records += file.scan.records;
    if (report.first_seq == 0) report.first_seq = file.scan.FirstSeq();
    report.last_seq = file.scan.LastSeq();
    spool_.segments.push_back(std::move(file));
  }

  void Keep(const SegmentFile& file, ByteRange range) {
    ++spool_.report.damaged_ranges;
    Log(LogLevel::kError, "spool_damage_skipped",
        {{"file", Path(file)}, {"offset", range.begin}, {"bytes", range.Bytes()}});
    Status status = QuarantineRange(env_, directory_, file.name, range);
    if (status) spool_.report.quarantined_bytes += range.Bytes();
    Complain(status);
  }

  void Complain(const Status& status) {
    if (status) return;
    Log(LogLevel::kError, "spool_repair_failed",
        {{"directory", directory_}, {"detail", status.error().detail}});
  }

  std::string Path(const SegmentFile& file) const { return directory_ + "/" + file.name; }
  std::string Quarantine() const { return fmt::format("{}/{}", directory_, kQuarantineName); }

  Env& env_;
  const std::string directory_;
  RecoveredSpool spool_;
};

}  // namespace

Result<RecoveredSpool> RecoverSpool(Env& env, const std::string& directory, Random& random) {
  return Recovery(env, directory).Run(random);
}

Status QuarantineRange(Env& env, const std::string& directory, const std::string& segment,
                       ByteRange range) {
  const std::string quarantine = fmt::format("{}/{}", directory, kQuarantineName);
  if (!QuarantineHasRoom(env, quarantine, range.Bytes())) {
    return Fail(Reason::kOverloaded,
                fmt::format("{} is full ({} bytes or {} files): look at it and empty it",
                            quarantine, kQuarantineBytesMax, kQuarantineFilesMax));
  }
  Status status =
      CopyRange(env, directory + "/" + segment,
                fmt::format("{}/{}@{}+{}", quarantine, segment, range.begin, range.Bytes()), range);
  if (status) status = env.SyncDirectory(quarantine);
  return status;
}

}  // namespace mishap

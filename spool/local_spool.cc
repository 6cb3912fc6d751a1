#include "spool/local_spool.h"

#include <fmt/format.h>

#include <utility>

#include "base/log.h"

namespace mishap {

Result<std::unique_ptr<Spool>> Spool::Open(Env& env, const std::string& directory,
                                           const SpoolOptions& options, Random& random) {
  static const SystemClock kClock;
  return Open(env, directory, options, random, kClock);
}

Result<std::unique_ptr<Spool>> Spool::Open(Env& env, const std::string& directory,
                                           const SpoolOptions& options, Random& random,
                                           const Clock& clock) {
  auto spool =
      LocalSpool::Open(env, directory, options, random, clock, LocalSpool::Driver::kOwnThread);
  if (!spool) return Fail(spool.error());
  return *std::move(spool);
}

Result<std::unique_ptr<LocalSpool>> LocalSpool::Open(Env& env, const std::string& directory,
                                                     const SpoolOptions& options, Random& random,
                                                     const Clock& clock, Driver driver) {
  auto recovered = RecoverSpool(env, directory, random);
  if (!recovered) return Fail(recovered.error());
  std::unique_ptr<LocalSpool> spool(
      new LocalSpool(env, directory, options, random, clock, *std::move(recovered)));
  if (driver == Driver::kOwnThread) {
    spool->thread_ = std::thread([writer = spool.get()] {
      while (writer->queue_.WaitForWork()) writer->WriteNextGroup();
    });
  }
  return spool;
}

LocalSpool::LocalSpool(Env& env, const std::string& directory, const SpoolOptions& options,
                       Random& random, const Clock& clock, RecoveredSpool recovered)
    : env_(env),
      directory_(directory),
      options_(options),
      lock_(std::move(recovered.lock)),
      id_(recovered.id),
      report_(recovered.report),
      gate_(env, directory, options.free_bytes_min, clock),
      queue_(options),
      writer_(env, directory, recovered.id, random, options.segment_bytes, recovered.next_number),
      clock_(clock),
      next_seq_(recovered.next_seq) {
  for (const SegmentFile& file : recovered.segments) index_.AddRecovered(file);
  Log(LogLevel::kInfo, "spool_opened",
      {{"directory", directory_},
       {"spool_id", ToHex(id_)},
       {"records", report_.records},
       {"next_seq", recovered.next_seq},
       {"torn_bytes", report_.torn_bytes},
       {"damaged_ranges", report_.damaged_ranges}});
}

LocalSpool::~LocalSpool() {
  Close();
}

SpoolStats LocalSpool::Stats() const {
  SpoolStats stats;
  stats.bytes = index_.UnreleasedBytes();
  stats.next_seq = next_seq_.load();
  const std::uint64_t oldest = index_.OldestSeq();
  stats.oldest_seq = oldest ? oldest : stats.next_seq;
  stats.segments = index_.SegmentCount();
  stats.syncs = syncs_.load();
  stats.failed_groups = failed_groups_.load();
  stats.decayed_runs = decayed_runs_.load();
  stats.flush_p50 = flush_times_.Quantile(0.5);
  stats.flush_p99 = flush_times_.Quantile(0.99);
  return stats;
}

Status LocalSpool::Append(std::vector<NewRecord> records, AppendDone done) {
  if (Status status = CheckRecords(records); !status) return status;
  PendingAppend append{std::move(records), std::move(done), 0};
  for (const NewRecord& record : append.records) {
    append.bytes += kRecordHeaderBytes + record.payload.size();
  }
  if (Status status = CheckRoom(); !status) return status;
  if (Status status = gate_.Check(); !status) return status;
  if (!appended_.load()) {
    std::lock_guard lock(
        advance_mutex_);  // an AdvanceTo that is under way comes first, a later one is refused
    appended_.store(true);
  }
  return queue_.Push(std::move(append));
}

Status LocalSpool::CheckRecords(const std::vector<NewRecord>& records) const {
  if (records.empty()) return Fail(Reason::kInternal, "an append needs at least one record");
  for (const NewRecord& record : records) {
    if (static_cast<std::uint8_t>(record.type) == 0) {
      return Fail(Reason::kInternal, "a spool record of type 0 was appended");
    }
    if (record.payload.size() > options_.record_bytes_max) {
      return Fail(Reason::kTooLarge, fmt::format("a spool record is {} bytes, the limit is {}",
                                                 record.payload.size(), options_.record_bytes_max));
    }
  }
  return {};
}

Status LocalSpool::CheckRoom() const {
  const std::uint64_t used = index_.UnreleasedBytes() + queue_.PendingBytes();
  if (used < options_.spool_bytes_max) return {};
  return Fail(Reason::kOverloaded,
              fmt::format("the spool holds {} bytes not yet in the database, spool.spool_bytes_max "
                          "is {}: is PostgreSQL reachable?",
                          used, options_.spool_bytes_max));
}

Status LocalSpool::AdvanceTo(std::uint64_t seq) {
  std::lock_guard lock(advance_mutex_);
  if (appended_.load()) {
    return Fail(Reason::kConflict, "the spool's numbers can only be advanced before an append");
  }
  const std::uint64_t next = next_seq_.load();
  if (seq > next) {
    Log(LogLevel::kWarning, "spool_advanced",
        {{"directory", directory_}, {"next_seq", next}, {"to", seq}});
    next_seq_.store(seq);
  }
  return {};
}

bool LocalSpool::WriteNextGroup() {
  const std::vector<PendingAppend> group = queue_.TakeGroup();
  if (group.empty()) return false;
  const std::uint64_t first_seq = next_seq_.load();
  std::uint64_t count = 0;
  for (const PendingAppend& append : group) count += append.records.size();

  const auto begun = clock_.Steady();
  auto durable = writer_.Write(group, first_seq);
  // Also after a failure: the bytes may be on the disk under these numbers.
  next_seq_.store(first_seq + count);
  if (durable) {
    syncs_.fetch_add(1);
    flush_times_.Add(
        std::chrono::duration_cast<std::chrono::microseconds>(clock_.Steady() - begun));
    index_.AddGroup(*durable);
    Answer(group, {});
    return true;
  }
  failed_groups_.fetch_add(1);
  gate_.WriteFailed();
  Log(LogLevel::kError, "spool_write_failed",
      {{"directory", directory_}, {"records", count}, {"detail", durable.error().detail}});
  Answer(group, Fail(durable.error()));
  if (Status open = gate_.Check(); !open) Answer(queue_.TakeAll(), open);
  return true;
}

void LocalSpool::Answer(const std::vector<PendingAppend>& group, const Status& outcome) {
  queue_.Finish(group);
  for (const PendingAppend& append : group) {
    if (append.done) append.done(outcome);
  }
}

void LocalSpool::Release(std::uint64_t seq) {
  const std::vector<std::string> names = index_.Release(seq);
  if (names.empty()) return;
  Status status;
  for (const std::string& name : names) {
    Status removed = env_.Remove(directory_ + "/" + name);
    if (!removed) status = removed;
  }
  if (Status synced = env_.SyncDirectory(directory_); !synced) status = synced;
  if (status) return;
  // A file that stayed is found at the next start and released again.
  Log(LogLevel::kWarning, "spool_release_failed",
      {{"directory", directory_}, {"detail", status.error().detail}});
}

bool LocalSpool::IsWritable() const {
  return !queue_.IsClosed() && CheckRoom().has_value() && gate_.Check().has_value();
}

void LocalSpool::Close() {
  std::lock_guard lock(close_mutex_);
  queue_.Close();
  if (thread_.joinable()) thread_.join();
  while (WriteNextGroup()) {
  }
  writer_.Seal();
  index_.Close();
}

}  // namespace mishap

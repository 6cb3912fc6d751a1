// The spool over local segment files: queue, writer thread, index, reader. Everybody but its tests
// sees spool.h.
#pragma once

#include <atomic>
#include <mutex>
#include <thread>

#include "spool/append_gate.h"
#include "spool/append_queue.h"
#include "spool/flush_times.h"
#include "spool/recovery.h"
#include "spool/segment_index.h"
#include "spool/segment_writer.h"
#include "spool/spool.h"

namespace mishap {

class LocalSpool final : public Spool {
 public:
  // kCaller: no thread; the caller decides when a group is written (WriteNextGroup), so that a
  // simulation can repeat a run from its seed.
  enum class Driver { kOwnThread, kCaller };

  static Result<std::unique_ptr<LocalSpool>> Open(Env& env, const std::string& directory,
                                                  const SpoolOptions& options, Random& random,
                                                  const Clock& clock, Driver driver);
  ~LocalSpool() override;

  SpoolId Identity() const override { return id_; }
  RecoveryReport Recovery() const override { return report_; }
  SpoolStats Stats() const override;
  Status Append(std::vector<NewRecord> records, AppendDone done) override;
  Status AdvanceTo(std::uint64_t seq) override;
  Result<std::vector<SpoolRecord>> Read(std::uint64_t from, std::size_t records_max,
                                        std::size_t bytes_max,
                                        std::chrono::milliseconds wait) override;
  void Release(std::uint64_t seq) override;
  bool IsWritable() const override;
  void Close() override;

  // With Driver::kCaller: writes what waits, up to the bounds of a group, and answers it. False:
  // nothing waited.
  bool WriteNextGroup();

 private:
  LocalSpool(Env& env, const std::string& directory, const SpoolOptions& options, Random& random,
             const Clock& clock, RecoveredSpool recovered);
  Status CheckRoom() const;
  Status CheckRecords(const std::vector<NewRecord>& records) const;
  void Answer(const std::vector<PendingAppend>& group, const Status& outcome);
  class Batch;
  Status Fill(std::uint64_t from, Batch& batch);
  Status TakeFrom(const RecordSource& source, std::uint64_t from, Batch& batch);
  void DropDecayed(const RecordSource& source, std::vector<RecordRun> left);

  Env& env_;
  const std::string directory_;
  const SpoolOptions options_;
  std::unique_ptr<WritableFile> lock_;
  SpoolId id_;
  RecoveryReport report_;
  mutable AppendGate gate_;
  AppendQueue queue_;
  SegmentIndex index_;
  SegmentWriter writer_;
  const Clock& clock_;
  FlushTimes flush_times_;
  std::atomic<std::uint64_t> next_seq_;
  std::atomic<std::uint64_t> syncs_{0};
  std::atomic<std::uint64_t> failed_groups_{0};
  std::atomic<std::uint64_t> decayed_runs_{0};
  std::mutex advance_mutex_;
  std::atomic<bool> appended_{false};
  std::mutex close_mutex_;
  std::thread thread_;
};

}  // namespace mishap

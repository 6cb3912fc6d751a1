#include "digest/digest.h"

#include <algorithm>
#include <utility>

#include "base/crash_point.h"
#include "base/log.h"

namespace mishap {
namespace {

// After a read that failed; the spool's disk is in trouble and answers at once.
constexpr std::chrono::milliseconds kReadErrorPause{500};
// After a read that found nothing: a closed spool answers at once too.
constexpr std::chrono::milliseconds kIdlePause{2};

constexpr std::string_view kLagName = "mishap_digest_lag_seconds";
constexpr std::string_view kLagHelp = "Age of the oldest event that is not stored yet";
constexpr std::string_view kBacklogName = "mishap_digest_backlog_records";
constexpr std::string_view kBacklogHelp = "Spool records that are not stored yet";

}  // namespace

Digest::Digest(const DigestGround& ground, PreparerFactory make_preparer,
               const DigestOptions& options)
    : ground_(ground),
      make_preparer_(std::move(make_preparer)),
      options_(options),
      spool_end_(options.unconfirmed_end_path, ground.spool.Identity(),
                 ground.spool.Stats().next_seq),
      telemetry_(ground.metrics),
      open_ranges_(options.open_range_path, ground.spool.Identity()),
      in_flight_(options.batches_in_flight_max) {}

Digest::~Digest() {
  Stop();
}

void Digest::Start() {
  ground_.metrics.AddCallback(kLagName, kLagHelp, [this] { return Status().lag_seconds; });
  ground_.metrics.AddCallback(kBacklogName, kBacklogHelp,
                              [this] { return static_cast<double>(Status().backlog_records); });
  threads_.emplace_back([this] { CommitLoop(); });
  for (std::size_t i = 0; i < options_.workers; ++i) {
    threads_.emplace_back([this] { WorkLoop(); });
  }
  threads_.emplace_back([this] { ReadLoop(); });
}

void Digest::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  in_flight_.Close();
  if (threads_.empty()) return;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  open_ranges_.PauseAll();  // whatever was open did not crash
  // The metrics outlive this object.
  ground_.metrics.AddCallback(kLagName, kLagHelp, [] { return 0.0; });
  ground_.metrics.AddCallback(kBacklogName, kBacklogHelp, [] { return 0.0; });
}

bool Digest::WaitUnlessStopped(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return stopping_; });
}

void Digest::TellProgress() {
  {
    std::lock_guard lock(mutex_);  // a Drain that just looked must not miss this
  }
  changed_.notify_all();
}

bool Digest::Drain(std::chrono::milliseconds timeout) {
  const std::uint64_t target = ground_.spool.Stats().next_seq;
  auto stored = [&] {
    DigestStatus status;
    telemetry_.FillStatus(status);
    return status.position >= target;
  };
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, timeout, [&] { return stopping_ || stored(); });
  return stored();
}

DigestStatus Digest::Status() const {
  DigestStatus status;
  telemetry_.FillStatus(status);
  const SpoolStats spool = ground_.spool.Stats();
  const std::uint64_t from = std::max(status.position, spool.oldest_seq);
  status.backlog_records = spool.next_seq > from ? spool.next_seq - from : 0;
  status.backlog_bytes = status.backlog_records == 0 ? 0 : spool.bytes;
  if (auto since = in_flight_.OldestSince()) {
    const double age = static_cast<double>(ground_.clock.Now().micros - since->micros);
    status.lag_seconds = std::max(0.0, age / static_cast<double>(kMicrosPerSecond));
  }
  return status;
}

void Digest::ReadLoop() {
  BatchReader reader(ground_.spool, open_ranges_, telemetry_, ground_.clock, options_.bounds);
  const Pause pause = [this](std::chrono::milliseconds time) { return WaitUnlessStopped(time); };
  bool failing = false;
  while (auto cursor = in_flight_.WaitForCursor()) {
    auto batch = reader.Next(cursor->seq, pause);
    if (!batch) {
      if (!failing) Log(LogLevel::kError, "spool_read_failed", {{"error", batch.error().detail}});
      failing = true;
      pause(kReadErrorPause);
      continue;
    }
    failing = false;
    if (!*batch) {
      pause(kIdlePause);
      continue;
    }
    CrashPoint("digest-after-read");
    const SeqRange range = (*batch)->Range();
    // Opened before a worker can touch it; refused batches were never open.
    in_flight_.Push(*cursor, std::move(**batch), [&] { open_ranges_.Open(range); });
  }
}

PreparedWork Digest::Prepare(RecordPreparer& preparer, ReadBatch batch) const {
  PreparedWork work{PreparedBatch(ground_.spool.Identity(), batch.expected_seq), batch.Range()};
  for (SpoolRecord& record : batch.records) {
    PreparedRecord prepared =
        batch.give_up
            ? PreparedRecord(MakeDeadLetter(
                  record, "crash", "the process died three times while this record was worked on"))
            : preparer.Prepare(record);
    work.batch.Add(std::move(record), std::move(prepared));
  }
  return work;
}

void Digest::WorkLoop() {
  const std::unique_ptr<RecordPreparer> preparer = make_preparer_();
  while (auto ticket = in_flight_.Take()) {
    const SeqRange range = ticket->batch.Range();
    PreparedWork work = Prepare(*preparer, std::move(ticket->batch));
    open_ranges_.Pause(range);  // until its turn, which an outage may keep away for hours
    in_flight_.Finish(ticket->number, std::move(work));
  }
}

void Digest::CommitLoop() {
  BatchCommitter committer(
      {ground_.spool, ground_.writer, open_ranges_, telemetry_, ground_.clock, ground_.random},
      [this](std::chrono::milliseconds time) { return WaitUnlessStopped(time); });
  auto position = committer.FirstPosition(spool_end_.Seq());
  if (position) spool_end_.Confirm();
  while (position) {
    telemetry_.SetPosition(*position);  // it may have been set back
    in_flight_.RestartAt(*position, [&] {
      open_ranges_.PauseAll();
      open_ranges_.ForgetBelow(*position);
    });
    TellProgress();
    BatchCommitter::End end = BatchCommitter::End::kStopped;
    while (auto work = in_flight_.WaitForFront()) {
      open_ranges_.Open(work->range);
      end = committer.Commit(std::move(*work));
      if (end != BatchCommitter::End::kCommitted) break;
      in_flight_.CommitDone();
      TellProgress();
    }
    if (end != BatchCommitter::End::kRestart) return;
    position = committer.Position();
  }
}

}  // namespace mishap

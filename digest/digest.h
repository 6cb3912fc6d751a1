// Digest: the middle. One reader per spool, N workers that decode and group batches in flight, one
// committer that turns them into transactions in the order of the spool (decisions 1.8). Reading
// from the spool is the only way in, so what happens after a crash is what happens always.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "digest/batch_committer.h"
#include "digest/batch_reader.h"
#include "digest/digest_status.h"
#include "digest/in_flight.h"
#include "digest/open_range.h"
#include "digest/record_preparer.h"
#include "digest/unconfirmed_end.h"
#include "spool/spool.h"
#include "storage/digest_writer.h"

namespace mishap {

struct DigestOptions {
  std::size_t workers = 2;
  std::size_t batches_in_flight_max = 4;
  BatchBounds bounds;
  std::string open_range_path;       // <data>/digest-open-range; empty: crashes are not counted
  std::string unconfirmed_end_path;  // <data>/digest-unconfirmed-end; empty: not kept
};

// What the digest stands on; all outlive it.
struct DigestGround {
  Spool& spool;
  DigestWriter& writer;  // the digest's alone, apart from IsKnown
  Metrics& metrics;
  const Clock& clock;
  Random& random;
};

// Makes one preparer for each worker.
using PreparerFactory = std::function<std::unique_ptr<RecordPreparer>()>;

class Digest {
 public:
  // To be made before the first append to the spool: where the spool ends now tells whether the
  // database is ahead of it.
  Digest(const DigestGround& ground, PreparerFactory make_preparer, const DigestOptions& options);
  ~Digest();  // stops
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void Start();

  // Waits until everything the spool holds now is stored, at most `timeout`. False: the rest stays
  // in the spool for the next start.
  bool Drain(std::chrono::milliseconds timeout);

  // Ends after the transaction that runs. Idempotent.
  void Stop();

  DigestStatus Status() const;

 private:
  void ReadLoop();
  void WorkLoop();
  void CommitLoop();
  PreparedWork Prepare(RecordPreparer& preparer, ReadBatch batch) const;
  bool WaitUnlessStopped(std::chrono::milliseconds time);
  void TellProgress();

  DigestGround ground_;
  PreparerFactory make_preparer_;
  const DigestOptions options_;
  UnconfirmedEnd spool_end_;
  DigestTelemetry telemetry_;
  OpenRanges open_ranges_;
  InFlight in_flight_;
  std::vector<std::thread> threads_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;  // stop, or a commit
  bool stopping_ = false;
};

}  // namespace mishap

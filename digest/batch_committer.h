// BatchCommitter: one prepared batch into the database, whatever it takes. Waits out outages for
// ever, cuts a batch that the database refuses until the one poison record stands alone, and
// notices when somebody else moved the position (decisions 1.6, 1.8). Owned by the committer's
// thread; the writer is used by nobody else.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "digest/backoff.h"
#include "digest/digest_status.h"
#include "digest/in_flight.h"
#include "digest/open_range.h"
#include "digest/prepared_batch.h"
#include "spool/spool.h"
#include "storage/digest_writer.h"

namespace mishap {

// Waits; false when the digest is to stop. Interruptible, and a test's answers at once.
using Pause = std::function<bool(std::chrono::milliseconds)>;

class BatchCommitter {
 public:
  enum class End {
    kCommitted,
    kRestart,  // the position stands elsewhere, or the rest is to be prepared again: read again
               // from Position()
    kStopped,
  };

  struct Surroundings {
    Spool& spool;
    DigestWriter& writer;
    OpenRanges& open_ranges;
    DigestTelemetry& telemetry;
    const Clock& clock;
    Random& random;
  };
  BatchCommitter(const Surroundings& around, Pause pause)
      : around_(around), pause_(std::move(pause)), backoff_(around.random) {}

  // Where to read, from the database; asks until it answers. nullopt when stopped.
  std::optional<std::uint64_t> Position();

  // The first position after a start. The spool ended at `spool_end` before anything was appended
  // without the database, by this process or one before it (unconfirmed_end.h): a
  // position beyond it belongs to records this spool has lost. Numbers go on behind the position
  // (decisions 1.1); when records were acknowledged meanwhile with lower numbers, the position goes
  // back to spool_end instead, so that they are stored.
  std::optional<std::uint64_t> FirstPosition(std::uint64_t spool_end);

  End Commit(PreparedWork work);

 private:
  enum class Step { kDone, kAgain, kRestart, kStopped };

  // One try for one part.
  tl::expected<DigestCommit, CommitFailure> Try(const PreparedBatch& part);
  // After an outage: wait, then ask the position, because a commit that was in doubt may have
  // happened.
  Step AfterRetry(const PreparedBatch& part, SeqRange rest);
  Step Recheck(const PreparedBatch& part);
  std::optional<std::uint64_t> StepBack(std::uint64_t position, std::uint64_t spool_end);
  bool WaitBeforeRetry(std::string_view what, const std::string& detail);
  void Settled(const PreparedBatch& part, const DigestCommit& commit, double seconds);

  Surroundings around_;
  Pause pause_;
  Backoff backoff_;
};

}  // namespace mishap

// DigestWriter: one plain libpq connection that turns a DigestBatch into one transaction, in a
// fixed statement order with sorted keys (decisions 1.8-1.11): dedupe, new issues and hash rows,
// events, counters, outbox, position. It alone decides `accepted` and `duplicate`. Owned by one
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "base/result.h"
#include "storage/digest_batch.h"

namespace mishap {

// Why a batch was not committed; nothing of it was stored.
struct CommitFailure {
  enum class Kind {
    kData,    // SQLSTATE 22, 23, 54: bisect, one record is poison (decisions 1.6)
    kRetry,   // everything else: connection, locks, disk full, unknown states. Retry for ever, with
              // backoff
    kFenced,  // the position was not at expected_seq: read it again
    // IsKnown was true of a key whose row is gone (its issue was deleted): now it is false, and the
    // batch is to be prepared again, with what comes with a first sighting.
    kPrepareAgain,
  };
  Kind kind = Kind::kRetry;
  std::string sqlstate;
  std::string detail;
};

// How many names a project's dictionaries take (decisions 2.7). What comes after that is counted
// under (other) if it is a tag's value, as none if it is an environment or a release, and not at
// all if it is a tag's key; the event itself keeps it. Two servers may each go over by what they do
// not yet know of the other.
struct NameLimits {
  std::int64_t environments_max = 50'000;
  std::int64_t releases_max = 1'000'000;
  std::int64_t tag_keys_max = 1'000;
  std::int64_t tag_values_per_key_max = 50'000;
  std::int64_t monitors_max = 10'000;  // check-ins of further ones end as invalid/monitor_limit
};

// The burst guard (grouping 14.3): what is new beyond it goes, hash by hash, into one issue of the
// project that says so and can be taken apart again.
struct IssueLimits {
  std::int64_t new_issues_burst = 1'000;     // at once
  std::int64_t new_issues_per_minute = 200;  // and then
};

struct DigestWriterOptions {
  int retention_days = 90;      // an event received longer ago has the outcome `expired`
  int lock_timeout_ms = 5'000;  // a stopped peer must not block this writer
  NameLimits names = {};
  IssueLimits issues = {};
};

class DigestWriter {
 public:
  // conninfo: libpq connection string or URL. Does not connect yet: each call connects when it has
  // to.
  static std::unique_ptr<DigestWriter> Make(std::string conninfo, Metrics& metrics,
                                            DigestWriterOptions options = {});
  virtual ~DigestWriter() = default;

  // Where to go on reading; `first_seq` (the spool's oldest) is stored and returned when the
  // database does not know this spool yet. unavailable while the database cannot be reached.
  virtual Result<std::uint64_t> Position(SpoolId spool, std::uint64_t first_seq) = 0;

  virtual tl::expected<DigestCommit, CommitFailure> Commit(const DigestBatch& batch) = 0;

  // True if this key's hash row was seen before (a bounded cache of immutable facts). Safe from
  // several threads.
  virtual bool IsKnown(ProjectId project, std::int16_t algorithm, std::int16_t kind,
                       const Hash128& hash) const = 0;
};

}  // namespace mishap

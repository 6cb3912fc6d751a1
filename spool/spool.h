// Spool: the durable log between the doors and the digest. Append answers after fdatasync; Read
// hands records out in order; Release lets go of what the database holds. One process per
// directory. Format: docs/formats/spool.md. Not here: what records mean (event/record.h), where
// reading goes on after a restart (storage keeps the position).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "event/record.h"
#include "spool/env.h"

namespace mishap {

struct NewRecord {
  RecordType type = RecordType::kEvent;
  ProjectId project;
  std::string payload;
};

struct SpoolRecord {
  std::uint64_t seq = 0;  // rises from 1, by one but for gaps (failed groups, damage)
  std::uint8_t type = 0;  // a RecordType, or a number of a newer version
  ProjectId project;
  std::string payload;
};

struct SpoolOptions {
  std::uint64_t segment_bytes = 64ull << 20;
  std::uint64_t group_bytes_max = 1ull << 20;  // one write + fdatasync
  std::uint32_t group_records_max = 1000;
  std::uint64_t record_bytes_max = 16ull << 20;
  std::uint64_t spool_bytes_max = 8ull << 30;     // unreleased bytes; above: overloaded
  std::uint64_t pending_bytes_max = 64ull << 20;  // appended, not yet written; above: overloaded
  std::uint64_t free_bytes_min = 256ull << 20;    // of the disk; below: overloaded
};

struct RecoveryReport {
  std::uint64_t records = 0;
  std::uint64_t first_seq = 0;  // 0 when empty
  std::uint64_t last_seq = 0;
  std::uint64_t torn_bytes = 0;      // cut from the end of the newest segment
  std::uint64_t damaged_ranges = 0;  // skipped in the middle, copied to quarantine/
  std::uint64_t quarantined_bytes = 0;
};

struct SpoolStats {
  std::uint64_t bytes = 0;  // unreleased, on disk
  std::uint64_t next_seq = 1;
  std::uint64_t oldest_seq = 1;  // of what is still on disk
  std::uint64_t segments = 0;
  std::uint64_t syncs = 0;
  std::uint64_t failed_groups = 0;
  std::uint64_t decayed_runs = 0;  // places where a reader found other bytes than were written
  std::chrono::microseconds flush_p50{0};  // of the newest groups: until they were durable
  std::chrono::microseconds flush_p99{0};
};

class Spool {
 public:
  // Called once, from the spool's writer thread, after the group is durable or has failed. Must not
  // block.
  using AppendDone = std::function<void(Status)>;

  // Always starts: damage is quarantined and counted. Errors: conflict (another process holds the
  // directory), unavailable (the directory cannot be made, read or written; the path is in the
  // detail).
  static Result<std::unique_ptr<Spool>> Open(Env& env, const std::string& directory,
                                             const SpoolOptions& options, Random& random);
  // The same with a clock for the pause after failed writes and the free-space check; it must
  // outlive the spool.
  static Result<std::unique_ptr<Spool>> Open(Env& env, const std::string& directory,
                                             const SpoolOptions& options, Random& random,
                                             const Clock& clock);
  virtual ~Spool() = default;

  virtual SpoolId Identity() const = 0;
  virtual RecoveryReport Recovery() const = 0;
  virtual SpoolStats Stats() const = 0;

  // All records of one call stand in one group: all or none. Returns overloaded/unavailable at once
  // (done is then not called) when a bound is hit or the spool is closing or broken.
  virtual Status Append(std::vector<NewRecord> records, AppendDone done) = 0;

  // The next number is at least `seq` (the database knows more than the disk: decisions 1.1).
  // Before the first Append.
  virtual Status AdvanceTo(std::uint64_t seq) = 0;

  // Durable records with seq >= from, in order, at most the bounds (at least one if there is any).
  // Waits up to `wait` for the first. Gaps in seq are possible after damage. Empty: nothing new, or
  // the spool is closed.
  virtual Result<std::vector<SpoolRecord>> Read(std::uint64_t from, std::size_t records_max,
                                                std::size_t bytes_max,
                                                std::chrono::milliseconds wait) = 0;

  // Everything below `seq` is stored: segments that lie wholly below are unlinked.
  virtual void Release(std::uint64_t seq) = 0;

  // True when appends would be taken now (readyz).
  virtual bool IsWritable() const = 0;

  // Finishes pending groups, refuses new ones, wakes readers. Idempotent; the destructor calls it.
  // Not from a done callback.
  virtual void Close() = 0;
};

}  // namespace mishap

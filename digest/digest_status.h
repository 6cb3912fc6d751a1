// What the digest tells about itself: the numbers for /metrics, and a status for /healthz.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "digest/prepared_batch.h"
#include "storage/digest_batch.h"
#include "storage/digest_writer.h"

namespace mishap {

struct DigestStatus {
  std::uint64_t position = 0;  // next record to be stored; 0 until the database told
  std::uint64_t backlog_records = 0;
  std::uint64_t backlog_bytes = 0;     // on disk, not yet released: whole segments
  double lag_seconds = 0;              // age of the oldest event that is not stored yet
  std::uint64_t retries_in_a_row = 0;  // 0: the last commit went through
  std::string last_error;              // of the present outage; empty when there is none
};

// Counters, and the part of the status that the committer writes. Safe from several threads.
class DigestTelemetry {
 public:
  explicit DigestTelemetry(Metrics& metrics);

  void Committed(const PreparedBatch& part, const DigestCommit& commit, double seconds);
  void Retried(std::string_view what, const std::string& detail);
  void Fenced(std::uint64_t expected, std::uint64_t found);
  void Bisected() { bisections_.Add(); }
  void PositionAhead(std::uint64_t position, std::uint64_t spool_end);
  void RecordsMissing(std::uint64_t first, std::uint64_t next);
  // Fills position, retries_in_a_row and last_error.
  void FillStatus(DigestStatus& status) const;
  void SetPosition(std::uint64_t position);
  // The database answers again.
  void Recovered();

 private:
  Metrics& metrics_;
  Counter& records_;
  Counter& stored_;
  Counter& duplicates_;
  Counter& expired_;
  Counter& discarded_;
  Counter& new_issues_;
  Counter& flooded_;
  Counter& retries_;
  Counter& fences_;
  Counter& bisections_;
  Counter& missing_;
  Counter& position_ahead_;
  Gauge& batch_size_;
  Histogram& commit_seconds_;

  mutable std::mutex mutex_;
  std::uint64_t position_ = 0;
  std::uint64_t retries_in_a_row_ = 0;
  std::string last_error_;
};

}  // namespace mishap

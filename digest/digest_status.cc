#include "digest/digest_status.h"

#include "base/log.h"

namespace mishap {
namespace {

// Label values come from a closed list; a reason of a newer version counts as "other".
std::string_view DeadLetterLabel(std::string_view reason) {
  if (reason == "crash") return "reason=\"crash\"";
  if (reason == "unknown_type") return "reason=\"unknown_type\"";
  if (reason == "undecodable") return "reason=\"undecodable\"";
  if (reason == "database") return "reason=\"database\"";
  return "reason=\"other\"";
}

}  // namespace

DigestTelemetry::DigestTelemetry(Metrics& metrics)
    : metrics_(metrics),
      records_(metrics.GetCounter("mishap_digest_records_total", "Spool records settled")),
      stored_(metrics.GetCounter("mishap_digest_stored_total", "Events stored")),
      duplicates_(
          metrics.GetCounter("mishap_digest_duplicates_total",
                             "Events that a client sent again and that were stored before")),
      expired_(metrics.GetCounter("mishap_digest_expired_total", "Events older than retention")),
      discarded_(metrics.GetCounter("mishap_digest_discarded_total", "Events of discarded issues")),
      new_issues_(metrics.GetCounter("mishap_digest_new_issues_total", "First sightings")),
      flooded_(metrics.GetCounter("mishap_digest_flooded_total",
                                  "Hashes that the burst guard gave no issue of their own")),
      retries_(metrics.GetCounter("mishap_pg_tx_retries_total",
                                  "Digest transactions tried again (outage, locks, disk full)")),
      fences_(metrics.GetCounter("mishap_digest_fences_total",
                                 "The position was not where this digest had left it")),
      bisections_(metrics.GetCounter("mishap_digest_bisections_total",
                                     "Batches cut in two to find a poison record")),
      missing_(metrics.GetCounter("mishap_digest_missing_records_total",
                                  "Sequence numbers that the spool no longer holds")),
      position_ahead_(metrics.GetCounter("mishap_digest_position_ahead_total",
                                         "Starts with a position beyond the spool's end")),
      batch_size_(metrics.GetGauge("mishap_digest_batch_records", "Records of the last batch")),
      commit_seconds_(metrics.GetHistogram("mishap_digest_commit_seconds",
                                           "Seconds of one digest transaction")) {
  for (std::string_view reason : {"crash", "unknown_type", "undecodable", "database"}) {
    metrics.GetCounter("mishap_dead_letter_total", "Records set aside", DeadLetterLabel(reason));
  }
}

void DigestTelemetry::Committed(const PreparedBatch& part, const DigestCommit& commit,
                                double seconds) {
  const DigestBatch& batch = part.Batch();
  const auto count = static_cast<std::int64_t>(part.RecordCount());
  records_.Add(count);
  stored_.Add(static_cast<std::int64_t>(commit.stored));
  duplicates_.Add(static_cast<std::int64_t>(commit.duplicates));
  expired_.Add(static_cast<std::int64_t>(commit.expired));
  discarded_.Add(static_cast<std::int64_t>(commit.discarded));
  new_issues_.Add(static_cast<std::int64_t>(commit.new_issues));
  flooded_.Add(static_cast<std::int64_t>(commit.flooded));
  batch_size_.Set(count);
  commit_seconds_.Observe(seconds);
  for (const DeadLetter& letter : batch.dead_letters) {
    metrics_
        .GetCounter("mishap_dead_letter_total", "Records set aside", DeadLetterLabel(letter.reason))
        .Add();
    Log(LogLevel::kWarning, "record_dead_letter",
        {{"seq", letter.seq},
         {"project_id", letter.project.value},
         {"type", int{letter.type}},
         {"reason", letter.reason},
         {"detail", letter.detail}});
  }
  SetPosition(batch.next_seq);
  Recovered();
}

void DigestTelemetry::Recovered() {
  std::lock_guard lock(mutex_);
  if (retries_in_a_row_ > 0) {
    Log(LogLevel::kInfo, "digest_recovered", {{"retries", retries_in_a_row_}});
  }
  retries_in_a_row_ = 0;
  last_error_.clear();
}

void DigestTelemetry::SetPosition(std::uint64_t position) {
  std::lock_guard lock(mutex_);
  position_ = position;
}

void DigestTelemetry::Retried(std::string_view what, const std::string& detail) {
  retries_.Add();
  std::lock_guard lock(mutex_);
  // One line when an outage begins, not one a try.
  if (retries_in_a_row_++ == 0) {
    Log(LogLevel::kWarning, "digest_retry", {{"what", what}, {"error", detail}});
  }
  last_error_ = detail;
}

void DigestTelemetry::Fenced(std::uint64_t expected, std::uint64_t found) {
  fences_.Add();
  Log(LogLevel::kWarning, "digest_fenced", {{"expected", expected}, {"found", found}});
}

void DigestTelemetry::PositionAhead(std::uint64_t position, std::uint64_t spool_end) {
  position_ahead_.Add();
  Log(LogLevel::kWarning, "digest_position_ahead",
      {{"position", position}, {"spool_end", spool_end}});
}

void DigestTelemetry::RecordsMissing(std::uint64_t first, std::uint64_t next) {
  missing_.Add(static_cast<std::int64_t>(next - first));
  Log(LogLevel::kWarning, "digest_records_missing", {{"first", first}, {"next", next}});
}

void DigestTelemetry::FillStatus(DigestStatus& status) const {
  std::lock_guard lock(mutex_);
  status.position = position_;
  status.retries_in_a_row = retries_in_a_row_;
  status.last_error = last_error_;
}

}  // namespace mishap

#include "storage/digest_writer.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <utility>

#include "base/log.h"
#include "storage/digest_transaction.h"
#include "storage/typed/typed_step.h"

namespace mishap {
namespace {

constexpr int kAttemptsMax = 4;

// Somebody was in the way; the same batch may fit now. A lock timeout (55P03) has waited long
// enough for the caller's backoff to be next.
bool IsConflict(std::string_view state) {
  return state == "40P01" || state == "40001";
}

// "no partition of relation found for row" is a check violation, but nobody's data is wrong. Told
// by the constraint that is not there: the words are the server's language, or a client's.
bool IsMissingPartition(const SqlFailure& failure) {
  return failure.sqlstate == "23514" && failure.constraint.empty();
}

CommitFailure::Kind KindOf(const SqlFailure& failure) {
  if (IsMissingPartition(failure)) return CommitFailure::Kind::kRetry;
  const std::string_view group = std::string_view(failure.sqlstate).substr(0, 2);
  const bool data = group == "22" || group == "23" || group == "54";
  return data ? CommitFailure::Kind::kData : CommitFailure::Kind::kRetry;
}

std::string_view BytesOf(const SpoolId& spool) {
  return {reinterpret_cast<const char*>(spool.bytes.data()), spool.bytes.size()};
}

class PostgresDigestWriter final : public DigestWriter {
 public:
  PostgresDigestWriter(std::string conninfo, Metrics& metrics, DigestWriterOptions options)
      : conninfo_(std::move(conninfo)),
        options_(options),
        committed_(metrics.GetCounter("mishap_digest_batches_total", "Digest transactions",
                                      "result=\"committed\"")),
        fenced_(metrics.GetCounter("mishap_digest_batches_total", "Digest transactions",
                                   "result=\"fenced\"")),
        failed_(metrics.GetCounter("mishap_digest_batches_total", "Digest transactions",
                                   "result=\"failed\"")),
        repeated_(metrics.GetCounter("mishap_digest_conflicts_total",
                                     "Transactions repeated after a lock conflict")),
        remembered_(metrics.GetCounter("mishap_digest_keys_total",
                                       "Grouping keys of batches, by how their row was found",
                                       "from=\"memory\"")),
        looked_up_(metrics.GetCounter("mishap_digest_keys_total",
                                      "Grouping keys of batches, by how their row was found",
                                      "from=\"table\"")) {}

  Result<std::uint64_t> Position(SpoolId spool, std::uint64_t first_seq) override;
  tl::expected<DigestCommit, CommitFailure> Commit(const DigestBatch& batch) override;
  bool IsKnown(ProjectId project, std::int16_t algorithm, std::int16_t kind,
               const Hash128& hash) const override {
    return facts_.rows.Contains(HashKey{project.value, algorithm, kind, hash});
  }

 private:
  PqSession& Live();
  void Forget();
  void EnsureDays(PqSession& pg, const DigestBatch& batch, std::int32_t oldest_day);
  // nullopt: fenced. Throws SqlFailure.
  std::optional<DigestCommit> Attempt(const DigestBatch& batch);
  void Remember(StagedFacts&& staged);

  const std::string conninfo_;
  const DigestWriterOptions options_;
  Counter& committed_;
  Counter& fenced_;
  Counter& failed_;
  Counter& repeated_;
  Counter& remembered_;
  Counter& looked_up_;
  PayloadCodec codec_;
  std::optional<PqSession> session_;
  DigestFacts facts_;
};

PqSession& PostgresDigestWriter::Live() {
  if (!session_) session_.emplace(conninfo_, options_.lock_timeout_ms);
  return *session_;
}

// What is known goes with the connection: behind the next one may stand a database that was
// restored or a standby that lagged, and its ids may mean other names.
void PostgresDigestWriter::Forget() {
  facts_.rows.Distrust();
  if (session_ && session_->Rollback()) return;
  session_.reset();
  facts_.names.Clear();
  facts_.users.Clear();
  facts_.days.clear();
  facts_.rows.Clear();
}

Result<std::uint64_t> PostgresDigestWriter::Position(SpoolId spool, std::uint64_t first_seq) {
  try {
    PqSession& pg = Live();
    pg.Run("digest_position_insert",
           PqParams().Bytes(BytesOf(spool)).Int8(static_cast<std::int64_t>(first_seq)));
    const PqRows rows = pg.Run("digest_position_select", PqParams().Bytes(BytesOf(spool)));
    return static_cast<std::uint64_t>(rows.Int8(0, 0));
  } catch (const SqlFailure& failure) {
    Forget();
    return Fail(Reason::kUnavailable, failure.detail);
  }
}

// Days the batch needs, each in a short transaction of its own before the batch begins.
void PostgresDigestWriter::EnsureDays(PqSession& pg, const DigestBatch& batch,
                                      std::int32_t oldest_day) {
  std::set<std::int32_t> days;
  for (const DigestEvent& event : batch.events) {
    days.insert(static_cast<std::int32_t>(FloorToDay(event.received_at).micros / kMicrosPerDay));
  }
  for (const DigestTyped& typed : batch.typed) {
    if (auto day = PartitionDayOf(typed.record)) days.insert(*day);
  }
  for (std::int32_t day : days) {
    if (day < oldest_day || facts_.days.contains(day)) continue;
    pg.Run("digest_ensure_day", PqParams().Day(day));
    facts_.days.insert(day);
  }
}

std::optional<DigestCommit> PostgresDigestWriter::Attempt(const DigestBatch& batch) {
  PqSession& pg = Live();
  const Timestamp now{pg.Run("digest_now").Int8(0, 0)};
  const auto oldest_day =
      static_cast<std::int32_t>(now.micros / kMicrosPerDay) - options_.retention_days;
  EnsureDays(pg, batch, oldest_day);

  DigestRun run{.pg = pg,
                .batch = batch,
                .facts = facts_,
                .codec = codec_,
                .limits = options_.names,
                .issue_limits = options_.issues,
                .oldest_day = oldest_day,
                .now = now,
                .events = {},
                .typed = {},
                .settled = {},
                .losses = {},
                .staged = {},
                .rows = {},
                .issues = {},
                .users = {},
                .epochs = {},
                .used_rows = {},
                .new_releases = {},
                .commit = {}};
  run.events.reserve(batch.events.size());
  run.typed.reserve(batch.typed.size());
  for (const DigestTyped& typed : batch.typed) run.typed.push_back({&typed});
  pg.Execute("begin; select pg_advisory_xact_lock_shared(hashtext('mishap dedupe'))");
  Dedupe(run);
  Resolve(run);
  CountHashRows(run);
  ConfirmRows(run);
  StoreEvents(run);
  CountHours(run);
  CountReleases(run);
  CountTags(run);
  LockIssues(run);
  CountUsers(run);
  UpdateIssues(run);
  StoreTyped(run);
  StoreDeadLetters(run);
  CountOutcomes(run);
  if (!MovePosition(run)) {
    pg.Execute("rollback");
    return std::nullopt;
  }
  pg.Execute("commit");
  Remember(std::move(run.staged));
  return run.commit;
}

void PostgresDigestWriter::Remember(StagedFacts&& staged) {
  for (auto& [name, id] : staged.names) facts_.names.Add(std::move(name), id);
  for (const SketchedUser& user : staged.users) facts_.users.Add(user, 0);
  for (const auto& [key, row] : staged.rows) facts_.rows.Add(key, row);
}

tl::expected<DigestCommit, CommitFailure> PostgresDigestWriter::Commit(const DigestBatch& batch) {
  for (int attempt = 1;; ++attempt) {
    try {
      if (auto commit = Attempt(batch)) {
        committed_.Add();
        remembered_.Add(static_cast<std::int64_t>(commit->keys_remembered));
        looked_up_.Add(static_cast<std::int64_t>(commit->keys_looked_up));
        return *commit;
      }
      fenced_.Add();
      return tl::unexpected(CommitFailure{CommitFailure::Kind::kFenced, "",
                                          fmt::format("the position of spool {} is not at {}",
                                                      ToHex(batch.spool), batch.expected_seq)});
    } catch (const RowsAreGone& gone) {
      Forget();
      for (const HashKey& key : gone.keys) facts_.rows.Forget(key);
      return tl::unexpected(CommitFailure{CommitFailure::Kind::kPrepareAgain, "",
                                          "a key that was known has no row any more"});
    } catch (const SqlFailure& failure) {
      Forget();
      const bool partition = IsMissingPartition(failure);
      if (partition) facts_.days.clear();  // dropped behind our back: make them again
      if (attempt < kAttemptsMax && (partition || IsConflict(failure.sqlstate))) {
        repeated_.Add();
        continue;
      }
      failed_.Add();
      return tl::unexpected(CommitFailure{KindOf(failure), failure.sqlstate, failure.detail});
    }
  }
}

}  // namespace

std::unique_ptr<DigestWriter> DigestWriter::Make(std::string conninfo, Metrics& metrics,
                                                 DigestWriterOptions options) {
  return std::make_unique<PostgresDigestWriter>(std::move(conninfo), metrics, options);
}

}  // namespace mishap

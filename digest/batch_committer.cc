#include "digest/batch_committer.h"

#include <utility>
#include <vector>

#include "base/crash_point.h"
#include "base/log.h"

namespace mishap {
namespace {

std::string Describe(const CommitFailure& failure) {
  return failure.sqlstate.empty() ? failure.detail
                                  : "SQLSTATE " + failure.sqlstate + ": " + failure.detail;
}

}  // namespace

bool BatchCommitter::WaitBeforeRetry(std::string_view what, const std::string& detail) {
  around_.telemetry.Retried(what, detail);
  return pause_(backoff_.Next());
}

std::optional<std::uint64_t> BatchCommitter::Position() {
  while (true) {
    auto position =
        around_.writer.Position(around_.spool.Identity(), around_.spool.Stats().oldest_seq);
    if (position) {
      around_.telemetry.SetPosition(*position);
      return *position;
    }
    if (!WaitBeforeRetry("position", position.error().detail)) return std::nullopt;
  }
}

std::optional<std::uint64_t> BatchCommitter::FirstPosition(std::uint64_t spool_end) {
  auto position = Position();
  if (!position) return std::nullopt;
  around_.telemetry.Recovered();
  backoff_.Reset();
  if (*position <= spool_end) return position;
  around_.telemetry.PositionAhead(*position, spool_end);
  const bool appended = around_.spool.Stats().next_seq > spool_end;
  if (!appended && around_.spool.AdvanceTo(*position)) return position;
  return StepBack(*position, spool_end);
}

// An empty batch that does nothing but move the fence.
std::optional<std::uint64_t> BatchCommitter::StepBack(std::uint64_t position,
                                                      std::uint64_t spool_end) {
  DigestBatch batch;
  batch.spool = around_.spool.Identity();
  batch.next_seq = spool_end;
  while (true) {
    batch.expected_seq = position;
    auto commit = around_.writer.Commit(batch);
    if (commit) return spool_end;
    if (!WaitBeforeRetry("step_back", Describe(commit.error()))) return std::nullopt;
    auto again = Position();
    if (!again) return std::nullopt;
    if (*again == spool_end) return spool_end;
    position = *again;
  }
}

tl::expected<DigestCommit, CommitFailure> BatchCommitter::Try(const PreparedBatch& part) {
  CrashPoint("digest-before-commit");
  const auto begin = around_.clock.Steady();
  auto commit = around_.writer.Commit(part.Batch());
  if (!commit) return commit;
  CrashPoint("digest-after-commit");
  Settled(part, *commit, std::chrono::duration<double>(around_.clock.Steady() - begin).count());
  return commit;
}

void BatchCommitter::Settled(const PreparedBatch& part, const DigestCommit& commit,
                             double seconds) {
  around_.telemetry.Committed(part, commit, seconds);
  backoff_.Reset();
  CrashPoint("digest-before-release");
  around_.spool.Release(part.Batch().next_seq);
}

BatchCommitter::Step BatchCommitter::Recheck(const PreparedBatch& part) {
  auto position = Position();
  if (!position) return Step::kStopped;
  if (*position == part.Batch().expected_seq) return Step::kAgain;
  if (*position == part.Batch().next_seq) {
    // The commit whose answer was lost did happen. What it counted went with the answer.
    Settled(part, DigestCommit{}, 0);
    return Step::kDone;
  }
  around_.telemetry.Fenced(part.Batch().expected_seq, *position);
  return Step::kRestart;
}

BatchCommitter::Step BatchCommitter::AfterRetry(const PreparedBatch& part, SeqRange rest) {
  // A kill while the database is away says nothing about these records.
  around_.open_ranges.Pause(rest);
  if (!pause_(backoff_.Next())) return Step::kStopped;
  const Step step = Recheck(part);
  if (step == Step::kAgain) around_.open_ranges.Open(rest);
  return step;
}

BatchCommitter::End BatchCommitter::Commit(PreparedWork work) {
  SeqRange rest = work.range;
  std::vector<PreparedBatch> parts;  // the next one is at the back
  parts.push_back(std::move(work.batch));
  while (!parts.empty()) {
    PreparedBatch& part = parts.back();
    Step step = Step::kDone;
    auto commit = Try(part);
    if (!commit) {
      const CommitFailure& failure = commit.error();
      if (failure.kind == CommitFailure::Kind::kData && part.RecordCount() > 1) {
        around_.telemetry.Bisected();
        auto halves = std::move(part).Split();
        parts.pop_back();
        parts.push_back(std::move(halves.second));
        parts.push_back(std::move(halves.first));
        continue;
      }
      if (failure.kind == CommitFailure::Kind::kData && !part.IsDeadLetterOnly()) {
        part.GiveUp("database", Describe(failure));
        continue;
      }
      if (failure.kind == CommitFailure::Kind::kPrepareAgain) return End::kRestart;
      if (failure.kind == CommitFailure::Kind::kFenced) {
        step = Recheck(part);
        // Fenced, and yet the position stands where it should: somebody moves it to and fro.
        if (step == Step::kAgain && !WaitBeforeRetry("fence", failure.detail))
          step = Step::kStopped;
      } else {
        // kData here: not even dead_letter takes the record. Nothing is thrown away; a person has
        // to look.
        around_.telemetry.Retried("commit", Describe(failure));
        step = AfterRetry(part, rest);
      }
    }
    if (step == Step::kAgain) continue;
    if (step == Step::kRestart) return End::kRestart;
    if (step == Step::kStopped) return End::kStopped;
    const SeqRange done{rest.first, parts.back().Batch().next_seq};
    parts.pop_back();
    rest.first = done.next;
    if (!parts.empty()) around_.open_ranges.Close(done);  // the rest's crashes are not theirs
  }
  around_.open_ranges.Close(work.range);
  return End::kCommitted;
}

}  // namespace mishap

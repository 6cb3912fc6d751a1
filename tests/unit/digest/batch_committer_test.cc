// One batch against a database that refuses, goes away, or has moved on.
#include "digest/batch_committer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/digest/fakes.h"

namespace mishap {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using namespace mishap::testing;
using End = BatchCommitter::End;

class BatchCommitterTest : public ::testing::Test {
 protected:
  BatchCommitterTest()
      : committer_({spool_, writer_, open_ranges_, telemetry_, clock_, random_},
                   [this](std::chrono::milliseconds time) {
                     pauses_.push_back(time);
                     return pauses_.size() < stop_at_pause_;
                   }) {}

  PreparedWork WorkOf(std::vector<SpoolRecord> records, std::uint64_t expected) {
    PreparedWork work{PreparedBatch(SomeSpoolId(), expected),
                      {records.front().seq, records.back().seq + 1}};
    open_ranges_.Open(work.range);
    for (SpoolRecord& record : records) {
      auto prepared = preparer_.Prepare(record);
      work.batch.Add(std::move(record), std::move(prepared));
    }
    return work;
  }
  PreparedWork Events(std::uint64_t first, std::uint64_t last) {
    std::vector<SpoolRecord> records;
    for (std::uint64_t seq = first; seq <= last; ++seq) records.push_back(RecordOf(seq));
    return WorkOf(std::move(records), first);
  }

  FakeSpool spool_;
  FakeWriter writer_;
  OpenRanges open_ranges_{"", SomeSpoolId()};
  Metrics metrics_;
  DigestTelemetry telemetry_{metrics_};
  FixedClock clock_;
  CountingRandom random_;
  WordPreparer preparer_;
  std::vector<std::chrono::milliseconds> pauses_;
  std::size_t stop_at_pause_ = SIZE_MAX;
  BatchCommitter committer_;
};

TEST_F(BatchCommitterTest, AGoodBatchIsOneTransactionAndThenReleased) {
  writer_.position = 1;
  EXPECT_EQ(committer_.Commit(Events(1, 100)), End::kCommitted);
  EXPECT_THAT(writer_.commits, ElementsAre(Pair(1, 101)));
  EXPECT_EQ(spool_.Released(), 101u);
  EXPECT_TRUE(pauses_.empty());
}

TEST_F(BatchCommitterTest, NothingIsReleasedBeforeTheCommit) {
  writer_.position = 1;
  writer_.before_commit = [&](const DigestBatch&) { EXPECT_EQ(spool_.Released(), 0u); };
  EXPECT_EQ(committer_.Commit(Events(1, 10)), End::kCommitted);
}

// Any set of poison records: each ends in dead_letter, all others are stored, once, in order, with
// an unbroken fence.
TEST_F(BatchCommitterTest, BisectFindsExactlyThePoison) {
  std::mt19937 dice(4);
  std::uint64_t first = 1;
  writer_.position = 1;
  std::set<std::uint64_t> all_poison;
  for (int round = 0; round < 200; ++round) {
    const std::uint64_t size = 1 + dice() % 40;
    for (std::uint64_t i = dice() % 4; i > 0; --i) writer_.poison.insert(first + dice() % size);
    ASSERT_EQ(committer_.Commit(Events(first, first + size - 1)), End::kCommitted);
    first += size;
    ASSERT_EQ(writer_.position, first);
  }
  std::set<std::uint64_t> refused;
  for (const DeadLetter& letter : writer_.dead_letters) {
    refused.insert(letter.seq);
    EXPECT_EQ(letter.reason, "database");
    EXPECT_EQ(letter.detail, "SQLSTATE 22021: invalid byte");
    EXPECT_EQ(letter.payload, "event");
  }
  EXPECT_EQ(refused, writer_.poison);
  EXPECT_EQ(refused.size(), writer_.dead_letters.size());
  EXPECT_EQ(writer_.stored.size() + refused.size(), first - 1);
  EXPECT_TRUE(std::is_sorted(writer_.stored.begin(), writer_.stored.end()));
  EXPECT_EQ(spool_.Released(), first);
  EXPECT_TRUE(pauses_.empty()) << "poison is no outage";
}

TEST_F(BatchCommitterTest, BisectKeepsOutcomesDeadLettersAndGaps) {
  writer_.position = 3;
  writer_.poison = {9};
  auto work = WorkOf({RecordOf(5, "x", RecordType::kOutcomes), RecordOf(6, "junk"), RecordOf(9),
                      RecordOf(12), RecordOf(20, "x", RecordType::kOutcomes)},
                     3);
  EXPECT_EQ(committer_.Commit(std::move(work)), End::kCommitted);
  EXPECT_EQ(writer_.outcome_quantity, 2);
  EXPECT_THAT(writer_.outcomes_until, ElementsAre(9, 21)) << "each with its record";
  EXPECT_THAT(writer_.stored, ElementsAre(12));
  ASSERT_EQ(writer_.dead_letters.size(), 2u);
  EXPECT_EQ(writer_.dead_letters[0].reason, "undecodable");
  EXPECT_EQ(writer_.dead_letters[1].reason, "database");
  EXPECT_EQ(writer_.position, 21u);
  for (std::size_t i = 1; i < writer_.commits.size(); ++i) {
    EXPECT_EQ(writer_.commits[i].first, writer_.commits[i - 1].second);
  }
}

TEST_F(BatchCommitterTest, AnOutageIsWaitedOutWithGrowingPauses) {
  writer_.position = 1;
  writer_.refusals.assign(3, Refusal{});
  writer_.position_failures = 0;
  EXPECT_EQ(committer_.Commit(Events(1, 10)), End::kCommitted);
  EXPECT_THAT(writer_.commits, ElementsAre(Pair(1, 11)));
  EXPECT_EQ(pauses_.size(), 3u);
  EXPECT_TRUE(writer_.dead_letters.empty()) << "an outage never makes poison";
}

TEST_F(BatchCommitterTest, PausesDoubleUpToTheCapWithJitter) {
  writer_.position = 1;
  writer_.refusals.assign(12, Refusal{});
  EXPECT_EQ(committer_.Commit(Events(1, 1)), End::kCommitted);
  ASSERT_EQ(pauses_.size(), 12u);
  auto step = Backoff::kFirst;
  for (const auto pause : pauses_) {
    EXPECT_GE(pause, step / 2);
    EXPECT_LE(pause, step);
    step = std::min(step * 2, Backoff::kCap);
  }
  writer_.refusals.assign(1, Refusal{});
  EXPECT_EQ(committer_.Commit(Events(2, 2)), End::kCommitted);
  EXPECT_LE(pauses_.back(), Backoff::kFirst) << "a commit resets the backoff";
}

TEST_F(BatchCommitterTest, AStopEndsTheWait) {
  writer_.position = 1;
  writer_.refusals.assign(100, Refusal{});
  stop_at_pause_ = 3;
  EXPECT_EQ(committer_.Commit(Events(1, 10)), End::kStopped);
  EXPECT_TRUE(writer_.stored.empty());
  EXPECT_EQ(spool_.Released(), 0u);
}

TEST_F(BatchCommitterTest, NoRangeIsOpenWhileTheDatabaseIsAway) {
  writer_.position = 1;
  writer_.refusals.assign(50, Refusal{});
  stop_at_pause_ = 2;
  EXPECT_EQ(committer_.Commit(Events(1, 10)), End::kStopped);
  EXPECT_EQ(open_ranges_.Text().find("open 1"), std::string::npos) << open_ranges_.Text();
}

// What is being tried is open, and nothing else: not what is stored already.
TEST_F(BatchCommitterTest, TheRangeIsOpenAgainForEachTry) {
  writer_.position = 1;
  writer_.poison = {7};
  writer_.refusals.assign(2, Refusal{});
  int calls = 0;
  writer_.before_commit = [&](const DigestBatch& batch) {
    if (++calls == 6) {
      std::lock_guard lock(writer_.mutex_);
      writer_.refusals.assign(1, Refusal{});
    }
    EXPECT_NE(
        open_ranges_.Text().find("\nopen " + std::to_string(batch.expected_seq) + " 9 0\nend"),
        std::string::npos)
        << "call " << calls << ": " << open_ranges_.Text();
  };
  EXPECT_EQ(committer_.Commit(Events(1, 8)), End::kCommitted);
  EXPECT_GT(calls, 6);
  EXPECT_EQ(open_ranges_.Text().find("open "), std::string::npos) << open_ranges_.Text();
}

TEST_F(BatchCommitterTest, ACommitWhoseAnswerGotLostIsNotRepeated) {
  writer_.position = 1;
  writer_.refusals = {{CommitFailure::Kind::kRetry, true}};
  EXPECT_EQ(committer_.Commit(Events(1, 10)), End::kCommitted);
  EXPECT_EQ(writer_.commit_calls, 1);
  EXPECT_EQ(writer_.stored.size(), 10u);
  EXPECT_EQ(spool_.Released(), 11u);
}

TEST_F(BatchCommitterTest, AMovedPositionAsksForARestart) {
  writer_.position = 50;
  EXPECT_EQ(committer_.Commit(Events(1, 10)), End::kRestart);
  EXPECT_TRUE(writer_.stored.empty());
  EXPECT_EQ(spool_.Released(), 0u);
  EXPECT_EQ(metrics_.GetCounter("mishap_digest_fences_total", "").Value(), 1);
}

TEST_F(BatchCommitterTest, AnOutageInTheMiddleOfABisectKeepsWhatIsDone) {
  writer_.position = 1;
  writer_.poison = {7};
  int calls = 0;
  writer_.before_commit = [&](const DigestBatch&) {
    if (++calls == 3) {
      std::lock_guard lock(writer_.mutex_);
      writer_.refusals.assign(2, Refusal{});
    }
  };
  EXPECT_EQ(committer_.Commit(Events(1, 8)), End::kCommitted);
  EXPECT_THAT(writer_.stored, ElementsAre(1, 2, 3, 4, 5, 6, 8));
  EXPECT_EQ(writer_.dead_letters.size(), 1u);
  EXPECT_EQ(open_ranges_.PlanAt(1), ReadPlan{});
}

TEST_F(BatchCommitterTest, TheFirstPositionIsAskedForUntilTheDatabaseAnswers) {
  spool_.Fill(5, 10);
  writer_.position_failures = 4;
  EXPECT_EQ(committer_.FirstPosition(11), 5u) << "an unknown spool starts at its oldest record";
  EXPECT_EQ(pauses_.size(), 4u);
}

TEST_F(BatchCommitterTest, APositionBeyondTheSpoolMovesTheSpool) {
  writer_.position = 500;
  spool_.Fill(1, 10);
  EXPECT_EQ(committer_.FirstPosition(11), 500u);
  EXPECT_EQ(spool_.Stats().next_seq, 500u);
  EXPECT_EQ(metrics_.GetCounter("mishap_digest_position_ahead_total", "").Value(), 1);
}

TEST_F(BatchCommitterTest, RecordsAcknowledgedBelowAPositionAheadAreNotLost) {
  writer_.position = 500;
  spool_.Fill(1, 10);
  const std::uint64_t end_at_start = spool_.Stats().next_seq;
  spool_.Fill(11, 20);  // the database was away, the doors were not
  spool_.RefuseAdvance();
  EXPECT_EQ(committer_.FirstPosition(end_at_start), 11u);
  EXPECT_EQ(writer_.position, 11u);
}

}  // namespace
}  // namespace mishap

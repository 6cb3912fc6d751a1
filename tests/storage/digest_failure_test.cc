// The digest transaction when something is in the way: poison, lost connections, two writers,
// locks, rotation.
#include <array>
#include <chrono>
#include <latch>
#include <thread>

#include "storage/dedupe_rotation.h"
#include "tests/storage/digest_fixture.h"
#include "tests/storage/lock_holder.h"

namespace mishap {
namespace {

class DigestFailure : public DigestTest {};

TEST_F(DigestFailure, BadDataIsToldFromTroubleAndLeavesNothing) {
  ASSERT_TRUE(writer_->Position(kTestSpool, 0));
  DigestEvent poison = MakeEvent(2, 2);
  poison.title = std::string("nul \0 in text", 13);
  auto commit = writer_->Commit(BatchOf({MakeEvent(1, 1), poison}, 0));
  ASSERT_FALSE(commit);
  EXPECT_EQ(commit.error().kind, CommitFailure::Kind::kData) << commit.error().detail;
  EXPECT_EQ(commit.error().sqlstate.substr(0, 2), "22");
  EXPECT_EQ(
      db_.Number(
          "select (select count(*) from tenant.event_seen) + (select count(*) from tenant.issue) "
          "+ (select count(*) from tenant.outcome)"),
      0);
  EXPECT_EQ(Store({MakeEvent(1, 1)}).stored, 1u) << "the same connection goes on";

  DigestEvent bad_json = MakeEvent(3, 3);
  bad_json.metadata_json = "{nope";
  auto second = writer_->Commit(BatchOf({bad_json}, 1));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, CommitFailure::Kind::kData);
}

TEST_F(DigestFailure, ALostConnectionIsARetryAndTheBatchFitsAfterwards) {
  Store({MakeEvent(1, 1)});
  db_.Rows(
      "select pg_terminate_backend(pid) from pg_stat_activity "
      "where application_name = 'mishap digest' and datname = current_database()");
  const DigestBatch batch = BatchOf({MakeEvent(2, 1)}, next_seq_);
  auto lost = writer_->Commit(batch);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, CommitFailure::Kind::kRetry) << lost.error().sqlstate;
  auto again = writer_->Commit(batch);
  ASSERT_TRUE(again) << again.error().detail;
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), 2);
}

// "No partition" is told by what was violated, never by words: they may be a client's.
TEST_F(DigestFailure, ACheckThatIsViolatedIsDataWhateverTheEventSays) {
  ASSERT_TRUE(writer_->Position(kTestSpool, 0));
  db_.Rows("alter table tenant.issue add constraint no_poison check (culprit <> 'poison')");
  DigestEvent poison = MakeEvent(1, 1);
  poison.title = "no partition of relation found for row";
  poison.culprit = "poison";
  auto commit = writer_->Commit(BatchOf({poison}, 0));
  ASSERT_FALSE(commit);
  EXPECT_EQ(commit.error().sqlstate, "23514");
  EXPECT_EQ(commit.error().kind, CommitFailure::Kind::kData) << "a retry would last for ever";
}

// A restore, or a standby that had not got everything: what the writer knew may be gone.
TEST_F(DigestFailure, BehindANewConnectionNothingIsTakenAsKnown) {
  auto event = [](std::uint64_t n, const char* environment) {
    DigestEvent made = MakeEvent(n, 1);
    made.environment = environment;
    made.user_hash = 42;
    return made;
  };
  Store({event(1, "staging")});
  ASSERT_TRUE(writer_->IsKnown(ProjectId{1}, 1, 1, HashOf(1)));
  const DigestBatch batch = BatchOf({event(2, "staging")}, next_seq_);
  db_.Rows("truncate tenant.environment, tenant.tag_key, tenant.tag_value, tenant.hash_user");
  db_.Rows("update tenant.project_counter set next_environment = 1, next_tag_key = 1");
  db_.Rows(
      "select pg_terminate_backend(pid) from pg_stat_activity "
      "where application_name = 'mishap digest' and datname = current_database()");
  ASSERT_FALSE(writer_->Commit(batch));
  EXPECT_FALSE(writer_->IsKnown(ProjectId{1}, 1, 1, HashOf(1)));
  auto commit = writer_->Commit(batch);
  ASSERT_TRUE(commit) << commit.error().detail;
  EXPECT_EQ(db_.Number("select count(*) from tenant.environment where name = 'staging'"), 1);
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_value"), 2);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_user"), 2);
}

TEST_F(DigestFailure, NoServerIsARetryAndPositionSaysUnavailable) {
  auto writer = DigestWriter::Make("host=/nonexistent dbname=x", metrics_);
  EXPECT_EQ(writer->Position(kTestSpool, 0).error().reason, Reason::kUnavailable);
  auto commit = writer->Commit(BatchOf({MakeEvent(1, 1)}, 0));
  ASSERT_FALSE(commit);
  EXPECT_EQ(commit.error().kind, CommitFailure::Kind::kRetry);
}

TEST_F(DigestFailure, PositionsOfTwoSpoolsAreApart) {
  const SpoolId other{{9}};
  EXPECT_EQ(writer_->Position(kTestSpool, 5).value(), 5u);
  EXPECT_EQ(writer_->Position(other, 100).value(), 100u);
  EXPECT_EQ(writer_->Position(kTestSpool, 77).value(), 5u);
  auto fenced = writer_->Commit(BatchOf({MakeEvent(1, 1)}, 6));
  ASSERT_FALSE(fenced);
  EXPECT_EQ(fenced.error().kind, CommitFailure::Kind::kFenced);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), 0);
}

TEST_F(DigestFailure, AHeldLockIsARetry) {
  Store({MakeEvent(1, 1)});
  auto writer = NewWriter({.retention_days = 90, .lock_timeout_ms = 20});
  const DigestBatch batch = BatchOf({MakeEvent(2, 1)}, next_seq_);
  {
    LockHolder holder(db_.ConnInfo(), "select from tenant.hash_row for update");
    auto commit = writer->Commit(batch);
    ASSERT_FALSE(commit);
    EXPECT_EQ(commit.error().sqlstate, "55P03");
    EXPECT_EQ(commit.error().kind, CommitFailure::Kind::kRetry);
  }
  EXPECT_TRUE(writer->Commit(batch));
}

// Two servers on one database: every hash is new to both at the same moment.
TEST_F(DigestFailure, TwoWritersOneFirstSighting) {
  constexpr int kRounds = 25;
  constexpr std::uint64_t kHashes = 20;
  auto run = [&](std::uint64_t who, std::latch& start, std::array<std::uint64_t, 2>& made) {
    auto writer = NewWriter();
    SpoolId spool{{static_cast<std::uint8_t>(who + 1)}};
    std::uint64_t seq = writer->Position(spool, 0).value();
    start.arrive_and_wait();
    for (std::uint64_t round = 0; round < kRounds; ++round) {
      std::vector<DigestEvent> events;
      for (std::uint64_t h = 0; h < kHashes; ++h) {
        // The second writer meets the keys in the opposite order.
        const std::uint64_t hash = round * kHashes + (who == 0 ? h : kHashes - 1 - h);
        events.push_back(MakeEvent((who * kRounds + round) * kHashes + h, hash,
                                   1 + static_cast<std::int64_t>(hash % 3)));
        events.back().alias = HashOf(100'000 + hash / 2);  // pairs of keys share an alias
        events.back().release = "r" + std::to_string(hash % 4);
        events.back().tags.front().second = "v" + std::to_string(hash);
        events.back().user_hash = hash + who * 1'000'000 + 1;
      }
      DigestBatch batch = BatchOf(std::move(events), seq);
      batch.spool = spool;
      for (;;) {
        auto commit = writer->Commit(batch);
        if (commit) {
          made[who] += commit->new_issues;
          break;
        }
        ASSERT_EQ(commit.error().kind, CommitFailure::Kind::kRetry) << commit.error().detail;
      }
      seq = batch.next_seq;
    }
  };
  std::array<std::uint64_t, 2> made{};
  std::latch start(2);
  std::thread other([&] { run(1, start, made); });
  run(0, start, made);
  other.join();

  EXPECT_EQ(made[0] + made[1],
            static_cast<std::uint64_t>(db_.Number("select count(*) from tenant.issue")));
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where times_seen = 0"), 0);
  EXPECT_EQ(db_.Number("select count(*) from tenant.outbox where kind = 'issue_new'"),
            db_.Number("select count(*) from tenant.issue"))
      << "one effect per first sighting";
  EXPECT_EQ(db_.Number("select count(distinct issue_id) from tenant.outbox"),
            db_.Number("select count(*) from tenant.issue"));
  EXPECT_EQ(
      db_.Number(
          "select count(*) from tenant.hash_row h where not exists "
          "(select from tenant.issue i where i.project_id = h.project_id and i.id = h.issue_id)"),
      0);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_row where kind = 1"), kRounds * 20);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.issue"), 2 * kRounds * 20);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.hash_row"), 2 * kRounds * 20);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.hash_hour"), 2 * kRounds * 20);
  EXPECT_EQ(db_.Number("select sum(quantity) from tenant.outcome"), 2 * kRounds * 20);
  EXPECT_EQ(db_.Number("select sum(users_seen) from tenant.issue"), 2 * kRounds * 20);
}

// Each writer has a user the other does not know of, on a hash row of its own of the same issue.
TEST_F(DigestFailure, TwoWritersOnOneIssueCountEachOthersUsers) {
  auto event = [](std::uint64_t n, std::uint64_t hash) {
    DigestEvent made = MakeEvent(n, hash);
    made.alias = HashOf(99);  // two hash rows, one issue
    return made;
  };
  Store({event(1, 1), event(2, 2)});
  auto run = [&](std::uint64_t who) {
    auto writer = NewWriter();
    DigestEvent made = event(10 + who, who);
    made.user_hash = 100 + who;
    DigestBatch batch = BatchOf({made}, 0);
    batch.spool = SpoolId{{static_cast<std::uint8_t>(who)}};
    ASSERT_TRUE(writer->Position(batch.spool, 0));
    auto commit = writer->Commit(batch);
    EXPECT_TRUE(commit) << commit.error().detail;
  };
  auto holder = std::make_unique<LockHolder>(db_.ConnInfo(), "select from tenant.issue for update");
  std::thread first([&] { run(1); });
  std::thread second([&] { run(2); });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(4);
  while (db_.Number("select count(*) from pg_stat_activity where wait_event_type = 'Lock' "
                    "and datname = current_database()") < 2) {
    if (std::chrono::steady_clock::now() > end) {
      ADD_FAILURE() << "the writers do not wait for the issue";
      break;
    }
  }
  holder.reset();
  first.join();
  second.join();
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue"), 1);
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 2);
}

// The same client repeat reaches two servers while the generation changes again and again.
TEST_F(DigestFailure, ARepeatOnTwoServersIsStoredOnceWhileGenerationsRotate) {
  constexpr std::uint64_t kEvents = 300;
  std::array<DigestCommit, 2> total{};
  auto run = [&](std::uint64_t who) {
    auto writer = NewWriter();
    SpoolId spool{{static_cast<std::uint8_t>(who + 1)}};
    std::uint64_t seq = writer->Position(spool, 0).value();
    for (std::uint64_t n = 0; n < kEvents; n += 10) {
      std::vector<DigestEvent> events;
      for (std::uint64_t i = n; i < n + 10; ++i) events.push_back(MakeEvent(i, i % 5));
      DigestBatch batch = BatchOf(std::move(events), seq);
      batch.spool = spool;
      auto commit = writer->Commit(batch);
      while (!commit && commit.error().kind == CommitFailure::Kind::kRetry)
        commit = writer->Commit(batch);
      ASSERT_TRUE(commit) << commit.error().detail;
      total[who].stored += commit->stored;
      total[who].duplicates += commit->duplicates;
      seq = batch.next_seq;
    }
  };
  std::thread other([&] { run(1); });
  std::thread rotation([&] {
    Session session(ConnectionSettings{.conninfo = db_.ConnInfo()});
    db_.Rows("update control.dedupe_generation set started_at = now() - interval '25 hours'");
    EXPECT_EQ(RotateDedupe(session).value(), 2);
  });
  run(0);
  other.join();
  rotation.join();
  EXPECT_EQ(total[0].stored + total[1].stored, kEvents);
  EXPECT_EQ(total[0].duplicates + total[1].duplicates, kEvents);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), kEvents);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.issue"), kEvents);
}

}  // namespace
}  // namespace mishap

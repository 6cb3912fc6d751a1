// Exactly one issue per first sighting (grouping 14.3, 19): many writers, one new error.
#include <atomic>
#include <thread>

#include "tests/storage/digest_fixture.h"

namespace mishap {
namespace {

constexpr std::uint64_t kThreads = 64;
constexpr std::uint64_t kSightings = 1'000;

class FirstSighting : public DigestTest {
 protected:
  // Each thread is a server of its own: a spool, a writer, one batch.
  template <class Make>
  void Run(const Make& make_event) {
    std::vector<std::thread> threads;
    for (std::uint64_t who = 0; who < kThreads; ++who) {
      threads.emplace_back([&, who] {
        auto writer = NewWriter();
        std::vector<DigestEvent> events;
        for (std::uint64_t n = 0; n < kSightings; ++n) {
          events.push_back(make_event(who, who * kSightings + n));
        }
        DigestBatch batch = BatchOf(std::move(events), 0);
        batch.spool = SpoolId{{static_cast<std::uint8_t>(who + 1)}};
        while (!writer->Position(batch.spool, 0)) ++retries_;
        auto commit = writer->Commit(batch);
        while (!commit && commit.error().kind == CommitFailure::Kind::kRetry) {
          ++retries_;
          commit = writer->Commit(batch);
        }
        ASSERT_TRUE(commit) << commit.error().sqlstate << " " << commit.error().detail;
        new_issues_ += commit->new_issues;
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  std::atomic<std::uint64_t> new_issues_{0};
  std::atomic<std::uint64_t> retries_{0};
};

TEST_F(FirstSighting, SixtyFourThreadsTimesAThousandOfOneErrorAreOneIssue) {
  Run([](std::uint64_t, std::uint64_t n) {
    DigestEvent event = MakeEvent(n, 1);
    event.tags.clear();
    event.tag_rolled_up.clear();
    event.received_at = Noon(static_cast<std::int64_t>(n % 60));
    return event;
  });
  EXPECT_EQ(new_issues_, 1u);
  EXPECT_EQ(db_.Dump("select count(*), sum(times_seen) from tenant.issue"), "1|64000|\n");
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_row where kind <> 3"), 1);
  EXPECT_EQ(db_.Dump("select kind, count(*) from tenant.outbox group by 1"), "issue_new|1|\n");
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), 64'000);
  RecordProperty("retries", std::to_string(retries_));
}

// Two statements of one function that throw the same (one PM), first seen by different servers at
// once: one issue by the alias.
TEST_F(FirstSighting, TwoStatementsWithOneAliasAreOneIssue) {
  Run([](std::uint64_t who, std::uint64_t n) {
    DigestEvent event = MakeEvent(n, 1 + who % 2);
    event.alias = HashOf(9);
    event.tags.clear();
    event.tag_rolled_up.clear();
    event.received_at = Noon(static_cast<std::int64_t>(n % 60));
    return event;
  });
  EXPECT_EQ(new_issues_, 1u);
  EXPECT_EQ(db_.Dump("select count(*), sum(times_seen) from tenant.issue"), "1|64000|\n");
  EXPECT_EQ(
      db_.Dump("select kind, origin, count(*) from tenant.hash_row group by 1, 2 order by 1, 2"),
      "1|0|1|\n1|1|1|\n3|0|1|\n");
}

}  // namespace
}  // namespace mishap

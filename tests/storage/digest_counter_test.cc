// Counters of the digest transaction: tags and their cap, users, hours, partitions and retention.
#include <random>

#include "storage/partitions.h"
#include "tests/storage/digest_fixture.h"

namespace mishap {
namespace {

class DigestCounters : public DigestTest {
 protected:
  // `count` events of one hash row, the tag "n" of each with a value of its own.
  std::vector<DigestEvent> Tagged(std::uint64_t from, std::uint64_t count) {
    std::vector<DigestEvent> events;
    for (std::uint64_t n = from; n < from + count; ++n) {
      DigestEvent event = MakeEvent(n, 1);
      event.tags = {{"n", std::to_string(n)}};
      event.tag_rolled_up = {true};
      events.push_back(event);
    }
    return events;
  }
};

TEST_F(DigestCounters, ATagKeepsItsNewestThousandValuesAndCountsTheOthers) {
  Store(Tagged(0, 1000));
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_tag"), 1000);
  Store(Tagged(1000, 1));
  EXPECT_LE(db_.Number("select count(*) from tenant.hash_tag where value_id <> 0"), 1000);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.hash_tag"), 1001);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_tag where value_id = 0"), 1);
  EXPECT_EQ(
      db_.Number(
          "select count(*) from tenant.hash_tag t join tenant.tag_value v on v.id = t.value_id "
          "where v.value = '1000'"),
      1)
      << "the newest stays";
  EXPECT_EQ(
      db_.Number(
          "select count(*) from tenant.hash_tag t join tenant.tag_value v on v.id = t.value_id "
          "where v.value = '0'"),
      0)
      << "the oldest went";
  Store(Tagged(1001, 500));
  EXPECT_LE(db_.Number("select count(*) from tenant.hash_tag where value_id <> 0"), 1000);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.hash_tag"), 1501);
}

// A tag that is new with every event must not fill the dictionary for ever.
TEST_F(DigestCounters, ATagsDictionaryIsBoundedAndTheRestCountsAsOther) {
  DigestWriterOptions options;
  options.names.tag_values_per_key_max = 30;
  writer_ = NewWriter(options);
  Store(Tagged(0, 20));
  Store(Tagged(20, 20));
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_value"), 30);
  writer_ = NewWriter(options);  // counts what is there
  Store(Tagged(40, 20));
  Store(Tagged(60, 20));
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_value"), 30);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.hash_tag"), 80);
  EXPECT_EQ(db_.Number("select times_seen from tenant.hash_tag where value_id = 0"), 50);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event where 0 = any(tag_values)"), 0);
  EXPECT_EQ(db_.Number("select sum(cardinality(tag_values)) from tenant.event"), 30);

  DigestEvent known = Tagged(5, 1).front();
  known.event_id = EventIdOf(1'000);
  known.tags.emplace_back("m", "another key has room");
  known.tag_rolled_up.push_back(true);
  Store({known});
  EXPECT_EQ(db_.Number("select max(times_seen) from tenant.hash_tag where value_id <> 0"), 2);
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_value"), 31);
}

TEST_F(DigestCounters, NamesBeyondAProjectsLimitsCountAsNone) {
  DigestWriterOptions options;
  options.names = {
      .environments_max = 2, .releases_max = 3, .tag_keys_max = 4, .tag_values_per_key_max = 100};
  writer_ = NewWriter(options);
  for (std::uint64_t n = 0; n < 20; n += 2) {
    std::vector<DigestEvent> events{MakeEvent(n, 1), MakeEvent(n + 1, 1, 2)};
    for (DigestEvent& event : events) {
      const std::string own = std::to_string(n);
      event.environment = "environment " + own;
      event.release = "release " + own;
      event.tags = {{"key " + own, "value"}};
      event.tag_rolled_up = {true};
    }
    Store(std::move(events));
  }
  EXPECT_EQ(db_.Number("select count(*) from tenant.environment"), 2 * 2);
  EXPECT_EQ(db_.Number("select count(*) from tenant.project_release"), 2 * 3);
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_key"), 2 * 4);
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_value"), 2 * 4);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), 20);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event where environment_id = 0"), 2 * 8);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event where release_id = 0"), 2 * 7);
  EXPECT_EQ(db_.Number("select sum(times_seen) from tenant.hash_hour"), 20);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_tag where key_id = 0"), 0);
}

TEST_F(DigestCounters, UsersAreCountedOncePerIssueOverDaysAndEnvironments) {
  std::vector<DigestEvent> events;
  for (std::uint64_t n = 0; n < 40; ++n) {
    DigestEvent event = MakeEvent(n, 1 + n % 2);
    event.alias = HashOf(99);  // two hash rows, one issue
    event.user_hash = n % 10 + 1;
    event.environment = n % 3 == 0 ? "a" : "b";
    if (n % 4 == 0) event.received_at.micros -= kMicrosPerDay;
    events.push_back(event);
  }
  Store({events.begin(), events.begin() + 20});
  Store({events.begin() + 20, events.end()});
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 10);
  EXPECT_GT(db_.Number("select count(*) from tenant.hash_user where environment_id <> -1"), 4);
}

// A flood of hash rows in one issue: their merged sketch is kept, so that a batch does not read
// them all, and what is kept says the same as the rows.
TEST_F(DigestCounters, UsersOfAnIssueOfManyHashRowsComeFromAKeptSketch) {
  auto events = [](std::uint64_t from, std::uint64_t to) {
    std::vector<DigestEvent> made;
    for (std::uint64_t n = from; n < to; ++n) {
      DigestEvent event = MakeEvent(n, 1 + n % 100);
      event.alias = HashOf(999);
      event.user_hash = n % 150 + 1;
      made.push_back(event);
    }
    return made;
  };
  Store(events(0, 60));
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 60);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_user where hash_row < 0"), 0);
  Store(events(60, 120));
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 120);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_user where hash_row < 0"), 1);
  Store(events(120, 170));
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 150);
  db_.Rows("delete from tenant.hash_user where hash_row < 0");
  DigestEvent last = MakeEvent(500, 1);
  last.user_hash = 1'000;
  Store({last});
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 151) << "merged from the rows again";
}

TEST_F(DigestCounters, ManyUsersAreEstimated) {
  std::mt19937_64 random(11);
  for (std::uint64_t round = 0; round < 4; ++round) {
    std::vector<DigestEvent> events;
    for (std::uint64_t n = 0; n < 500; ++n) {
      DigestEvent event = MakeEvent(round * 500 + n, 1);
      event.user_hash = random();
      events.push_back(event);
    }
    Store(std::move(events));
  }
  EXPECT_NEAR(static_cast<double>(db_.Number("select users_seen from tenant.issue")), 2000,
              2000 * 0.08);
}

TEST_F(DigestCounters, AnotherWriterGoesOnFromTheStoredSketches) {
  DigestEvent one = MakeEvent(1, 1);
  one.user_hash = 1;
  Store({one});
  writer_ = NewWriter();  // a restart: nothing remembered
  DigestEvent two = MakeEvent(2, 1);
  two.user_hash = 2;
  DigestEvent again = MakeEvent(3, 1);
  again.user_hash = 1;
  Store({two, again});
  EXPECT_EQ(db_.Number("select users_seen from tenant.issue"), 2);
  EXPECT_EQ(db_.Number("select count(*) from tenant.tag_value"), 2)
      << "names are found, not made again";
}

TEST_F(DigestCounters, HoursAreUtcAndPerEnvironment) {
  DigestEvent one = MakeEvent(1, 1);
  DigestEvent two = MakeEvent(2, 1);
  two.received_at = Noon(3599);
  DigestEvent three = MakeEvent(3, 1);
  three.received_at = Noon(3600);
  three.environment = "";
  Store({one, two, three});
  EXPECT_EQ(
      db_.Dump("select extract(hour from hour at time zone 'UTC'), environment_id, times_seen "
               "from tenant.hash_hour order by 1"),
      "12|1|2|\n13|0|1|\n");
}

TEST_F(DigestCounters, MissingDaysAreMadeOnDemandAndAgainAfterADrop) {
  DigestEvent old = MakeEvent(1, 1);
  old.received_at.micros -= 5 * kMicrosPerDay;
  EXPECT_EQ(Store({old, MakeEvent(2, 1)}).stored, 2u);
  Session session(ConnectionSettings{.conninfo = db_.ConnInfo()});
  EXPECT_EQ(ListPartitions(session).value().size(), 2u);
  EXPECT_EQ(DropPartitionsBefore(session, Noon()).value(), 1);
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), 1);
  EXPECT_EQ(db_.Number("select times_seen from tenant.issue"), 2) << "counters outlive events";
  DigestEvent older = MakeEvent(3, 1);
  older.received_at.micros -= 5 * kMicrosPerDay;
  EXPECT_EQ(Store({older}).stored, 1u) << "inside retention, so its day is made again";
}

TEST_F(DigestCounters, EventsOlderThanRetentionExpire) {
  writer_ = NewWriter({.retention_days = 3, .lock_timeout_ms = 5000});
  const std::int64_t today = FloorToDay(SystemClock().Now()).micros;
  DigestEvent kept = MakeEvent(1, 1);
  kept.received_at.micros = today - 3 * kMicrosPerDay;
  DigestEvent old = MakeEvent(2, 1);
  old.received_at.micros = today - 3 * kMicrosPerDay - 1;
  const DigestCommit commit = Store({kept, old});
  EXPECT_EQ(commit.stored, 1u);
  EXPECT_EQ(commit.expired, 1u);
  EXPECT_EQ(
      db_.Number(
          "select sum(quantity) from tenant.outcome where outcome = 3 and reason = 'expired'"),
      1);
}

}  // namespace
}  // namespace mishap

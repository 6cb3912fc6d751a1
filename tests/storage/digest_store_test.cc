// The digest transaction, one writer: what is stored, what is not stored twice, what happens to
// issues.
#include <algorithm>
#include <random>

#include "base/bytes.h"
#include "event/payload_codec.h"
#include "tests/storage/digest_fixture.h"

namespace mishap {
namespace {

TEST_F(DigestTest, AnEventIsStoredWholeAndMakesAnIssue) {
  DigestEvent event = MakeEvent(1, 7);
  event.user_hash = 0xffffffffffffffffULL;
  event.message_hash = HashOf(70);
  event.tags.emplace_back("trace", "abc");
  event.tag_rolled_up.push_back(false);
  EXPECT_FALSE(writer_->IsKnown(event.project, 1, 1, event.deciding));
  const DigestCommit commit = Store({event});
  EXPECT_EQ(commit.stored, 1u);
  EXPECT_EQ(commit.new_issues, 1u);
  EXPECT_TRUE(writer_->IsKnown(event.project, 1, 1, event.deciding));

  EXPECT_EQ(
      db_.Dump("select i.id, i.status, i.substatus, i.title, i.times_seen, i.users_seen, "
               "r.version, e.name "
               "from tenant.issue i join tenant.project_release r on r.id = i.first_release_id "
               "join tenant.environment e on e.id = i.last_environment_id"),
      "1000000001|0|1|ValueError: 7|1|1|1.0|production|\n");
  EXPECT_EQ(
      db_.Dump("select v.hash_row, v.user_hash, v.level, v.json_bytes, v.message_hash is null, "
               "v.path_hash is null, convert_from(p.payload, 'UTF8'), cardinality(v.tag_values) "
               "from tenant.event v join tenant.event_payload p using (project_id, event_id, "
               "received_at)"),
      "1|-1|40|100|f|t|payload 1|2|\n");
  EXPECT_EQ(db_.Dump("select k.key, v.value, t.times_seen from tenant.hash_tag t "
                     "join tenant.tag_key k on k.id = t.key_id join tenant.tag_value v on v.id = "
                     "t.value_id order by 1"),
            "browser|Firefox|1|\nos|Linux|1|\n");
  EXPECT_EQ(db_.Dump("select kind, issue_id from tenant.outbox"), "issue_new|1000000001|\n");
  EXPECT_EQ(db_.Dump("select category, outcome, reason, quantity from tenant.outcome"),
            "error|0||1|\n");
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_sample where search_text like '%main%'"),
            1);
  EXPECT_EQ(db_.Number("select next_seq from control.spool_position"), 1);
}

TEST_F(DigestTest, ReplayingABatchIsFencedAndARepeatByTheClientIsADuplicate) {
  const DigestBatch batch = BatchOf({MakeEvent(1, 1), MakeEvent(2, 1)}, 0);
  ASSERT_EQ(writer_->Position(kTestSpool, 0).value(), 0u);
  ASSERT_TRUE(writer_->Commit(batch));
  const std::string tables =
      "select (select count(*) from tenant.event), (select sum(times_seen) from tenant.hash_hour), "
      "(select times_seen from tenant.issue), (select sum(quantity) from tenant.outcome), "
      "(select count(*) from tenant.outbox)";
  const std::string before = db_.Dump(tables);
  auto again = writer_->Commit(batch);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, CommitFailure::Kind::kFenced);
  EXPECT_EQ(db_.Dump(tables), before);
  EXPECT_EQ(writer_->Position(kTestSpool, 99).value(), 2u);

  // The same ids sent again by the client: other records, another time, the third one twice in one
  // batch.
  DigestBatch repeat = BatchOf({MakeEvent(2, 1), MakeEvent(3, 1), MakeEvent(3, 1)}, 2);
  for (DigestEvent& event : repeat.events) event.received_at = Noon(500);
  auto commit = writer_->Commit(repeat);
  ASSERT_TRUE(commit);
  EXPECT_EQ(commit->stored, 1u);
  EXPECT_EQ(commit->duplicates, 2u);
  EXPECT_EQ(db_.Dump("select outcome, reason, quantity from tenant.outcome order by 1, 2"),
            "0||3|\n3|duplicate|2|\n");
  EXPECT_EQ(db_.Number("select count(*) from tenant.event"), 3);
}

TEST_F(DigestTest, TheSameIdInAnotherProjectIsAnotherEvent) {
  EXPECT_EQ(Store({MakeEvent(1, 1, 1), MakeEvent(1, 1, 2)}).stored, 2u);
  EXPECT_EQ(db_.Dump("select id from tenant.issue order by 1"), "1000000001|\n2000000001|\n");
}

TEST_F(DigestTest, ADuplicateIsFoundAcrossOneRotationAndForgottenAfterTwo) {
  auto rotate = [&] {
    db_.Rows("update control.dedupe_generation set generation = generation + 1");
    const std::string g = db_.Value("select generation from control.dedupe_generation");
    db_.Rows("create table tenant.event_seen_" + g +
             " partition of tenant.event_seen for values in (" + g + ")");
  };
  Store({MakeEvent(1, 1)});
  rotate();
  EXPECT_EQ(Store({MakeEvent(1, 1), MakeEvent(2, 1)}).duplicates, 1u);
  rotate();
  DigestEvent late = MakeEvent(1, 1);
  late.received_at = Noon(9000);
  EXPECT_EQ(Store({late}).stored, 1u) << "the promise is 24 to 48 hours";
  EXPECT_EQ(Store({MakeEvent(2, 1)}).duplicates, 1u);
}

TEST_F(DigestTest, AnyOrderOfBatchesGivesTheSameIssue) {
  std::vector<DigestEvent> events;
  for (std::uint64_t n = 1; n <= 12; ++n) {
    DigestEvent event = MakeEvent(n, 1 + n % 2);
    event.alias = HashOf(100);                                   // both keys join one issue
    event.received_at = Noon(static_cast<std::int64_t>(n / 3));  // ties, decided by the id
    event.release = "1." + std::to_string(n % 5);
    event.environment = n % 3 == 0 ? "" : "env" + std::to_string(n % 3);
    event.title = "title " + std::to_string(n);
    event.level = n % 2 == 0 ? Level::kError : Level::kFatal;
    event.user_hash = n % 7;
    events.push_back(event);
  }
  const std::string issue =
      "select times_seen, users_seen, i.first_seen, first_event_id, f.version, fe.name, last_seen, "
      "last_event_id, l.version, le.name, title, level from tenant.issue i "
      "left join tenant.project_release f on f.id = first_release_id "
      "left join tenant.environment fe on fe.id = first_environment_id "
      "left join tenant.project_release l on l.id = last_release_id "
      "left join tenant.environment le on le.id = last_environment_id";
  const std::string counters =
      "select h.hash, r.version, e.name, c.times_seen, c.first_seen, c.last_seen from "
      "tenant.hash_release c "
      "join tenant.hash_row h on h.id = c.hash_row left join tenant.project_release r on r.id = "
      "release_id "
      "left join tenant.environment e on e.id = environment_id order by 1, 2, 3";
  std::string expected;
  std::mt19937 random(5);
  for (int round = 0; round < 8; ++round) {
    FreshDatabase db;
    auto writer = DigestWriter::Make(db.ConnInfo(), metrics_);
    ASSERT_TRUE(writer->Position(kTestSpool, 0));
    std::uint64_t seq = 0;
    for (std::size_t i = 0; i < events.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random() % 5, events.size() - i);
      const DigestBatch batch = BatchOf(
          {events.begin() + static_cast<long>(i), events.begin() + static_cast<long>(i + size)},
          seq);
      ASSERT_TRUE(writer->Commit(batch));
      seq = batch.next_seq;
      i += size;
    }
    const std::string seen = db.Dump(issue) + db.Dump(counters);
    if (expected.empty()) expected = seen;
    EXPECT_EQ(seen, expected) << "round " << round;
    EXPECT_EQ(db.Number("select count(*) from tenant.outbox"), 1);
    std::shuffle(events.begin(), events.end(), random);
  }
  EXPECT_NE(expected.find("12|7|"), std::string::npos) << expected;
}

TEST_F(DigestTest, AnAliasJoinsAnIssueUnlessItIsForbidden) {
  DigestEvent one = MakeEvent(1, 1);
  one.alias = HashOf(50);
  DigestEvent two = MakeEvent(2, 2);
  two.alias = HashOf(50);
  EXPECT_EQ(Store({one}).new_issues, 1u);
  EXPECT_EQ(Store({two}).new_issues, 0u);
  EXPECT_EQ(db_.Dump("select kind, origin, issue_id from tenant.hash_row order by id"),
            "1|0|1000000001|\n3|0|1000000001|\n1|1|1000000001|\n");
  db_.Rows("update tenant.hash_row set no_alias = true where kind = 3");
  DigestEvent three = MakeEvent(3, 3);
  three.alias = HashOf(50);
  EXPECT_EQ(Store({three}).new_issues, 1u);
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue"), 2);
}

TEST_F(DigestTest, ASplitRowLetsTheMessageDecide) {
  DigestEvent one = MakeEvent(1, 1);
  one.message_hash = HashOf(60);
  Store({one});
  db_.Rows("update tenant.hash_row set state = 1");
  DigestEvent two = MakeEvent(2, 1);
  two.message_hash = HashOf(61);
  DigestEvent three = MakeEvent(3, 1);
  three.message_hash = HashOf(61);
  EXPECT_EQ(Store({two, three}).new_issues, 1u);
  EXPECT_EQ(db_.Dump("select kind, times_seen from tenant.hash_row order by id"), "1|1|\n2|2|\n");
}

TEST_F(DigestTest, MergedRowsCountForTheIssueTheyPointTo) {
  Store({MakeEvent(1, 1), MakeEvent(2, 2)});
  db_.Rows("update tenant.hash_row set issue_id = 1000000001 where issue_id = 1000000002");
  Store({MakeEvent(3, 2)});
  EXPECT_EQ(db_.Dump("select id, times_seen from tenant.issue order by 1"),
            "1000000001|2|\n1000000002|1|\n");
}

TEST_F(DigestTest, EventsOfADiscardedRowAreDroppedAndCounted) {
  Store({MakeEvent(1, 1)});
  db_.Rows("update tenant.hash_row set state = 2");
  const DigestCommit commit = Store({MakeEvent(2, 1), MakeEvent(3, 9)});
  EXPECT_EQ(commit.discarded, 1u);
  EXPECT_EQ(commit.stored, 1u);
  EXPECT_EQ(db_.Dump("select outcome, reason, quantity from tenant.outcome order by 1"),
            "0||2|\n1|discarded-hash|1|\n");
  EXPECT_EQ(db_.Number("select times_seen from tenant.issue where id = 1000000001"), 1);
}

TEST_F(DigestTest, APlainResolveIsReopenedOnlyByALaterEvent) {
  Store({MakeEvent(1, 1), MakeEvent(2, 2)});
  db_.Rows("update tenant.issue set status = 1, resolved_at = first_seen + interval '1 hour'");
  db_.Rows(
      "insert into tenant.issue_resolution (project_id, issue_id, kind, release_id, "
      "current_version, "
      "created_at) values (1, 1000000002, 2, 1, '1.0', now())");
  DigestEvent before = MakeEvent(3, 1);
  before.received_at = Noon(7200);  // it came late, but it happened before the resolve
  before.occurred_at = Noon(10);
  Store({before});
  EXPECT_EQ(db_.Number("select status from tenant.issue where id = 1000000001"), 1);
  DigestEvent after = MakeEvent(4, 1);
  after.occurred_at = Noon(7200);
  DigestEvent conditional = MakeEvent(5, 2);
  conditional.occurred_at = Noon(7200);
  Store({after, conditional});
  EXPECT_EQ(db_.Dump("select status, substatus, resolved_at is null from tenant.issue order by id"),
            "0|3|t|\n1|1|f|\n")
      << "release 1.0 is not the next one after 1.0";
  EXPECT_EQ(db_.Dump("select issue_id, kind, details->>'event_id' from tenant.activity"),
            "1000000001|set_regression|" + ToHex(EventIdOf(4)) + "|\n");
  EXPECT_EQ(db_.Number("select count(*) from tenant.outbox where kind = 'issue_regressed'"), 1);
}

TEST_F(DigestTest, OutcomesOfTheDoorAndDeadLettersAreCounted) {
  ASSERT_TRUE(writer_->Position(kTestSpool, 0));
  DigestBatch batch = BatchOf({MakeEvent(1, 1)}, 0);
  batch.outcomes = {
      {ProjectId{1}, KeyId{1}, Noon(), Category::kSession, Outcome::kRateLimited, "key_quota", 5},
      {ProjectId{1}, KeyId{1}, Noon(60), Category::kSession, Outcome::kRateLimited, "key_quota",
       2}};
  DeadLetter letter;
  letter.seq = 1;
  letter.project = ProjectId{1};
  letter.type = 1;
  letter.reason = "undecodable";
  letter.detail = std::string("bad \0 bytes \xff", 13);
  letter.payload = std::string("\0\1", 2);
  batch.dead_letters = {letter};
  batch.next_seq = 2;
  auto commit = writer_->Commit(batch);
  ASSERT_TRUE(commit) << commit.error().detail;
  EXPECT_EQ(
      db_.Dump("select category, outcome, reason, quantity from tenant.outcome order by 1, 2"),
      "error|0||1|\nerror|3|dead_letter|1|\nsession|2|key_quota|7|\n");
  EXPECT_EQ(db_.Dump("select seq, reason, payload from tenant.dead_letter"),
            "1|undecodable|\\x0001|\n");
}

TEST_F(DigestTest, ASampleAndItsExplanationAreKeptForEachHashRow) {
  Store({MakeEvent(1, 1)});
  Store({MakeEvent(2, 1)});
  auto rows = db_.Rows(
      "select convert_from(payload, 'UTF8'), encode(explanation, 'base64') from "
      "tenant.hash_sample");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0][0], "payload 1");
  EXPECT_EQ(PayloadCodec().Decompress(DecodeBase64(rows[0][1]).value(), 1000).value(),
            "{\"why\":\"test\"}");
}

}  // namespace
}  // namespace mishap

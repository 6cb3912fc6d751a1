// From the bytes of a spool record to what the writer takes, with the real codec and reader and a
// grouping of our own.
#include "digest/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "digest/record_preparer.h"
#include "event/event_json.h"
#include "tests/unit/digest/fakes.h"

namespace mishap {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;
using namespace mishap::testing;

Hash128 HashOf(std::uint8_t fill) {
  Hash128 hash;
  hash.bytes.fill(fill);
  return hash;
}

class ChosenGrouping final : public GroupingAlgorithm {
 public:
  std::string_view Id() const override { return "t3"; }
  std::int16_t StoredId() const override { return 3; }
  Grouped Group(const Event&) const override { return grouped; }
  std::string Explain(const Event&) const override { return R"({"why":"a test"})"; }

  Grouped grouped;
};

class PrepareTest : public ::testing::Test {
 protected:
  PrepareTest() {
    grouping_.grouped.keys.site = HashOf(1);
    grouping_.grouped.keys.path = HashOf(2);
    grouping_.grouped.keys.message = HashOf(3);
    grouping_.grouped.keys.alias = HashOf(4);

    event_.id = EventIdOf(9);
    event_.timestamp.micros = 500 * kMicrosPerSecond;
    event_.platform = "python";
    event_.type = "error";
    event_.level = Level::kFatal;
    event_.environment = "prod";
    event_.release = "shop@1.2";
    event_.tags = {{"customer", "gold"}, {"request_id", "r-17"}};
    Exception exception;
    exception.type = "ValueError";
    exception.value = "bad input";
    exception.mechanism.emplace();
    exception.mechanism->handled = false;
    event_.exceptions.push_back(exception);
    event_.user.emplace();
    event_.user->id = "42";
  }

  SpoolRecord Record() const {
    EventRecord record;
    record.event_id = event_.id;
    record.received_at.micros = 600 * kMicrosPerSecond;
    record.key = KeyId{5};
    record.payload = codec_.Compress(WriteEventJson(event_));
    return RecordOf(77, EncodeEventRecord(record));
  }
  DigestEvent Prepared() {
    auto prepared = EventPreparer(codec_, grouping_, writer_).Prepare(Record());
    EXPECT_TRUE(prepared) << prepared.error().detail;
    return *prepared;
  }
  DeadLetter DeadLetterOf(const SpoolRecord& record) {
    auto prepared = MakeRecordPreparer(codec_, grouping_, writer_)->Prepare(record);
    EXPECT_TRUE(std::holds_alternative<DeadLetter>(prepared));
    return std::get<DeadLetter>(prepared);
  }

  PayloadCodec codec_;
  ChosenGrouping grouping_;
  FakeWriter writer_;
  Event event_;
};

TEST_F(PrepareTest, TheRecordAndTheEventMeet) {
  const DigestEvent out = Prepared();
  EXPECT_EQ(out.seq, 77u);
  EXPECT_EQ(out.project, ProjectId{1});
  EXPECT_EQ(out.event_id, event_.id);
  EXPECT_EQ(out.key, KeyId{5});
  EXPECT_EQ(out.received_at.micros, 600 * kMicrosPerSecond);
  EXPECT_EQ(out.occurred_at.micros, 500 * kMicrosPerSecond);
  EXPECT_EQ(out.platform, "python");
  EXPECT_EQ(out.type, "error");
  EXPECT_EQ(out.level, Level::kFatal);
  EXPECT_EQ(out.environment, "prod");
  EXPECT_EQ(out.release, "shop@1.2");
  EXPECT_EQ(out.title, "ValueError: bad input");
  EXPECT_EQ(out.metadata_json, R"({"type":"ValueError","value":"bad input"})");
  EXPECT_THAT(out.search_text, HasSubstr("valueerror: bad input"));
  EXPECT_TRUE(out.unhandled);
  EXPECT_EQ(out.user_hash, UserHash(event_));
}

TEST_F(PrepareTest, ThePayloadIsTheDoors) {
  const DigestEvent out = Prepared();
  EXPECT_EQ(out.payload, DecodeEventRecord(Record().payload)->payload);
  EXPECT_EQ(out.json_bytes, WriteEventJson(event_).size());
}

TEST_F(PrepareTest, TagsAreMarkedForTheRollUp) {
  const DigestEvent out = Prepared();
  ASSERT_EQ(out.tags.size(), out.tag_rolled_up.size());
  EXPECT_THAT(out.tags, Contains(Pair("customer", "gold")));
  EXPECT_THAT(out.tags, Contains(Pair("environment", "prod")));
  for (std::size_t i = 0; i < out.tags.size(); ++i) {
    const std::string& key = out.tags[i].first;
    const bool unique = key == "request_id" || key == "user" || key == "user.id";
    EXPECT_EQ(out.tag_rolled_up[i], !unique) << key;
  }
}

TEST_F(PrepareTest, AnEventWithoutAClockHappenedWhenItCame) {
  event_.timestamp.micros = 0;
  EXPECT_EQ(Prepared().occurred_at.micros, 600 * kMicrosPerSecond);
}

TEST_F(PrepareTest, KeysOfAStack) {
  const DigestEvent out = Prepared();
  EXPECT_EQ(out.algorithm, 3);
  EXPECT_EQ(out.kind, static_cast<std::int16_t>(HashKind::kSite));
  EXPECT_EQ(out.deciding, HashOf(1));
  EXPECT_EQ(out.path_hash, HashOf(2));
  EXPECT_EQ(out.message_hash, HashOf(3));
  EXPECT_EQ(out.alias, HashOf(4));
}

TEST_F(PrepareTest, AWeakStackHasNoAlias) {
  grouping_.grouped.keys.weak = true;
  EXPECT_EQ(Prepared().alias, std::nullopt);
}

TEST_F(PrepareTest, ACustomKeyStandsAlone) {
  grouping_.grouped.keys = {};
  grouping_.grouped.keys.custom = HashOf(8);
  const DigestEvent out = Prepared();
  EXPECT_EQ(out.kind, static_cast<std::int16_t>(HashKind::kCustom));
  EXPECT_EQ(out.deciding, HashOf(8));
  EXPECT_FALSE(out.alias || out.message_hash || out.path_hash);
}

TEST_F(PrepareTest, OnlyAnUnknownHashIsExplained) {
  EXPECT_EQ(Prepared().explanation, R"({"why":"a test"})");
  writer_.known = true;
  EXPECT_EQ(Prepared().explanation, "");
}

TEST_F(PrepareTest, OutcomesPassThrough) {
  OutcomesRecord outcomes;
  outcomes.counts.resize(2);
  auto prepared = MakeRecordPreparer(codec_, grouping_, writer_)
                      ->Prepare(RecordOf(3, EncodeOutcomesRecord(outcomes), RecordType::kOutcomes));
  EXPECT_EQ(std::get<std::vector<OutcomeCount>>(prepared), outcomes.counts);
}

TEST_F(PrepareTest, BytesNobodyCanReadAreUndecodableAndKept) {
  for (const std::string& payload : {std::string(), std::string("\x07nonsense")}) {
    const DeadLetter letter = DeadLetterOf(RecordOf(3, payload));
    EXPECT_EQ(letter.reason, "undecodable");
    EXPECT_EQ(letter.payload, payload);
    EXPECT_NE(letter.detail, "");
  }
  EventRecord record;
  record.key = KeyId{5};
  record.category = Category::kSecurity;
  record.payload = "not a zstd frame";
  DeadLetter letter = DeadLetterOf(RecordOf(3, EncodeEventRecord(record)));
  EXPECT_EQ(letter.reason, "undecodable");
  EXPECT_EQ(letter.key, KeyId{5}) << "its outcome belongs to a key";
  EXPECT_EQ(letter.category, Category::kSecurity);
  record.payload = codec_.Compress("[1,2]");
  EXPECT_EQ(DeadLetterOf(RecordOf(3, EncodeEventRecord(record))).reason, "undecodable");
}

TEST_F(PrepareTest, TypesOfANewerVersionAreKept) {
  for (std::uint8_t type : {std::uint8_t{0}, std::uint8_t{9}, std::uint8_t{200}}) {
    SpoolRecord record = RecordOf(3, "x");
    record.type = type;
    const DeadLetter letter = DeadLetterOf(record);
    EXPECT_EQ(letter.reason, "unknown_type") << int{type};
    EXPECT_EQ(letter.type, type);
    EXPECT_EQ(letter.payload, "x");
  }
}

TEST(DeadLetterTest, ItsDetailIsSafeForTheDatabase) {
  const DeadLetter letter =
      MakeDeadLetter(RecordOf(1), "database", std::string_view("a\0b\xff", 4));
  EXPECT_EQ(letter.detail, "a b\xEF\xBF\xBD");
}

}  // namespace
}  // namespace mishap

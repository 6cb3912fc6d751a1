// Typed records: every type comes back as it went in, and no bytes hurt the reader.
#include "event/typed_record.h"

#include <gtest/gtest.h>

#include "event/quota.h"

namespace mishap {
namespace {

template <class Id>
Id IdOf(std::uint8_t n) {
  Id id;
  id.bytes[3] = n;
  return id;
}

std::vector<TypedBody> OneOfEach() {
  SessionUpdate update;
  update.sid = IdOf<SessionId>(1);
  update.user_hash = 7;
  update.seq = UINT64_MAX;
  update.init = true;
  update.started = {5};
  update.timestamp = {-6};
  update.duration_ms = 1500;
  update.status = SessionStatus::kAbnormal;
  update.mechanism = AbnormalMechanism::kAnrBackground;
  update.errors = UINT32_MAX;
  update.release = "shop@1";
  update.environment = "prod";
  SessionAggregate aggregate;
  aggregate.repeat = IdOf<RepeatId>(2);
  aggregate.release = "shop@2";
  aggregate.buckets = {{{1}, 2, 3, 4, 5, 6, 7}, {{8}, std::nullopt, 0, 0, 0, 0, 9}};
  CheckIn check;
  check.id = IdOf<CheckInId>(3);
  check.latest = true;
  check.slug = "nightly";
  check.status = CheckInStatus::kError;
  check.duration_ms = 9;
  check.environment = "production";
  check.trace_id = std::string(32, 'a');
  check.monitor_config = "{}";
  ClientReport report;
  report.timestamp = {77};
  report.discards = {{"sample_rate", "transaction", 4}};
  Feedback feedback;
  feedback.kind = FeedbackKind::kUserReport;
  feedback.id = IdOf<EventId>(4);
  feedback.comments = "it broke";
  feedback.payload = std::string("\0\1", 2);
  AttachmentRef file;
  file.id = IdOf<AttachmentId>(5);
  file.event_id = IdOf<EventId>(6);
  file.name = "a.txt";
  file.bytes = 12;
  file.blob = "20260501/42/x";
  return {update, aggregate, check, report, feedback, file};
}

TEST(TypedRecord, EveryTypeComesBackAsItWas) {
  std::uint8_t type = static_cast<std::uint8_t>(RecordType::kSessionUpdate);
  for (TypedBody& body : OneOfEach()) {
    EXPECT_EQ(static_cast<std::uint8_t>(TypeOf(body)), type++);
    EXPECT_TRUE(IsTyped(TypeOf(body)));
    const TypedRecord record{KeyId{420}, Timestamp{123}, std::move(body)};
    const auto back = DecodeTypedRecord(TypeOf(record.body), EncodeTypedRecord(record));
    ASSERT_TRUE(back) << back.error().detail;
    EXPECT_EQ(*back, record);
  }
  EXPECT_FALSE(IsTyped(RecordType::kEvent));
  EXPECT_FALSE(IsTyped(RecordType::kOutcomes));
}

TEST(TypedRecord, AttachmentsCountInBytes) {
  AttachmentRef file;
  EXPECT_EQ(QuantityOf(file), 1);
  file.bytes = 12;
  EXPECT_EQ(QuantityOf(file), 12);
  EXPECT_EQ(CategoryOf(TypedBody(file)), Category::kAttachment);
  EXPECT_EQ(QuantityOf(SessionAggregate()), 1);
}

TEST(TypedRecord, DamageIsAnErrorOrAnotherRecord) {
  for (const TypedBody& body : OneOfEach()) {
    const RecordType type = TypeOf(body);
    const std::string good = EncodeTypedRecord({KeyId{1}, {}, body});
    for (std::size_t cut = 0; cut < good.size(); ++cut) {
      EXPECT_FALSE(DecodeTypedRecord(type, std::string_view(good).substr(0, cut))) << cut;
    }
    EXPECT_FALSE(DecodeTypedRecord(type, good + "x"));
    EXPECT_FALSE(DecodeTypedRecord(type, "\x02" + good.substr(1)));
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string bad = good;
      bad[at] = '\xFF';
      static_cast<void>(DecodeTypedRecord(type, bad));  // a count of 2^32 must not be believed
    }
  }
  EXPECT_FALSE(DecodeTypedRecord(RecordType::kEvent, ""));
}

TEST(Quota, ReadsWhatFitsAndLeavesOutTheRest) {
  const auto quotas = ParseQuotas(R"([
      {"categories":["error"],"limit":1000,"window":60},
      {"limit":0,"window":86400,"reason":"closed"},
      {"categories":["nonsense"],"limit":1,"window":60}, {"categories":"error","limit":1,"window":60},
      {"limit":-1,"window":60}, {"limit":1}, {"limit":1,"window":0}, {"limit":1,"window":99999999},
      {"limit":1,"window":60,"reason":"No Blanks"}, 7, null])",
                                  "project_quota");
  ASSERT_EQ(quotas.size(), 2u);
  EXPECT_EQ(quotas[0], (Quota{{Category::kError}, 1000, 60, "project_quota"}));
  EXPECT_EQ(quotas[1], (Quota{{}, 0, 86'400, "closed"}));
  EXPECT_TRUE(quotas[0].Covers(Category::kDefault));
  EXPECT_FALSE(quotas[0].Covers(Category::kSession));
  EXPECT_TRUE(quotas[1].Covers(Category::kSession));
  EXPECT_FALSE(quotas[1].Covers(Category::kInternal));
  EXPECT_EQ(ParseQuotas(WriteQuotas(quotas), "other"), quotas);
  EXPECT_TRUE(ParseQuotas("{}", "x").empty());
  EXPECT_TRUE(ParseQuotas("no json", "x").empty());
}

}  // namespace
}  // namespace mishap

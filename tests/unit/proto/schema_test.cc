// Schema, messages by name and masks against the real contract.
#include "proto/schema.h"

#include <gtest/gtest.h>

#include "proto/field_mask.h"
#include "proto/message.h"

namespace mishap {
namespace {

const ProtoMessageType& Type(std::string_view name) {
  return *ProtoSchema::OfHouse().Message(name);
}

const ProtoMessageType& Issue() {
  return Type("mishap.v1.Issue");
}

TEST(ProtoSchemaTest, KnowsFieldsTypesAndJsonNames) {
  const auto* status = Issue().Find("status");
  ASSERT_NE(status, nullptr);
  EXPECT_EQ(status->kind, ProtoFieldType::Kind::kEnum);
  ASSERT_NE(status->enumeration, nullptr);
  EXPECT_EQ(status->enumeration->values[2].first, "ISSUE_STATUS_RESOLVED");
  const auto* details = Issue().Find("status_details");
  ASSERT_NE(details->message, nullptr);
  EXPECT_EQ(details->message->Find("in_commit")->message->name,
            "mishap.v1.StatusDetails.CommitRef");
  EXPECT_EQ(details->json_name, "statusDetails");
  const auto& settings = Type("mishap.v1.ProjectSettings");
  EXPECT_EQ(settings.Find("scrub_ip_addresses")->json_name, "scrubIPAddresses");
  EXPECT_TRUE(settings.Find("retention_days")->is_optional);
  EXPECT_FALSE(settings.Find("resolve_age")->is_optional);
  EXPECT_TRUE(settings.Find("safe_fields")->is_repeated);
  EXPECT_EQ(Issue().ShortName(), "Issue");
}

TEST(ProtoSchemaTest, KnowsMethodsWithTheirMessages) {
  const auto& methods = ProtoSchema::OfHouse().Methods("mishap.v1.QueryService");
  ASSERT_EQ(methods.size(), 11u);
  EXPECT_EQ(methods[0].name, "ListIssues");
  EXPECT_EQ(methods[0].request, &Type("mishap.v1.ListIssuesRequest"));
  EXPECT_EQ(methods[1].response, &Issue());
  EXPECT_TRUE(ProtoSchema::OfHouse().Methods("nobody.Service").empty());
  EXPECT_EQ(ProtoSchema::OfHouse().Message("nobody.Message"), nullptr);
}

TEST(ProtoSchemaTest, ReadsWhatIsNoDescriptorAsNothing) {
  const ProtoSchema schema("\xff\xff\xff");
  EXPECT_EQ(schema.Message("mishap.v1.Issue"), nullptr);
}

TEST(ProtoMessageTest, WritesAndReadsByName) {
  std::string bytes;
  MessageWriter out(Issue(), bytes);
  out.Text("title", "boom").Int("times_seen", 7).Bool("is_public", true);
  out.Time("first_seen", Timestamp{-1'500'000}).Text("culprit", "");
  const MessageView view(Issue(), bytes);
  EXPECT_EQ(view.Text("title"), "boom");
  EXPECT_EQ(view.Int("times_seen"), 7);
  EXPECT_TRUE(view.Bool("is_public"));
  EXPECT_EQ(view.Time("first_seen").value(), Timestamp{-1'500'000});
  EXPECT_FALSE(view.Has("culprit"));
  EXPECT_FALSE(view.Time("last_seen").value().has_value());
  EXPECT_TRUE(CheckMessage(Issue(), bytes).has_value());
}

TEST(ProtoMessageTest, TheLastOfAFieldCountsAndMessagesMerge) {
  std::string bytes, a, b;
  MessageWriter out(Issue(), bytes);
  out.Text("title", "first").Text("title", "second");
  MessageWriter(out.TypeOf("status_details"), a).Text("in_release", "1.0");
  MessageWriter(out.TypeOf("status_details"), b).Int("ignore_count", 3);
  out.Message("status_details", a).Message("status_details", b);
  const MessageView view(Issue(), bytes);
  EXPECT_EQ(view.Text("title"), "second");
  EXPECT_EQ(view.Message("status_details").value(), a + b);
}

TEST(ProtoMessageTest, RefusesWhatTheContractDoesNotHave) {
  auto detail = [](std::string_view bytes) {
    auto ok = CheckMessage(Issue(), bytes);
    return ok ? std::string() : ok.error().detail;
  };
  EXPECT_EQ(detail(std::string_view("\x0a\x02\xc3\x28", 4)),
            "name: must be UTF-8 text without NUL");
  EXPECT_EQ(detail(std::string_view("\x0a\x01\x00", 3)), "name: must be UTF-8 text without NUL");
  EXPECT_EQ(detail("\x08\x01"), "name: sent as another type than the contract has");
  EXPECT_EQ(detail("\x72\x02\x0a\x05"),
            "status_details: not a mishap.v1.StatusDetails: not "
            "protobuf at byte 2");
  EXPECT_EQ(detail("\xff"), "the message: not a mishap.v1.Issue: not protobuf at byte 0");
  std::string unknown;
  ProtoWriter(unknown).Int(9'999, 1);
  EXPECT_EQ(detail(unknown), "");
}

TEST(ProtoMessageTest, RefusesTimesOutsideOfTheCalendar) {
  auto read = [](std::int64_t seconds, std::int64_t nanos) {
    std::string time, bytes;
    ProtoWriter(time).Int(1, seconds).Int(2, nanos);
    MessageWriter(Issue(), bytes).Message("first_seen", time);
    return MessageView(Issue(), bytes).Time("first_seen").has_value();
  };
  EXPECT_TRUE(read(253'402'300'799, 999'999'999));
  EXPECT_FALSE(read(253'402'300'800, 0));
  EXPECT_FALSE(read(-62'135'596'801, 0));
  EXPECT_FALSE(read(0, -1));
  EXPECT_FALSE(read(0, 1'000'000'000));
}

std::string MaskError(const std::vector<std::string_view>& paths, const ProtoMessageType& type) {
  auto mask = FieldMask::Parse(paths, type);
  return mask ? std::string() : mask.error().detail;
}

TEST(FieldMaskTest, KeepsWhatIsNamed) {
  std::string details, bytes;
  MessageWriter out(Issue(), bytes);
  MessageWriter(out.TypeOf("status_details"), details).Text("in_release", "1").Text("actor", "a");
  out.Text("name", "n").Int("level", 40).Message("status_details", details).Bool("inbox", true);
  EXPECT_EQ(FieldMask().Filter(bytes), bytes);
  auto mask = FieldMask::Parse({"level", "status_details.actor", "inbox"}, Issue());
  std::string actor, wanted;
  MessageWriter(out.TypeOf("status_details"), actor).Text("actor", "a");
  MessageWriter(Issue(), wanted)
      .Int("level", 40)
      .Message("status_details", actor)
      .Bool("inbox", true);
  EXPECT_EQ(mask->Filter(bytes), wanted);
  EXPECT_TRUE(mask->Wants("status_details"));
  EXPECT_TRUE(mask->Wants("status_details.actor"));
  EXPECT_FALSE(mask->Wants("status_details.in_release"));
  EXPECT_FALSE(mask->Wants("title"));
}

TEST(FieldMaskTest, TheWholeWinsOverItsPartsInAnyOrder) {
  for (const auto& paths :
       {std::vector<std::string_view>{"status_details", "status_details.actor"},
        std::vector<std::string_view>{"status_details.actor", "status_details"}}) {
    auto mask = FieldMask::Parse(paths, Issue());
    EXPECT_TRUE(mask->Wants("status_details.in_release"));
    EXPECT_FALSE(mask->IsAll());
  }
  EXPECT_TRUE(FieldMask::Parse({"*", "title"}, Issue())->IsAll());
  EXPECT_TRUE(FieldMask::Parse({}, Issue())->IsAll());
}

TEST(FieldMaskTest, SaysWhichPathIsWrong) {
  EXPECT_EQ(MaskError({"titel"}, Issue()), "\"titel\": Issue has no field \"titel\"");
  EXPECT_EQ(MaskError({"status_details.x"}, Issue()),
            "\"status_details.x\": StatusDetails has no field \"x\"");
  EXPECT_EQ(MaskError({"title.x"}, Issue()), "\"title.x\": title has no fields that can be named");
  EXPECT_EQ(MaskError({"tags.browser"}, Type("mishap.v1.StoredEvent")),
            "\"tags.browser\": tags has no fields that can be named");
  EXPECT_EQ(MaskError({""}, Issue()), "\"\": Issue has no field \"\"");
  const std::vector<std::string_view> many(101, "title");
  EXPECT_EQ(MaskError(many, Issue()), "more than 100 paths");
}

TEST(FieldMaskTest, WithoutLeavesOutTheNamed) {
  const auto mask = FieldMask::Without({"title"}, Issue());
  EXPECT_FALSE(mask.Wants("title"));
  EXPECT_TRUE(mask.Wants("status_details.actor"));
  EXPECT_EQ(mask.Fields(Issue()).size(), Issue().fields.size() - 1);
}

}  // namespace
}  // namespace mishap

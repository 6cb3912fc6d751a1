#include "ingest/envelope_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";

// "type:payload" of each item, joined by '|'; the error's reason otherwise.
std::string Shape(std::string_view body, IngestLimits limits = {}) {
  EnvelopeParser parser(limits);
  auto envelope = parser.Parse(body);
  if (!envelope) return std::string(ReasonName(envelope.error().reason));
  std::string shape;
  for (const EnvelopeItem& item : envelope->items) {
    if (!shape.empty()) shape += "|";
    shape += item.type + ":" + std::string(item.payload);
  }
  return shape;
}

struct Case {
  const char* name;
  std::string body;
  std::string want;
};

class EnvelopeShapes : public testing::TestWithParam<Case> {};

TEST_P(EnvelopeShapes, Parse) {
  EXPECT_EQ(Shape(GetParam().body), GetParam().want);
}

// The numbers are those of ingest-protocol's appendix B.
const Case kCases[] = {
    {"B1_header_only", "{}", ""},
    {"header_and_line_feed", "{}\n", ""},
    {"B2_no_length_no_final_line_feed", "{}\n{\"type\":\"event\"}\n{\"a\":1}", "event:{\"a\":1}"},
    {"no_length_final_line_feed", "{}\n{\"type\":\"event\"}\n{\"a\":1}\n", "event:{\"a\":1}"},
    {"B3_two_empty_attachments",
     "{}\n{\"type\":\"attachment\",\"length\":0}\n\n{\"type\":\"attachment\",\"length\":0}\n",
     "attachment:|attachment:"},
    {"empty_at_the_end", "{}\n{\"type\":\"attachment\"}", "attachment:"},
    {"empty_at_the_end_with_line_feed", "{}\n{\"type\":\"attachment\"}\n", "attachment:"},
    {"B4_payload_with_line_feeds",
     "{}\n{\"type\":\"attachment\",\"length\":9}\nab\n{\"x\"}\n\n{\"type\":\"event\"}\n{}",
     "attachment:ab\n{\"x\"}\n|event:{}"},
    {"B5_payload_ends_with_cr_lf", "{}\n{\"type\":\"attachment\",\"length\":4}\nab\r\n\n",
     "attachment:ab\r\n"},
    {"cr_belongs_to_an_implicit_payload", "{}\n{\"type\":\"attachment\"}\nab\r\n",
     "attachment:ab\r"},
    {"cr_after_headers", "{}\r\n{\"type\":\"event\"}\r\n{}", "event:{}"},
    {"B6_length_too_long", "{}\n{\"type\":\"event\",\"length\":10}\n{}\n", "invalid_envelope"},
    {"B7_length_too_short", "{}\n{\"type\":\"event\",\"length\":1}\n{}\n", "invalid_envelope"},
    {"B8_no_type", "{}\n{\"length\":2}\n{}\n", "invalid_envelope"},
    {"type_not_a_string", "{}\n{\"type\":7}\n{}\n", "invalid_envelope"},
    {"B9_unknown_type", "{}\n{\"type\":\"invented\"}\nxx", "invented:xx"},
    {"length_as_text", "{}\n{\"type\":\"event\",\"length\":\"2\"}\n{}", "event:{}"},
    {"length_as_double", "{}\n{\"type\":\"event\",\"length\":2.0}\n{}", "event:{}"},
    {"length_null", "{}\n{\"type\":\"event\",\"length\":null}\n{}", "event:{}"},
    {"length_negative", "{}\n{\"type\":\"event\",\"length\":-1}\n{}", "invalid_envelope"},
    {"length_fraction", "{}\n{\"type\":\"event\",\"length\":1.5}\n{}", "invalid_envelope"},
    {"length_word", "{}\n{\"type\":\"event\",\"length\":\"two\"}\n{}", "invalid_envelope"},
    {"length_object", "{}\n{\"type\":\"event\",\"length\":{}}\n{}", "invalid_envelope"},
    {"length_huge", "{}\n{\"type\":\"event\",\"length\":18446744073709551615}\n{}",
     "invalid_envelope"},
    {"blank_lines_between_and_behind",
     "{}\n\n \n{\"type\":\"event\"}\n{}\n\r\n\n{\"type\":\"session\"}\n{}\n\n \n",
     "event:{}|session:{}"},
    {"empty_body", "", "invalid_envelope"},
    {"header_is_no_json", "hello\n", "invalid_envelope"},
    {"header_is_a_list", "[]\n", "invalid_envelope"},
    {"item_header_is_no_json", "{}\nhello\n{}", "invalid_envelope"},
    {"item_header_is_cut", "{}\n{\"type\":\"event\"", "invalid_envelope"},
    {"error_after_a_good_item", "{}\n{\"type\":\"event\"}\n{}\nnonsense\n", "invalid_envelope"},
    {"statsd_too_long", "{}\n{\"type\":\"statsd\",\"length\":99}\na:1|c\n{\"type\":\"event\"}\n{}",
     "statsd:a:1|c|event:{}"},
    {"statsd_too_short",
     "{}\n{\"type\":\"statsd\",\"length\":3}\nf\xC3\xBC:1|c\nb:2|c\n{\"type\":\"event\"}\n{}",
     "statsd:f\xC3\xBC:1|c\nb:2|c|event:{}"},
    {"statsd_alone_too_long", "{}\n{\"type\":\"statsd\",\"length\":99}\na:1|c", "statsd:a:1|c"},
    {"header_with_lone_surrogate", "{\"trace\":{\"t\":\"\\ud800\"}}\n{\"type\":\"event\"}\n{}",
     "event:{}"},
    {"header_with_bad_utf8", "{\"x\":\"\xFF\"}\n{\"type\":\"event\"}\n{}", "event:{}"},
};

INSTANTIATE_TEST_SUITE_P(Table, EnvelopeShapes, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(EnvelopeParser, ReadsHeaders) {
  EnvelopeParser parser{IngestLimits{}};
  std::string body =
      std::string(R"({"event_id":"9EC79C33-EC99-42AB-8353-589FCB2E04DC",)") +
      R"("sent_at":"2026-05-01T10:00:00.123456789Z","sdk":{"name":"s","version":"1"},)" +
      R"("dsn":"https://)" + kKey + R"(:@o1.example.com/prefix/42","trace":{}})" +
      "\n{\"type\":\"attachment\",\"filename\":\"a.txt\",\"content_type\":\"text/plain\"," +
      "\"attachment_type\":\"event.attachment\",\"length\":1}\nx";
  auto envelope = parser.Parse(body);
  ASSERT_TRUE(envelope.has_value()) << envelope.error().detail;
  EXPECT_EQ(ToHex(envelope->event_id), "9ec79c33ec9942ab8353589fcb2e04dc");
  ASSERT_TRUE(envelope->sent_at.has_value());
  EXPECT_EQ(FormatTimestamp(*envelope->sent_at), "2026-05-01T10:00:00.123456Z");
  EXPECT_EQ(envelope->sdk_json, R"({"name":"s","version":"1"})");
  ASSERT_TRUE(envelope->dsn.has_value());
  EXPECT_EQ(envelope->dsn->project, ProjectId{42});
  EXPECT_EQ(envelope->dsn->public_key, kKey);
  ASSERT_EQ(envelope->items.size(), 1u);
  EXPECT_EQ(envelope->items[0].filename, "a.txt");
  EXPECT_EQ(envelope->items[0].content_type, "text/plain");
  EXPECT_EQ(envelope->items[0].attachment_type, "event.attachment");
  EXPECT_EQ(envelope->items[0].payload.data(), body.data() + body.size() - 1);  // a slice, no copy
}

// B12 and 4.3: only dsn errors are fatal.
TEST(EnvelopeParser, IgnoresUnreadableHeadersExceptTheDsn) {
  EnvelopeParser parser{IngestLimits{}};
  auto envelope = parser.Parse(R"({"event_id":7,"sent_at":"yesterday","sdk":"x","dsn":null})");
  ASSERT_TRUE(envelope.has_value());
  EXPECT_TRUE(envelope->event_id.IsNil());
  EXPECT_FALSE(envelope->sent_at.has_value());
  EXPECT_EQ(envelope->sdk_json, "");
  for (const char* dsn : {R"({"dsn":7})", R"({"dsn":"nonsense"})", R"({"dsn":""})"}) {
    auto refused = parser.Parse(dsn);
    ASSERT_FALSE(refused.has_value()) << dsn;
    EXPECT_EQ(refused.error().reason, Reason::kInvalidArgument) << dsn;
  }
}

TEST(EnvelopeParser, HasBounds) {
  IngestLimits limits;
  limits.header_line_bytes_max = 100;
  limits.items_max = 2;
  const std::string item = "{\"type\":\"event\"}\n{}\n";
  EXPECT_EQ(Shape("{}\n" + item + item, limits), "event:{}|event:{}");
  EXPECT_EQ(Shape("{}\n" + item + item + item, limits), "too_large");
  const std::string text(100, 'x');
  EXPECT_EQ(Shape("{\"a\":\"" + text + "\"}\n" + item, limits), "too_large");
  EXPECT_EQ(Shape("{}\n{\"type\":\"" + text + "\"}\n", limits), "too_large");
  EXPECT_EQ(Shape("{}\n{\"type\":\"event\"}\n" + text, limits), "event:" + text);
  const std::string deep(40, '[');
  EXPECT_EQ(Shape("{\"a\":" + deep + "\n" + item, limits), "invalid_envelope");
}

TEST(EnvelopeParser, NeverCrashesOnAPrefix) {
  const std::string body =
      "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n"
      "{\"type\":\"event\",\"length\":12}\n{\"a\":\"b\\u00e9\"}\n{\"type\":\"statsd\",\"length\":9}"
      "\nx";
  EnvelopeParser parser{IngestLimits{}};
  for (std::size_t n = 0; n <= body.size(); ++n) {
    auto envelope = parser.Parse(std::string_view(body).substr(0, n));
    if (!envelope) {
      EXPECT_EQ(envelope.error().reason, Reason::kInvalidEnvelope) << n;
    }
  }
}

}  // namespace
}  // namespace mishap

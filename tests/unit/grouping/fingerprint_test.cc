// Client fingerprints and checksums (spec 12).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "grouping/g1/fingerprint.h"
#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

GroupingKeys KeysWith(std::vector<std::string> fingerprint) {
  Event event = ValueErrorEvent();
  event.fingerprint = std::move(fingerprint);
  return KeysOf(event);
}

std::string Resolved(const Event& event, const std::string& entry) {
  Event copy = event;
  copy.fingerprint = {entry};
  const std::string explained = ExplainOf(copy);
  const std::string mark = "\"resolved\":[\"";
  const auto at = explained.find(mark) + mark.size();
  return explained.substr(at, explained.find("\"]", at) - at);
}

TEST(Fingerprint, CustomReplacesEverything) {
  const GroupingKeys keys = KeysWith({"payment"});
  EXPECT_TRUE(keys.custom);
  EXPECT_FALSE(keys.site || keys.path || keys.message || keys.alias);
  Event other = MakeEvent("go", {MakeException("Other", "x", {})});
  other.fingerprint = {"payment"};
  EXPECT_EQ(KeysOf(other), keys);
}

TEST(Fingerprint, ElementsAreNotConcatenated) {
  EXPECT_NE(KeysWith({"ab", "c"}), KeysWith({"a", "bc"}));
  EXPECT_NE(KeysWith({"ab", "c"}), KeysWith({"abc"}));
  EXPECT_NE(KeysWith({"a", ""}), KeysWith({"a"}));
  EXPECT_NE(KeysWith({"a", "b"}), KeysWith({"b", "a"}));
}

TEST(Fingerprint, DefaultAloneIsTheDefault) {
  EXPECT_EQ(KeysWith({"{{ default }}"}), KeysOf(ValueErrorEvent()));
  EXPECT_EQ(KeysWith({"{{default}}"}), KeysOf(ValueErrorEvent()));
  EXPECT_EQ(KeysWith({}), KeysOf(ValueErrorEvent()));
}

TEST(Fingerprint, HybridRefinesTheDefault) {
  const GroupingKeys hybrid = KeysWith({"{{ default }}", "eu"});
  EXPECT_FALSE(hybrid.custom);
  EXPECT_NE(hybrid.site, KeysOf(ValueErrorEvent()).site);
  EXPECT_NE(hybrid, KeysWith({"{{ default }}", "us"}));
  EXPECT_NE(hybrid, KeysWith({"eu", "{{ default }}"})) << "each stands in its place";
  Event other = ValueErrorEvent();
  other.exceptions[0].type = "TypeError";
  other.fingerprint = {"{{ default }}", "eu"};
  EXPECT_NE(KeysOf(other).site, hybrid.site);
}

TEST(Fingerprint, ChecksumComesFirst) {
  Event event = ValueErrorEvent();
  event.checksum = "0123";
  const GroupingKeys keys = KeysOf(event);
  event.fingerprint = {"payment"};
  EXPECT_EQ(KeysOf(event), keys);
  EXPECT_EQ(GroupOf(event).decided_by, "checksum");
  EXPECT_NE(keys, KeysWith({"0123"})) << "a checksum is no fingerprint of the same text";
}

TEST(Fingerprint, VariablesAreFilledIn) {
  Event event = ValueErrorEvent();
  event.transaction = "/cart";
  event.level = Level::kError;
  event.release = "1.2";
  event.tags = {{"region", "eu"}};
  event.logentry = LogEntry{"", "job 17 failed with status code 502", {}};
  EXPECT_EQ(Resolved(event, "{{ transaction }}"), "/cart");
  EXPECT_EQ(Resolved(event, "{{ error.type }}"), "ValueError");
  EXPECT_EQ(Resolved(event, "{{type}}"), "ValueError");
  EXPECT_EQ(Resolved(event, "{{ error.value }}"), "bad price <num>");
  EXPECT_EQ(Resolved(event, "{{ stack.function }}"), "total");
  EXPECT_EQ(Resolved(event, "{{ module }}"), "shop.cart");
  EXPECT_EQ(Resolved(event, "{{ stack.filename }}"), "shop.cart.py");
  EXPECT_EQ(Resolved(event, "{{ level }}"), "error");
  EXPECT_EQ(Resolved(event, "{{ release }}"), "1.2");
  EXPECT_EQ(Resolved(event, "{{ tags.region }}"), "eu");
  EXPECT_EQ(Resolved(event, "{{ message }}"), "job <num> failed with status code 502");
  EXPECT_EQ(Resolved(event, "{{ stack.site }}"), "shop.cart|f:total");
}

TEST(Fingerprint, MissingAndUnknownVariablesSayso) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Resolved(event, "{{ logger }}"), "<no-logger>");
  EXPECT_EQ(Resolved(event, "{{ tags.region }}"), "<no-value-for-tag-region>");
  EXPECT_EQ(Resolved(event, "{{ weather }}"), "<unrecognized-variable-weather>");
}

TEST(Fingerprint, ErrorCodeOfTheText) {
  Event event = MakeEvent("python", {MakeException("HTTPError", "got HTTP 429 for 17", {})});
  EXPECT_EQ(Resolved(event, "{{ error.code }}"), "429");
  event.exceptions[0].value = "ORA-00942: table or view does not exist";
  EXPECT_EQ(Resolved(event, "{{ error.code }}"), "ora-00942");
}

TEST(Fingerprint, PastedTextIsParameterised) {
  Event event = ValueErrorEvent();
  EXPECT_EQ(Resolved(event, "bad price 17"), "bad price <num>");
  EXPECT_EQ(Resolved(event, "fixed 17"), "fixed 17");
}

TEST(Fingerprint, IsBounded) {
  Event event = ValueErrorEvent();
  event.fingerprint.assign(1000, std::string(100'000, 'x'));
  Event cut = event;
  cut.fingerprint.assign(g1::kFingerprintEntriesMax,
                         std::string(g1::kFingerprintEntryBytesMax, 'x'));
  EXPECT_EQ(KeysOf(event), KeysOf(cut));
}

}  // namespace
}  // namespace mishap

// Fingerprint rules: the language, who wins, and what they do.
#include "grouping/g1/fingerprint_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/grouping/events.h"

namespace mishap {
namespace {

using namespace grouping_test;  // NOLINT(google-build-using-namespace): only shorthand for tests

std::unique_ptr<const GroupingRules> Rules(const std::string& text) {
  auto rules = CurrentGrouping().CompileRules({"", text});
  if (!rules) {
    ADD_FAILURE() << rules.error().at.line << ":" << rules.error().at.column << " "
                  << rules.error().at.message;
    return std::move(*CurrentGrouping().CompileRules({}));
  }
  return std::move(*rules);
}
Grouped Under(const Event& event, const std::string& rules) {
  return CurrentGrouping().GroupUnder(event, *Rules(rules));
}
bool Hits(const Event& event, const std::string& matchers) {
  return Under(event, matchers + " -> hit").keys.custom.has_value();
}
GroupingKeys Client(Event event, std::vector<std::string> fingerprint) {
  event.fingerprint = std::move(fingerprint);
  return KeysOf(event);
}

TEST(FingerprintRuleText, ErrorsNameLineAndColumn) {
  const auto expect = [](const std::string& text, std::uint32_t line, std::uint32_t column,
                         const std::string& says) {
    auto rules = CurrentGrouping().CompileRules({"", text});
    ASSERT_FALSE(rules) << text;
    EXPECT_TRUE(rules.error().in_fingerprint);
    EXPECT_EQ(rules.error().at.line, line) << text;
    EXPECT_EQ(rules.error().at.column, column) << text;
    EXPECT_NE(rules.error().at.message.find(says), std::string::npos) << rules.error().at.message;
  };
  expect("type:A -> b\ntipe:A -> b", 2, 1, "'tipe' is no matcher");
  expect("type:A", 1, 7, "-> is missing");
  expect("type:A ->", 1, 10, "fingerprint must follow");
  expect("-> a", 1, 1, "needs a matcher");
  expect("type:A -> {{ type", 1, 11, "never closed");
  expect("type:A -> a title=\"x", 1, 19, "never closed");
  expect("[type:A] | function:x -> a", 1, 2, "no matcher here");
  expect("family:cobol -> a", 1, 8, "family");
}

TEST(FingerprintRules, MatchersOfEachKind) {
  Event event = ValueErrorEvent();
  event.logger = "shop.log";
  event.level = Level::kWarning;
  event.release = "shop@1.2.3";
  event.tags = {{"region", "eu-1"}};
  event.sdk = Sdk{};
  event.sdk->name = "sentry.python.flask";
  event.logentry = LogEntry{"", "Cart broken", {}};
  for (const char* yes : {"type:ValueError",
                          "error.type:Value*",
                          "value:\"BAD price *\"",
                          "message:\"cart BROKEN\"",
                          "message:\"bad price*\"",
                          "logger:shop.*",
                          "level:WARNING",
                          "tags.region:eu-?",
                          "release:shop@1.*",
                          "sdk:python",
                          "sdk:ruby,python.flask",
                          "family:other",
                          "function:total",
                          "module:shop.cart app:yes",
                          "path:shop.cart.py",
                          "[ function:place ] | function:total",
                          "function:place | [ function:total ]",
                          "!type:KeyError",
                          "type:ValueError !function:nothing",
                          "family:all level:warning function:checkout"}) {
    EXPECT_TRUE(Hits(event, yes)) << yes;
  }
  for (const char* no :
       {"type:valueerror", "value:bad", "message:cart", "tags.region:us", "tags.zone:*x",
        "release:shop@2*", "sdk:ruby", "family:native", "function:nothing",
        "module:shop.cart app:no", "module:shop.cart function:place", "!type:ValueError",
        "[ function:total ] | function:total", "type:ValueError level:error"}) {
    EXPECT_FALSE(Hits(event, no)) << no;
  }
}

TEST(FingerprintRules, PrecedenceIsRuleClientBuiltInDefault) {
  Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "type:X -> x\ntype:ValueError -> one\ntype:* -> two").keys,
            Client(event, {"one"}));
  event.fingerprint = {"client"};
  EXPECT_EQ(Under(event, "type:ValueError -> one").keys, Client(event, {"one"}));
  event.checksum = "abc";
  EXPECT_EQ(Under(event, "type:ValueError -> one").keys, KeysOf(event));

  Event chunk =
      MakeEvent("javascript", {MakeException("ChunkLoadError", "Loading chunk 7 failed.", {})});
  EXPECT_EQ(KeysOf(chunk), Client(chunk, {"chunkloaderror"}));
  EXPECT_EQ(Client(chunk, {"{{ default }}"}), KeysOf(chunk));
  EXPECT_NE(Client(chunk, {"mine"}), KeysOf(chunk)) << "a custom list of the client stays";
  EXPECT_EQ(Client(chunk, {"mine"}).custom, Under(chunk, "type:Chunk* -> mine").keys.custom);
}

TEST(FingerprintRules, BuiltInRulesKeepTheClientsExtras) {
  const Event chunk =
      MakeEvent("javascript", {MakeException("ChunkLoadError", "Loading chunk 7 failed.", {})});
  EXPECT_EQ(Client(chunk, {"{{ default }}", "tenant-1"}),
            Client(chunk, {"chunkloaderror", "tenant-1"}));
  EXPECT_NE(Client(chunk, {"{{ default }}", "tenant-1"}),
            Client(chunk, {"{{ default }}", "tenant-2"}));
}

TEST(FingerprintRules, BuiltInRulesLeaveOthersAlone) {
  EXPECT_GE(g1::BuiltInFingerprintRules().Size(), 10U);
  EXPECT_FALSE(
      KeysOf(MakeEvent("python", {MakeException("Error", "Loading chunk 7 failed", {})})).custom);
  EXPECT_FALSE(KeysOf(MakeEvent("javascript", {MakeException("Error", "boom", {})})).custom);
}

TEST(FingerprintRules, ValuesVariablesAndHybrids) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "type:ValueError -> a, {{ function }} \"b c\"").keys,
            Client(event, {"a", "total", "b c"}));
  EXPECT_EQ(Under(event, "type:ValueError -> {{ default }}, eu").keys,
            Client(event, {"{{ default }}", "eu"}));
  EXPECT_EQ(Under(event, "type:ValueError -> {{ default }}").keys, KeysOf(event));
}

TEST(FingerprintRules, TitlesAreFilledAsIs) {
  const Event event = ValueErrorEvent();
  EXPECT_EQ(Under(event, "type:* -> x title=\"{{ type }} in {{ function }}: {{ value }}\"").title,
            "ValueError in total: bad price 17");
  const Grouped only = Under(event, "type:* -> title=\"Carts\"");
  EXPECT_EQ(only.title, "Carts");
  EXPECT_EQ(only.keys, KeysOf(event));
}

TEST(FingerprintRules, SplitByMessageDecidesByText) {
  const Event event = ValueErrorEvent();
  Event other = event;
  other.exceptions[0].value = "no such cart";
  Event like = event;
  like.exceptions[0].value = "bad price 18";
  const std::string rule = "type:ValueError -> split:message";
  EXPECT_EQ(KeysOf(event).Deciding(), KeysOf(other).Deciding());
  EXPECT_NE(Under(event, rule).keys.Deciding(), Under(other, rule).keys.Deciding());
  EXPECT_EQ(Under(event, rule).keys.Deciding(), Under(like, rule).keys.Deciding());
  EXPECT_EQ(Under(event, rule).keys.DecidingKind(), HashKind::kMessage);
  const auto rules = Rules(rule);
  EXPECT_FALSE(ComparePair(CurrentGrouping(), event, other, *rules).same);
  EXPECT_TRUE(ComparePair(CurrentGrouping(), event, like, *rules).same);
}

TEST(FingerprintRules, TheExplanationNamesTheRule) {
  const auto rules = Rules("type:X -> y\ntype:ValueError -> y, {{ type }}  # why");
  const std::string why = CurrentGrouping().ExplainUnder(ValueErrorEvent(), *rules);
  EXPECT_NE(why.find("type:ValueError -> y, {{ type }} (project 2)"), std::string::npos) << why;
  EXPECT_NE(why.find("a fingerprint rule decides"), std::string::npos) << why;
}

TEST(Pairs, AliasJoinsAnEditedLine) {
  const Event event = ValueErrorEvent();
  Event edited = event;
  FramesOf(edited).back().context_line = "    return sum(prices, start=0)";
  const auto none = Rules("");
  const PairVerdict joined = ComparePair(CurrentGrouping(), event, edited, *none);
  EXPECT_TRUE(joined.same);
  EXPECT_NE(joined.reason.find("alias"), std::string::npos) << joined.reason;
  edited.exceptions[0].value = "something else";
  const PairVerdict parted = ComparePair(CurrentGrouping(), event, edited, *none);
  EXPECT_FALSE(parted.same);
  EXPECT_NE(parted.reason.find("source line"), std::string::npos) << parted.reason;
}

TEST(Pairs, WeakEventsAreNotJoinedByTheirAlias) {
  Event a = MakeEvent("python", {MakeException("E", "same text", {})});
  Event b = MakeEvent("python", {MakeException("F", "same text", {})});
  const auto none = Rules("");
  const PairVerdict verdict = ComparePair(CurrentGrouping(), a, b, *none);
  EXPECT_FALSE(verdict.same);
  EXPECT_EQ(verdict.reason, "the type of the exception differs: \"E\" and \"F\"");
}

}  // namespace
}  // namespace mishap

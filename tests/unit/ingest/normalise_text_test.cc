// Bounds on texts and bags.
#include "ingest/normalise_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/raw_json.h"
#include "ingest/normalise_notes.h"

namespace mishap {
namespace {

std::string Trimmed(std::string json, BagLimit limit) {
  RawJson bag{std::move(json)};
  TrimBag(bag, limit);
  RawJson again = bag;
  EXPECT_FALSE(TrimBag(again, limit)) << "twice changes nothing: " << bag.text;
  return bag.text;
}

TEST(TrimTest, Texts) {
  std::string text = "\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4";  // six characters
  EXPECT_FALSE(TrimText(text, {6}));
  EXPECT_EQ(TrimText(text, {5}), 6u);
  EXPECT_EQ(text, "\xC3\xA4\xC3\xA4...");
  std::string allowed(12, 'x');
  EXPECT_FALSE(TrimText(allowed, {10, 2}));
}

TEST(TrimTest, BagsByBytes) {
  EXPECT_EQ(Trimmed(R"({"a":1,"b":"text"})", {100, 5}), R"({"a":1,"b":"text"})");
  EXPECT_EQ(Trimmed(R"({"a":"12345678901234567890123456789012345678901234567890","b":1})", {40, 5}),
            R"({"a":"12345678901234567890123456789..."})");
  EXPECT_EQ(Trimmed(R"({"a":[1,2,3],"b":[4,5,6],"c":[7,8,9]})", {30, 5}),
            R"({"a":[1,2,3],"b":[4,5,6]})");
  EXPECT_EQ(Trimmed("\"" + std::string(100, 'x') + "\"", {20, 5}).size(), 20u);
  EXPECT_EQ(Trimmed(R"(["\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""])",
                    {40, 3})
                    .size() <= 40,
            true);
}

TEST(TrimTest, BagsByDepth) {
  EXPECT_EQ(Trimmed(R"({"a":{"b":{"c":1}}})", {100, 2}), R"({"a":{"b":"{\"c\":1}"}})");
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{\"k\":";
  deep += "1" + std::string(100, '}');
  EXPECT_LE(JsonDepth(Trimmed(deep, {2048, 5})), 5u);
}

TEST(TrimTest, Pairs) {
  std::vector<NamedText> pairs = {{"a", "1"}, {"b", std::string(200, 'x')}, {"c", "3"}};
  EXPECT_TRUE(TrimPairs(pairs, 60));
  ASSERT_EQ(pairs.size(), 2u);
  EXPECT_TRUE(pairs[1].second.ends_with("..."));
  EXPECT_FALSE(TrimPairs(pairs, 60));
}

TEST(MetaNotesTest, JoinsWhatTheClientSent) {
  RawJson meta{R"({"a":{"b":{"":{"len":5,"rem":[["x","s"]]}}},"z":{"":{"len":1}}})"};
  MetaNotes notes;
  notes.Remark({"a", "b"}, "@ip", 's');
  notes.Remark({"a", "b"}, "@ip", 's');
  notes.Shortened({"a", "b"}, 9);
  notes.Shortened({"q\""}, 7);
  notes.MergeInto(meta);
  EXPECT_EQ(
      meta.text,
      R"({"a":{"b":{"":{"len":5,"rem":[["x","s"],["@ip","s"]]}}},"q\"":{"":{"len":7}},"z":{"":{"len":1}}})");
  RawJson before = meta;
  notes.MergeInto(meta);
  EXPECT_EQ(meta, before);
}

TEST(MetaNotesTest, OriginalsGo) {
  RawJson meta{R"({"user":{"":{"val":"secret","len":3}}})"};
  DropOriginals(meta);
  EXPECT_EQ(meta.text, R"({"user":{"":{"len":3}}})");
}

}  // namespace
}  // namespace mishap

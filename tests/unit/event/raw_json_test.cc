#include "event/raw_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(RawJsonTest, MembersAndChildren) {
  std::string_view object =
      R"({"a":1,"b\"c":"x\ny","d":{"e":[1,{"f":2}]},"g":null,"h":"\ud83d\ude00"})";
  EXPECT_EQ(JsonMember(object, "a"), "1");
  EXPECT_EQ(JsonMember(object, "b\"c"), R"("x\ny")");
  EXPECT_EQ(JsonMemberText(object, "b\"c"), "x\ny");
  EXPECT_EQ(JsonMember(object, "d"), R"({"e":[1,{"f":2}]})");
  EXPECT_EQ(JsonMember(object, "f"), "") << "does not look deeper";
  EXPECT_EQ(JsonMemberText(object, "g"), "");
  EXPECT_EQ(JsonMemberText(object, "h"), "\xF0\x9F\x98\x80");
  EXPECT_THAT(JsonChildren("[1,\"a,]\",[2]]"),
              ElementsAre(Pair("", "1"), Pair("", "\"a,]\""), Pair("", "[2]")));
  EXPECT_THAT(JsonChildren(" { \"a\" : 1 , \"b\" : [ 2 ] } "),
              ElementsAre(Pair("a", "1"), Pair("b", "[ 2 ]")));
  EXPECT_TRUE(JsonChildren("7").empty());
  EXPECT_TRUE(JsonChildren("{}").empty());
}

TEST(RawJsonTest, Depth) {
  EXPECT_EQ(JsonDepth("1"), 0u);
  EXPECT_EQ(JsonDepth("{}"), 1u);
  EXPECT_EQ(JsonDepth(R"({"a":[{"b":"[[[["}]})"), 3u);
}

TEST(RawJsonTest, ParsesBodies) {
  EXPECT_EQ(ParseRawJson(R"( {"a":NaN} )")->text, R"({"a":null})");
  EXPECT_FALSE(ParseRawJson("a=1"));
  EXPECT_FALSE(ParseRawJson("{\"a\":"));
  EXPECT_FALSE(ParseRawJson("\"text\""));
}

}  // namespace
}  // namespace mishap

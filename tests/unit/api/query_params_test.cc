#include "api/query_params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;

TEST(QueryParamsTest, ReadsWhatClientsSend) {
  auto query = QueryParams::Parse(
      "?query=is%3Aunresolved+level:[error,fatal]&project=2&project=web&cursor=");
  EXPECT_EQ(query.Get("query"), "is:unresolved level:[error,fatal]");
  EXPECT_THAT(query.All("project"), ElementsAre("2", "web"));
  EXPECT_EQ(query.Get("cursor"), "");
  EXPECT_FALSE(query.Get("absent").has_value());
}

TEST(QueryParamsTest, EmptyAndAbsentDiffer) {
  for (auto raw : {"", "?", "&", "a"}) EXPECT_FALSE(QueryParams::Parse(raw).Has("query")) << raw;
  for (auto raw : {"query=", "query", "a&query="}) {
    EXPECT_TRUE(QueryParams::Parse(raw).Has("query")) << raw;
  }
}

TEST(QueryParamsTest, TruthIsOneOrTrue) {
  EXPECT_TRUE(QueryParams::Parse("full=1").IsTrue("full"));
  EXPECT_TRUE(QueryParams::Parse("full=True").IsTrue("full"));
  for (auto raw : {"full=0", "full=false", "full=", ""}) {
    EXPECT_FALSE(QueryParams::Parse(raw).IsTrue("full")) << raw;
  }
}

TEST(QueryParamsTest, DigitsOnly) {
  EXPECT_EQ(ParseDigits("2000000001"), 2'000'000'001);
  for (auto text : {"", "-1", "1a", " 1", "1234567890123456789"}) {
    EXPECT_FALSE(ParseDigits(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace mishap

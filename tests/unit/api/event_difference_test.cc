#include "api/event/event_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(EventDifferenceTest, NamesThePathAndBothValues) {
  auto difference = CompareEvents(
      R"({"event_id":"1","tags":[["browser","Firefox"],["os","Linux"]],"extra":{"a":[1,2]},"level":"error"})",
      R"({"event_id":"2","tags":[["os","Linux"],["browser","Chrome"]],"extra":{"a":[1,3],"b":{}},"level":"error"})");
  EXPECT_THAT(
      difference.fields,
      ElementsAre(FieldDifference{"extra.a.1", "2", "3"}, FieldDifference{"extra.b", "", "{}"},
                  FieldDifference{"tags.browser", "\"Firefox\"", "\"Chrome\""}));
  EXPECT_EQ(difference.same, 3u);  // tags.os, extra.a.0, level
  EXPECT_FALSE(difference.is_cut);
}

TEST(EventDifferenceTest, EqualEventsDifferInNothing) {
  auto difference = CompareEvents(R"({"a":1,"timestamp":5})", R"({"a":1,"timestamp":6})");
  EXPECT_THAT(difference.fields, IsEmpty());
  EXPECT_EQ(difference.same, 1u);
}

TEST(EventDifferenceTest, IsBounded) {
  std::string many = "{";
  for (int i = 0; i < 600; ++i) many += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  many += "}";
  auto difference = CompareEvents(many, "{}");
  EXPECT_EQ(difference.fields.size(), kDifferencesMax);
  EXPECT_TRUE(difference.is_cut);
  auto longer = CompareEvents("{\"a\":\"" + std::string(5000, 'x') + "\"}", "{}");
  EXPECT_LT(longer.fields.at(0).a.size(), 1100u);
  EXPECT_EQ(longer.fields.at(0).a.front(), '"');
  EXPECT_EQ(longer.fields.at(0).a.back(), '"');
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{\"a\":";
  deep += "1" + std::string(100, '}');
  EXPECT_EQ(CompareEvents(deep, "{\"a\":1}").fields.size(), 2u);
}

}  // namespace
}  // namespace mishap

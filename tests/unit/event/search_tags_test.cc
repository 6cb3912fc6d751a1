#include "event/search_tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/derived_tags.h"
#include "event/event_json.h"

namespace mishap {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

std::vector<NamedText> Of(const char* json) {
  auto event = EventReader().Read(json);
  EXPECT_TRUE(event);
  return SearchTags(*event, AllTags(*event));
}

TEST(SearchTagsTest, FromContextsRequestUserAndSdk) {
  EXPECT_THAT(Of(R"({"contexts":{"os":{"name":"Debian","version":"12.11\n"},
      "device":{"model":"X1","charging":true},"app":{"app_version":"3.1","in_foreground":false},
      "response":{"status_code":502},
      "flags":{"values":[{"flag":"new-checkout","result":true},{"flag":"a\"b","result":true}]}},
    "request":{"url":"http://x/","method":"POST","headers":[["Referer","http://y/"]]},
    "user":{"geo":{"country_code":"AT","city":"Wien"}},"sdk":{"name":"s","version":"2.1"}})"),
              ElementsAre(Pair("os.version", "12.11"), Pair("device.model", "X1"),
                          Pair("device.charging", "true"), Pair("app.version", "3.1"),
                          Pair("app.in_foreground", "false"), Pair("http.status_code", "502"),
                          Pair("flags[\"new-checkout\"]", "true"), Pair("http.method", "POST"),
                          Pair("http.referer", "http://y/"), Pair("geo.country_code", "AT"),
                          Pair("geo.city", "Wien"), Pair("sdk.version", "2.1")));
}

TEST(SearchTagsTest, ATagOfTheClientComesFirst) {
  auto tags =
      Of(R"({"tags":{"os.version":"mine"},"contexts":{"os":{"version":"12","build":"b"}}})");
  EXPECT_THAT(tags, ElementsAre(Pair("os.build", "b")));
}

TEST(SearchTagsTest, IsBounded) {
  std::string flags;
  for (int i = 0; i < 100; ++i) {
    flags +=
        (i ? "," : "") + std::string("{\"flag\":\"f") + std::to_string(i) + "\",\"result\":true}";
  }
  auto tags = Of(("{\"contexts\":{\"flags\":{\"values\":[" + flags + "]}}}").c_str());
  EXPECT_EQ(tags.size(), kSearchTagsMax);
  EXPECT_THAT(tags, Contains(Pair("flags[\"f39\"]", "true")));
}

TEST(SearchTagsTest, KnowsItsOwnKeys) {
  EXPECT_TRUE(IsSearchTag("os.version"));
  EXPECT_TRUE(IsSearchTag("geo.city"));
  EXPECT_TRUE(IsSearchTag("flags[\"x\"]"));
  EXPECT_FALSE(IsSearchTag("os"));
  EXPECT_TRUE(IsNamedForSearch("user.email"));
  EXPECT_FALSE(IsNamedForSearch("user"));
}

TEST(SearchTagsTest, KeyAndValueDoNotRunTogether) {
  EXPECT_NE(UniqueTagHash("ab", "c"), UniqueTagHash("a", "bc"));
  EXPECT_NE(UniqueTagHash("trace", ""), UniqueTagHash("trace", "x"));
  EXPECT_EQ(UniqueTagHash("trace", "x"), UniqueTagHash("trace", "x"));
}

}  // namespace
}  // namespace mishap

#include "api/short_id.h"

#include <gtest/gtest.h>

#include "base/ids.h"

namespace mishap {
namespace {

TEST(ShortIdTest, Formats) {
  EXPECT_EQ(FormatShortId("web", 1), "WEB-1");
  EXPECT_EQ(FormatShortId("web", 31), "WEB-Z");
  EXPECT_EQ(FormatShortId("my-app_2", 32), "MY-APP_2-10");
  EXPECT_EQ(FormatShortId("web", 18), "WEB-J");  // I is left out
}

TEST(ShortIdTest, RoundTrips) {
  for (std::int64_t n : {std::int64_t{1}, std::int64_t{17}, std::int64_t{1023},
                         std::int64_t{123'456'789}, kIssuesPerProject - 1}) {
    EXPECT_EQ(ParseShortId(FormatShortId("my-app", n)), (ShortId{"my-app", n}));
  }
}

TEST(ShortIdTest, ReadsWhatPeopleWrite) {
  ShortId want{"web", 33};
  for (auto text : {"WEB-11", "web-11", "issue:WEB-11", "WEB_11", "WEB 11", "WEB-1i", "WEB-L1"}) {
    EXPECT_EQ(ParseShortId(text), want) << text;
  }
  EXPECT_EQ(ParseShortId("WEB-O1"), (ShortId{"web", 1}));
}

TEST(ShortIdTest, RefusesTheRest) {
  for (auto text : {"", "WEB", "WEB-", "-1", "WEB-U", "WEB-0", "WEB-1!", "WEB-ZZZZZZZZ",
                    "WEB-ZZZZZZ", "my app.js-1"}) {
    EXPECT_FALSE(ParseShortId(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace mishap

#include "event/tag_rollup.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(TagRollupTest, CommonTagsAreCounted) {
  EXPECT_TRUE(IsRolledUp("browser.name", "Firefox"));
  EXPECT_TRUE(IsRolledUp("level", "error"));
  EXPECT_TRUE(IsRolledUp("customer_tier", "gold"));
  EXPECT_TRUE(IsRolledUp("username_style", "camel")) << "only 'user' and 'user.*' are people";
  EXPECT_TRUE(IsRolledUp("transaction", "/checkout"));
}

TEST(TagRollupTest, EventUniqueKeysAreNot) {
  for (const char* key : {"trace", "trace.span", "replayId", "user", "user.id", "user.email", "url",
                          "request_id", "span_id"}) {
    EXPECT_FALSE(IsRolledUp(key, "x")) << key;
  }
}

TEST(TagRollupTest, ValuesThatLookLikeAUuidAreNot) {
  EXPECT_FALSE(IsRolledUp("order", "0a1b2c3d-0a1b-2c3d-0a1b-2c3d0a1b2c3d"));
  EXPECT_FALSE(IsRolledUp("order", "0A1B2C3D0a1b2c3d0a1b2c3d0a1b2c3d"));
  EXPECT_TRUE(IsRolledUp("order", "0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3z"));
  EXPECT_TRUE(IsRolledUp("commit", "0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d")) << "40 digits: git";
  EXPECT_TRUE(IsRolledUp("release", "0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d"))
      << "a release is one value";
}

}  // namespace
}  // namespace mishap

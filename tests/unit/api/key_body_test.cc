#include "api/key_body.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

TEST(KeyBodyTest, ReadsFields) {
  auto body =
      ParseKeyBody(R"({"name":"CI","isActive":false,"rateLimit":{"window":60,"count":100}})");
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->change.name, "CI");
  EXPECT_EQ(body->change.is_active, false);
  EXPECT_EQ(body->change.rate_limit_count, 100);
  EXPECT_EQ(body->change.rate_limit_window_s, 60);
}

TEST(KeyBodyTest, AbsentStaysNullClears) {
  EXPECT_FALSE(ParseKeyBody("")->change.rate_limit_count.has_value());
  EXPECT_EQ(ParseKeyBody(R"({"rateLimit":null})")->change.rate_limit_count, 0);
}

TEST(KeyBodyTest, MistakesNameTheField) {
  for (auto body : {R"({"name":7})", R"({"isActive":"yes"})", R"({"rateLimit":{"count":-1}})",
                    R"({"rateLimit":5})", R"({"public":"xyz"})"}) {
    auto parsed = ParseKeyBody(body);
    ASSERT_FALSE(parsed.has_value()) << body;
    EXPECT_EQ(parsed.error().status, 400) << body;
    std::string name(body);
    EXPECT_TRUE(parsed.error().body.starts_with(name.substr(0, name.find(':')))) << body;
  }
}

}  // namespace
}  // namespace mishap

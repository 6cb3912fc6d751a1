#include "api/respond.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::Contains;
using testing::Pair;

TEST(RespondTest, ErrorsHaveExactlyOneKey) {
  struct Case {
    Reason reason;
    const char* detail;
    int status;
    const char* body;
  };
  for (const auto& c :
       {Case{Reason::kNotFound, "whatever", 404,
             R"({"detail":"The requested resource does not exist"})"},
        Case{Reason::kUnauthenticated, "Invalid token", 401, R"({"detail":"Invalid token"})"},
        Case{Reason::kPermissionDenied, "", 403,
             R"({"detail":"You do not have permission to perform this action."})"},
        Case{Reason::kInvalidArgument, "a \"b\"", 400, R"({"detail":"a \"b\""})"},
        Case{Reason::kConflict, "taken", 409, R"({"detail":"taken"})"},
        Case{Reason::kInternal, "secret path", 500,
             R"({"detail":"Internal Error","errorId":"0123"})"}}) {
    auto response = RespondError({c.reason, c.detail}, "0123");
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(response.body, c.body);
    EXPECT_THAT(response.headers, Contains(Pair("Content-Type", "application/json")));
    EXPECT_THAT(response.headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
  }
}

TEST(RespondTest, FaultsTellWhenNotWhy) {
  auto response = RespondError({Reason::kUnavailable, "host db.internal refused"}, "");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body.find("db.internal"), std::string::npos);
  EXPECT_THAT(response.headers, Contains(Pair("Retry-After", "2")));
}

TEST(RespondTest, MethodNotAllowedNamesTheMethods) {
  auto response = RespondMethodNotAllowed("POST", {"GET", "PUT"});
  EXPECT_EQ(response.body, R"({"detail":"Method \"POST\" not allowed."})");
  EXPECT_THAT(response.headers, Contains(Pair("Allow", "GET, PUT")));
}

TEST(RespondTest, FieldErrorsNest) {
  EXPECT_EQ(RespondFieldError({"a", "b"}, "no").body, R"({"a":{"b":["no"]}})");
  EXPECT_EQ(RespondFieldError({"a"}, "no").body, R"({"a":["no"]})");
}

TEST(RespondTest, EmptyHasNoBodyAndNoType) {
  auto response = RespondEmpty(204);
  EXPECT_TRUE(response.body.empty());
  for (const auto& [name, value] : response.headers) EXPECT_NE(name, "Content-Type");
}

}  // namespace
}  // namespace mishap

#include "api/router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "api/routes.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RouterTest : public testing::Test {
 protected:
  Router router_;
};

TEST_F(RouterTest, TheFinalSlashIsOptional) {
  auto route = router_.Add("GET", "organizations/{o}/issues/");
  EXPECT_EQ(router_.Find("GET", "/api/0/organizations/acme/issues/").route, route);
  EXPECT_EQ(router_.Find("GET", "/api/0/organizations/acme/issues").route, route);
}

TEST_F(RouterTest, TheRootItselfIsARoute) {
  auto root = router_.Add("GET", "");
  for (auto path : {"/api/0/", "/api/0"}) EXPECT_EQ(router_.Find("GET", path).route, root) << path;
}

TEST_F(RouterTest, SegmentsAreDecodedAfterSplitting) {
  router_.Add("GET", "organizations/{o}/releases/{v}/");
  auto match = router_.Find("GET", "/api/0/organizations/acme/releases/pkg%401.0%2Bb7%20x%2Fy/");
  EXPECT_EQ(match.path.Get("v"), "pkg@1.0+b7 x/y");
  EXPECT_EQ(router_.Find("GET", "/api/0/organizations/acme/releases/a+b/").path.Get("v"), "a+b");
}

TEST_F(RouterTest, UnknownPathsAreNothing) {
  router_.Add("GET", "organizations/{o}/");
  for (auto path : {"/api/0/nothing/", "/api/1/organizations/acme/", "/api/0organizations/acme/",
                    "/api/0/organizations//", "/api/0/organizations/acme/x", "/",
                    "/api/0/organizations/acme//"}) {
    auto match = router_.Find("GET", path);
    EXPECT_FALSE(match.route.has_value()) << path;
    EXPECT_THAT(match.allowed, IsEmpty()) << path;
  }
}

TEST_F(RouterTest, OtherMethodsOfAPathAreNamed) {
  router_.Add("GET", "issues/{i}/");
  router_.Add("PUT", "issues/{i}/");
  auto match = router_.Find("PATCH", "/api/0/issues/1/");
  EXPECT_FALSE(match.route.has_value());
  EXPECT_THAT(match.allowed, ElementsAre("GET", "PUT"));
}

TEST_F(RouterTest, HeadFindsGet) {
  auto route = router_.Add("GET", "projects/");
  EXPECT_EQ(router_.Find("HEAD", "/api/0/projects/").route, route);
}

TEST_F(RouterTest, TheFirstPatternWins) {
  auto literal = router_.Add("GET", "users/me/");
  router_.Add("GET", "users/{u}/");
  EXPECT_EQ(router_.Find("GET", "/api/0/users/me/").route, literal);
}

TEST(RoutesTest, EveryIssueRouteExistsWithAndWithoutOrganization) {
  Router router;
  for (const auto& route : Routes()) router.Add(route.method, route.pattern);
  for (std::string tail : {"", "events/", "events/latest/", "tags/", "tags/url/values/", "hashes/",
                           "stats/", "activities/"}) {
    EXPECT_TRUE(router.Find("GET", "/api/0/issues/1/" + tail).route) << tail;
    EXPECT_TRUE(router.Find("GET", "/api/0/organizations/a/issues/WEB-1/" + tail).route) << tail;
  }
}

TEST(RoutesTest, OnlyFewAreOpen) {
  const std::set<std::string_view> kOpen = {"",
                                            "openapi.json",
                                            "mishap/login/",
                                            "mishap/session/",
                                            "mishap/invites/{secret}/",
                                            "mishap/invites/{secret}/accept/",
                                            "organizations/{o}/shared/issues/{share}/"};
  for (const auto& route : Routes()) {
    EXPECT_EQ(route.permissions == "-", kOpen.contains(route.pattern)) << route.pattern;
    EXPECT_TRUE(kOpen.contains(route.pattern) || route.pattern.ends_with('/')) << route.pattern;
  }
}

}  // namespace
}  // namespace mishap

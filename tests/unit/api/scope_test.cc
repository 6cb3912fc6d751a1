#include "storage/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

Scope Holding(std::vector<std::string> permissions) {
  return Scope({1}, "acme", {}, {{3}, {2}, {3}}, std::move(permissions));
}

TEST(ScopeTest, HigherLevelsImplyLower) {
  EXPECT_TRUE(Holding({"event:write"}).Allows("event:read"));
  EXPECT_TRUE(Holding({"event:admin"}).Allows("event:write"));
  EXPECT_FALSE(Holding({"event:read"}).Allows("event:write"));
  EXPECT_FALSE(Holding({"event:admin"}).Allows("project:read"));
  EXPECT_TRUE(Holding({"org:admin"}).Allows("org:integrations"));
  EXPECT_TRUE(Holding({"member:write"}).Allows("member:invite"));
  EXPECT_FALSE(Holding({"member:invite"}).Allows("member:read"));
  EXPECT_FALSE(Holding({"org:admin"}).Allows("org:ci"));
  EXPECT_FALSE(Holding({}).Allows("event:read"));
}

TEST(ScopeTest, SeesItsProjectsOnly) {
  auto scope = Holding({});
  EXPECT_THAT(scope.Projects(), testing::ElementsAre(ProjectId{2}, ProjectId{3}));
  EXPECT_TRUE(scope.Sees({2}));
  EXPECT_FALSE(scope.Sees({4}));
  EXPECT_THAT(scope.Narrowed({{3}, {4}}).Projects(), testing::ElementsAre(ProjectId{3}));
}

}  // namespace
}  // namespace mishap

#include "storage/scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using ::testing::ElementsAre;

Scope ScopeWith(std::vector<std::string> permissions) {
  return Scope(OrganizationId{1}, "acme", UserId{}, {ProjectId{3}, ProjectId{1}, ProjectId{3}},
               std::move(permissions));
}

TEST(Scope, SeesItsProjectsOnly) {
  const Scope scope = ScopeWith({});
  EXPECT_THAT(scope.Projects(), ElementsAre(ProjectId{1}, ProjectId{3}));
  EXPECT_TRUE(scope.Sees(ProjectId{3}));
  EXPECT_FALSE(scope.Sees(ProjectId{2}));
}

TEST(Scope, NarrowingNeverWidens) {
  const Scope narrow = ScopeWith({"org:read"}).Narrowed({ProjectId{2}, ProjectId{3}});
  EXPECT_THAT(narrow.Projects(), ElementsAre(ProjectId{3}));
  EXPECT_TRUE(narrow.Allows("org:read"));
}

struct Case {
  const char* held;
  const char* asked;
  bool allowed;
};

TEST(Scope, PermissionsIncludeTheLowerOnesOfTheirFamily) {
  for (const Case& c : std::vector<Case>{{"event:read", "event:read", true},
                                         {"event:write", "event:read", true},
                                         {"event:admin", "event:read", true},
                                         {"event:admin", "event:write", true},
                                         {"event:read", "event:write", false},
                                         {"event:admin", "project:read", false},
                                         {"org:admin", "org:integrations", true},
                                         {"org:write", "org:integrations", false},
                                         {"member:write", "member:invite", true},
                                         {"member:read", "member:invite", false},
                                         {"org:ci", "org:read", false},
                                         {"org:admin", "org:ci", false},
                                         {"event", "event:read", false}}) {
    EXPECT_EQ(ScopeWith({c.held}).Allows(c.asked), c.allowed) << c.held << " for " << c.asked;
  }
}

}  // namespace
}  // namespace mishap

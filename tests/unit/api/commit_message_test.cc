#include "api/release/commit_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Fixed(std::string_view message) {
  std::vector<std::string> out;
  for (const auto& id : FixedIssuesOf(message)) {
    out.push_back(FormatShortId(id.project_slug, id.number));
  }
  return out;
}

TEST(CommitMessage, EveryVerbAndForm) {
  for (auto* verb : {"fix", "fixes", "Fixed", "CLOSE", "closes", "closed", "resolve", "Resolves",
                     "resolved", "fixes:", "Closed:"}) {
    EXPECT_THAT(Fixed(std::string(verb) + " WEB-1"), ElementsAre("WEB-1")) << verb;
  }
  EXPECT_THAT(Fixed("handle empty tills\n\nfixes web-1f."), ElementsAre("WEB-1F"));
  EXPECT_THAT(Fixed("(Fixes #MY-SHOP-2)"), ElementsAre("MY-SHOP-2"));
}

TEST(CommitMessage, SeveralIssues) {
  EXPECT_THAT(Fixed("Fixes WEB-1, WEB-2,API-3 and WEB-4"),
              ElementsAre("WEB-1", "WEB-2", "API-3", "WEB-4"));
  EXPECT_THAT(Fixed("fixes WEB-1 and closes: WEB-2; not WEB-3"), ElementsAre("WEB-1", "WEB-2"));
  EXPECT_THAT(Fixed("fixes WEB-1, fixes WEB-1"), ElementsAre("WEB-1"));
}

TEST(CommitMessage, WhatIsNoFix) {
  EXPECT_THAT(Fixed("see WEB-1"), IsEmpty());
  EXPECT_THAT(Fixed("prefixes WEB-1"), IsEmpty());
  EXPECT_THAT(Fixed("fixes the bug of WEB-1"), IsEmpty());
  EXPECT_THAT(Fixed("fixes web_1"), IsEmpty());
  EXPECT_THAT(Fixed("fixes and WEB-1"), IsEmpty());
  EXPECT_THAT(Fixed("fixes WEB-1 the till of WEB-2"), ElementsAre("WEB-1"));
  EXPECT_THAT(Fixed(""), IsEmpty());
  EXPECT_THAT(Fixed(std::string_view("fixes \0 WEB-1", 13)), IsEmpty());
}

TEST(CommitMessage, AtMostSoMany) {
  std::string message = "fixes";
  for (int i = 1; i <= 80; ++i) message += " WEB-" + std::to_string(i);
  EXPECT_EQ(Fixed(message).size(), kFixedIssuesMax);
}

}  // namespace
}  // namespace mishap

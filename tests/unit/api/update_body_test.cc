#include "api/triage/update_body.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

IssueUpdate Parse(std::string_view body) {
  auto update = ParseIssueUpdate(body);
  EXPECT_TRUE(update.has_value()) << body << ": " << (update ? "" : update.error().body);
  return update.value_or(IssueUpdate{});
}

TEST(UpdateBodyTest, WhatTheToolsSend) {
  auto resolved = Parse(R"({"status":"resolved","snoozeDuration":null})");
  EXPECT_EQ(resolved.status, IssueStatus::kResolved);
  EXPECT_FALSE(resolved.ignore.Any());
  EXPECT_EQ(Parse(R"({"status":"muted","snoozeDuration":null})").status, IssueStatus::kIgnored);
  EXPECT_TRUE(Parse(R"({"status":"resolvedInNextRelease"})").in_next_release);
  EXPECT_FALSE(Parse(R"({"status":"resolvedInNextRelease"})").needs_release);
  auto in = Parse(R"({"status":"resolved","statusDetails":{"inRelease":"1.2.3"}})");
  EXPECT_EQ(in.in_release, "1.2.3");
  EXPECT_TRUE(
      Parse(R"({"status":"resolved","statusDetails":{"inNextRelease":true}})").needs_release);
}

TEST(UpdateBodyTest, IgnoreDetailsStandInEitherPlace) {
  for (auto body :
       {R"({"status":"ignored","statusDetails":{"ignoreCount":10,"ignoreWindow":60}})",
        R"({"status":"ignored","ignoreCount":10,"ignoreWindow":60,"statusDetails":{}})"}) {
    auto update = Parse(body);
    EXPECT_EQ(update.ignore.count, 10) << body;
    EXPECT_EQ(update.ignore.window_min, 60) << body;
  }
  auto archived = Parse(R"({"status":"ignored","substatus":"archived_forever"})");
  EXPECT_EQ(archived.substatus, IssueSubstatus::kArchivedForever);
}

TEST(UpdateBodyTest, NothingToChangeIsFine) {
  for (auto body : {"{}", R"({"unknown":1})", R"({"hasSeen":null,"merge":0,"discard":false})"}) {
    EXPECT_FALSE(Parse(body).ChangesFields()) << body;
  }
}

TEST(UpdateBodyTest, PeopleAndFlags) {
  auto update =
      Parse(R"({"assignedTo":"user:1","priority":"low","hasSeen":true,"isBookmarked":false,)"
            R"("isSubscribed":true,"isPublic":false,"inbox":false,"merge":1,"discard":true})");
  EXPECT_EQ(update.assigned_to, "user:1");
  EXPECT_EQ(update.priority, IssuePriority::kLow);
  EXPECT_EQ(update.seen, true);
  EXPECT_EQ(update.bookmarked, false);
  EXPECT_EQ(update.subscribed, true);
  EXPECT_EQ(update.is_public, false);
  EXPECT_EQ(update.in_inbox, false);
  EXPECT_TRUE(update.merge);
  EXPECT_TRUE(update.discard);
  EXPECT_EQ(Parse(R"({"assignedTo":null})").assigned_to, "") << "null clears, absent does not";
  EXPECT_EQ(Parse(R"({"assignedTo":7})").assigned_to, "7");
  EXPECT_FALSE(Parse("{}").assigned_to.has_value());
}

TEST(UpdateBodyTest, MistakesNameTheField) {
  struct Case {
    const char* body;
    const char* want;
  };
  for (
      const auto& c :
      {Case{R"({"status":"x"})", R"({"status":["\"x\" is not a valid choice."]})"},
       Case{R"({"status":7})", R"({"status":["\"7\" is not a valid choice."]})"},
       Case{R"({"status":"resolved","substatus":"new"})",
            R"({"substatus":["\"new\" does not belong to the status given."]})"},
       Case{R"({"status":"ignored","ignoreCount":0})",
            R"({"ignoreCount":["Ensure this value is an integer from 1 to 1000000000."]})"},
       Case{
           R"({"status":"ignored","statusDetails":{"ignoreWindow":10081}})",
           R"({"statusDetails":{"ignoreWindow":["Ensure this value is an integer from 1 to 10080."]}})"},
       Case{R"({"status":"resolved","statusDetails":[1]})",
            R"({"statusDetails":["Expected an object."]})"},
       Case{R"({"status":"resolved","statusDetails":{"inCommit":{"repository":"acme/web"}}})",
            R"({"statusDetails":{"inCommit":{"commit":["This field is required."]}}})"},
       Case{R"({"assignedTo":["me"]})", R"({"assignedTo":["Expected a user, a team or null."]})"},
       Case{R"({"priority":"urgent"})", R"({"priority":["\"urgent\" is not a valid choice."]})"},
       Case{R"({"isBookmarked":"yes"})", R"({"isBookmarked":["Must be a valid boolean."]})"},
       Case{R"({"merge":"x"})", R"({"merge":["Must be a valid boolean."]})"},
       Case{"[1]", R"({"detail":"JSON parse error: the body must be an object."})"},
       Case{"{", R"({"detail":"JSON parse error: the body must be an object."})"},
       Case{"", R"({"detail":"JSON parse error: the body must be an object."})"}}) {
    auto update = ParseIssueUpdate(c.body);
    ASSERT_FALSE(update.has_value()) << c.body;
    EXPECT_EQ(update.error().status, 400);
    EXPECT_EQ(update.error().body, c.want) << c.body;
  }
}

TEST(UpdateBodyTest, DeepNestingIsRefusedNotCrashed) {
  EXPECT_FALSE(ParseIssueUpdate(std::string(500'000, '[')).has_value());
  EXPECT_FALSE(ParseIssueUpdate("{\"a\":" + std::string(500'000, '[')).has_value());
}

}  // namespace
}  // namespace mishap

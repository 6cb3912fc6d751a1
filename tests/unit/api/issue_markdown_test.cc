#include "api/issue/issue_markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "event/event_json.h"

namespace mishap {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(IssueMarkdownTest, SaysWhatWhereAndHowOften) {
  IssueRow issue;
  issue.id = {2'000'000'001};
  issue.title = "ValueError: a | b `c`";
  issue.culprit = "app.views in index";
  issue.times_seen = 5;
  issue.users_seen = 2;
  issue.is_unhandled = true;
  ProjectRow project;
  project.slug = "web";
  project.name = "Web";
  IssueView view{issue, project, "http://host/organizations/acme", 5, {}, {}, {}};
  auto event = EventReader().Read(R"({"exception":[{"type":"KeyError","value":"x"},
    {"type":"ValueError","value":"boom ``` end","stacktrace":{"frames":[
      {"function":"main","filename":"lib.py"},
      {"function":"index","filename":"app/views.py","lineno":7,"in_app":true,"context_line":"  raise ```"}]}}],
    "breadcrumbs":[{"category":"query","message":"select 1"}]})");
  ASSERT_TRUE(event);
  MarkdownParts parts{
      view, &*event, "abc", {{"browser", 4, 2, {{"browser", "Firefox", 3, {}, {}}}}}};
  auto text = IssueMarkdown(parts);
  EXPECT_THAT(text, HasSubstr("# WEB-1: ValueError: a \\| b 'c'\n"));
  EXPECT_THAT(text, HasSubstr("- Where: app.views in index\n"));
  EXPECT_THAT(text, HasSubstr("- Seen: 5 times by 2 users"));
  EXPECT_THAT(text, HasSubstr("- Link: http://host/organizations/acme/issues/2000000001/\n"));
  EXPECT_THAT(text, HasSubstr("> index  app/views.py:7\n      raise '''\n  main  lib.py\n"));
  EXPECT_THAT(text, HasSubstr("Caused by:\n\n**KeyError**: x"));
  EXPECT_THAT(text, HasSubstr("| browser | Firefox | 75 % |"));
  EXPECT_THAT(text, HasSubstr("- query: select 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("boom ```")));  // a value cannot open a block
}

}  // namespace
}  // namespace mishap

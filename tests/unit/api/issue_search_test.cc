#include "api/issue_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

IssueFilter Parse(std::string_view query) {
  IssueFilter filter;
  auto ok = ParseIssueSearch(query, filter);
  EXPECT_TRUE(ok.has_value()) << query << ": " << (ok ? "" : ok.error().detail);
  return filter;
}

std::string Mistake(std::string_view query) {
  IssueFilter filter;
  auto ok = ParseIssueSearch(query, filter);
  return ok ? "no error" : ok.error().detail;
}

TEST(IssueSearchTest, EmptyRestrictsNothing) {
  auto filter = Parse("  ");
  EXPECT_FALSE(filter.statuses || filter.levels || filter.substatuses || filter.nothing);
  EXPECT_THAT(filter.texts, IsEmpty());
}

TEST(IssueSearchTest, Statuses) {
  EXPECT_THAT(*Parse("is:unresolved").statuses, ElementsAre(IssueStatus::kUnresolved));
  EXPECT_THAT(*Parse("status:muted").statuses, ElementsAre(IssueStatus::kIgnored));
  EXPECT_THAT(*Parse("status:[resolved, ignored]").statuses,
              ElementsAre(IssueStatus::kResolved, IssueStatus::kIgnored));
  auto filter = Parse("is:regressed");
  EXPECT_THAT(*filter.statuses, ElementsAre(IssueStatus::kUnresolved));
  EXPECT_THAT(*filter.substatuses, ElementsAre(IssueSubstatus::kRegressed));
}

TEST(IssueSearchTest, TermsHoldTogether) {
  EXPECT_TRUE(Parse("is:resolved is:unresolved").nothing);
  EXPECT_TRUE(Parse("is:resolved is:new").nothing);
  EXPECT_TRUE(Parse("level:nonsense").nothing);
  EXPECT_THAT(*Parse("level:[error, fatal] level:fatal").levels, ElementsAre(50));
}

TEST(IssueSearchTest, Levels) {
  EXPECT_THAT(*Parse("level:Error").levels, ElementsAre(40));
  EXPECT_THAT(*Parse("level:[warning,error]").levels, ElementsAre(30, 40));
}

TEST(IssueSearchTest, FreeText) {
  EXPECT_THAT(Parse("out of Memory").texts, ElementsAre("out of memory"));
  EXPECT_THAT(Parse("out of is:resolved memory").texts, ElementsAre("out of", "memory"));
  EXPECT_THAT(Parse("\"level:error\" x").texts, ElementsAre("level:error", "x"));
  EXPECT_THAT(Parse("*oops*").texts, ElementsAre("oops"));
  EXPECT_THAT(Parse("https://x/y").texts, ElementsAre("https://x/y"));
  EXPECT_THAT(Parse("foo()").texts, ElementsAre("foo()"));
  EXPECT_THAT(Parse("\"say \\\"hi\\\"\"").texts, ElementsAre("say \"hi\""));
  EXPECT_THAT(Parse("100% sure_thing").texts, ElementsAre("100% sure_thing"));
}

TEST(IssueSearchTest, ReleasesEnvironmentsAndTags) {
  EXPECT_THAT(Parse("release:pkg@1.0").releases, ElementsAre(ElementsAre("pkg@1.0")));
  EXPECT_THAT(Parse("environment:[prod, \"my env\"]").environments,
              ElementsAre(ElementsAre("prod", "my env")));
  EXPECT_THAT(Parse("environment:\"\"").environments, ElementsAre(ElementsAre("")));
  EXPECT_THAT(Parse("browser.name:Chrome server_name:[a,b]").tags,
              ElementsAre(Pair("browser.name", ElementsAre("Chrome")),
                          Pair("server_name", ElementsAre("a", "b"))));
  EXPECT_THAT(Parse("tags[level]:x \"foo:bar\":y").tags,
              ElementsAre(Pair("level", ElementsAre("x")), Pair("foo:bar", ElementsAre("y"))));
}

TEST(IssueSearchTest, MistakesNameThePlace) {
  struct Case {
    const char* query;
    const char* part;
  };
  for (const auto& c :
       {Case{"level:", "Empty string after 'level:'"}, Case{"is:wrong", "Invalid value for \"is\""},
        Case{"is:[resolved]", "not supported for is"}, Case{"level:er\"or", "Invalid quote at"},
        Case{"\"open", "Missing closing quote (column 1)"}, Case{"a:[b", "Missing ']'"},
        Case{"a:[]", "Empty item"}, Case{"x OR y", "'OR' is not supported yet (column 3)"},
        Case{"(a b)", "Parentheses"},
        Case{"a !b:c", "'!b' negation is not supported yet (column 3)"},
        Case{"timesSeen:>5", "'timesSeen' is not supported yet"},
        Case{"has:user", "'has' is not supported yet"}, Case{"stack.module:x", "stack.module"},
        Case{"release:1.*", "wildcards"}, Case{"release:latest", "release:latest"},
        Case{"foo:\"\"", "'foo:\"\"'"}, Case{"a\xff", "UTF-8"}}) {
    EXPECT_THAT(Mistake(c.query), HasSubstr(c.part)) << c.query;
    EXPECT_THAT(Mistake(c.query), HasSubstr("Error parsing search query: ")) << c.query;
  }
}

TEST(IssueSearchTest, HasLimits) {
  EXPECT_THAT(Mistake(std::string(5000, 'a')), HasSubstr("limit is 4096"));
  std::string many;
  for (int i = 0; i < 101; ++i) many += "a:b ";
  EXPECT_THAT(Mistake(many), HasSubstr("more than 100 terms"));
  std::string list = "a:[b";
  for (int i = 0; i < 100; ++i) list += ",b";
  EXPECT_THAT(Mistake(list + "]"), HasSubstr("over 100 items"));
}

}  // namespace
}  // namespace mishap

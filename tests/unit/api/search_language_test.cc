// The search language: what queries mean (as a tree written down), what is refused and where, and
// that no text whatever breaks the parser.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "api/search/search_binder.h"
#include "api/search/search_parser.h"
#include "tests/unit/api/search_tree_text.h"

namespace mishap {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SearchLanguage : public ::testing::Test {
 protected:
  SearchLanguage() {
    ProjectRow web;
    web.id = {2};
    web.slug = "web";
    ProjectRow shop;
    shop.id = {3};
    shop.slug = "web-shop";
    projects_ = {web, shop};
  }
  SearchContext Context() const { return {now_, projects_, {7}}; }
  std::string Meaning(std::string_view query) const {
    auto tree = ReadSearch(query, Context());
    return tree ? TextOf(*tree) : tree.error().detail;
  }
  std::string Mistake(std::string_view query) const {
    auto tree = ReadSearch(query, Context());
    EXPECT_FALSE(tree) << query << " means " << (tree ? TextOf(*tree) : "");
    return tree ? "" : tree.error().detail;
  }

  Timestamp now_ = ParseTimestamp("2026-05-10T12:00:00Z").value();
  std::vector<ProjectRow> projects_;
};

TEST_F(SearchLanguage, TheTestVectorsOfTheContract) {
  struct Case {
    const char* query;
    const char* meaning;
  };
  for (const auto& c : {
           Case{"  ", "all()"},
           Case{"is:unresolved", "status(0/0)"},
           Case{"!is:resolved", "!status(1/0)"},
           Case{"is:unresolved assigned:me bookmarks:me",
                "all(status(0/0) assigned(u7) bookmarked(u7))"},
           Case{"is:new level:[error,fatal]", "all(status(0/1) tag[level~](error|fatal))"},
           Case{"age:-24h", "first_seen[2026-05-09T12:00:00Z..)"},
           Case{"age:+7d", "first_seen[..2026-05-03T12:00:00.000001Z)"},
           Case{"lastSeen:-2h", "last_seen[2026-05-10T10:00:00Z..)"},
           Case{"firstSeen:>=2024-05-01", "first_seen[2024-05-01T00:00:00Z..)"},
           Case{"lastSeen:2024-05-01", "last_seen[2024-05-01T00:00:00Z..2024-05-02T00:00:00Z)"},
           Case{"timesSeen:>1k userCount:<5", "all(times_seen(>1000) user_count(<5))"},
           Case{"user.email:\"a b@c.d\"", "tag[user.email](a b@c.d)"},
           Case{"user.email:*@acme.io", "tag[user.email](*@acme.io)"},
           Case{"tags[foo]:bar", "tag[foo](bar)"},
           Case{"foo:bar", "tag[foo](bar)"},
           Case{"\"foo:x\":bar", "tag[foo:x](bar)"},
           Case{"!foo:bar", "!tag[foo](bar)"},
           Case{"has:release", "tag[release](any)"},
           Case{"!has:environment", "!tag[environment](any)"},
           Case{"environment:\"\"", "!tag[environment](any)"},
           Case{"release:latest", "release(latest)"},
           Case{"firstRelease:web@1.*", "first_release(web@1.*)"},
           Case{"release.version:>=2.0", "release.version(>=2.0)"},
           Case{"error.unhandled:true", "tag[handled](no)"},
           Case{"!error.handled:true", "tag[handled](no)"},
           Case{"stack.filename:*views.py", "fact[stack.filename](*views.py)"},
           Case{"out of memory level:error disk full",
                "all(text(out of memory) tag[level~](error) text(disk full))"},
           Case{"\"out of memory\"", "text(out of memory)"},
           Case{"message:*memory*", "message(*memory*)"},
           Case{"(a:1 OR b:2) c:3", "all(any(tag[a](1) tag[b](2)) tag[c](3))"},
           Case{"a:1 b:2 OR c:3", "any(all(tag[a](1) tag[b](2)) tag[c](3))"},
           Case{"assigned:[me, none]", "assigned(u7|nobody)"},
           Case{"issue:[WEB-1,WEB-2]", "issue(2000000001|2000000002)"},
           Case{"message:\"a \\\"q\\\" b\"", "message(*a \"q\" b*)"},
           Case{"title:50\\*", "title(50\\*)"},
       }) {
    EXPECT_EQ(Meaning(c.query), c.meaning) << c.query;
  }
}

TEST_F(SearchLanguage, WordsPhrasesAndParentheses) {
  struct Case {
    const char* query;
    const char* meaning;
  };
  for (const auto& c : {
           Case{"*Oops*", "text(oops)"},
           Case{"a*b", "text(a*b)"},
           Case{"*", "all()"},
           Case{"https://x/y", "text(https://x/y)"},
           Case{"foo(a, b) bar", "text(foo(a, b) bar)"},
           Case{"foo()", "text(foo())"},
           Case{"\"level:error\" x", "all(text(level:error) text(x))"},
           Case{"a AND b", "all(text(a) text(b))"},
           Case{"a or b and c", "any(text(a) all(text(b) text(c)))"},
           Case{"\"OR\"", "text(or)"},
           Case{"((a:1))", "tag[a](1)"},
           Case{"!oops", "text(!oops)"},
           Case{"100% sure_thing", "text(100% sure_thing)"},
           Case{"level:>5", "tag[level~](>5)"},
           Case{"say\"hi\"", "text(say\"hi\")"},
           Case{"path:c:\\x", "tag[path](c:\\x)"},
           Case{"flags[\"new\"]:true", "tag[flags[\"new\"]](true)"},
           Case{"a:[b, \"c d\", e*]", "tag[a](b|c d|e*)"},
           Case{"a:*", "tag[a](any)"},
           Case{"!a:\"\"", "tag[a](any)"},
           Case{"a:[b,\"\"]", "any(tag[a](b) !tag[a](any))"},
           Case{"!a:[b,\"\"]", "all(!tag[a](b) tag[a](any))"},
       }) {
    EXPECT_EQ(Meaning(c.query), c.meaning) << c.query;
  }
}

TEST_F(SearchLanguage, KeysOfTheirOwnMeaning) {
  struct Case {
    const char* query;
    const char* meaning;
  };
  for (const auto& c : {
           Case{"is:unassigned", "assigned(nobody)"},
           Case{"is:assigned", "!assigned(nobody)"},
           Case{"is:for_review", "for_review"},
           Case{"is:linked", "any()"},
           Case{"status:[resolved, ignored]", "status(1/0|2/0)"},
           Case{"issue.priority:[high,low]", "priority(3|1)"},
           Case{"issue.category:error", "all()"},
           Case{"issue.category:cron", "any()"},
           Case{"project:web", "project(2)"},
           Case{"project:web*", "project(2|3)"},
           Case{"project:none", "project()"},
           Case{"project.id:3", "project(3)"},
           Case{"release:[latest, 1.0]", "release(1.0|latest)"},
           Case{"!release:latest", "!release(latest)"},
           Case{"release.build:>100", "release.build(>100)"},
           Case{"release.version:!=1.2", "!release.version(1.2)"},
           Case{"release.package:com.x", "release.package(com.x)"},
           Case{"user:id:1", "tag[user.id](1)"},
           Case{"!user:ip:1.2.3.4", "!tag[user.ip_address](1.2.3.4)"},
           Case{"user:ann",
                "any(tag[user.id](ann) tag[user.email](ann) tag[user.username](ann) "
                "tag[user.ip_address](ann))"},
           Case{"has:user", "tag[user](any)"},
           Case{"has:tags[level]", "tag[level](any)"},
           Case{"stack.lineno:[7,9]", "fact[stack.lineno](=7|=9)"},
           Case{"stack.in_app:0", "fact[stack.in_app](false)"},
           Case{"error.handled:TRUE", "!tag[handled](no)"},
           Case{"timestamp:<2026-05-01T10:00:00Z", "event_time[..2026-05-01T10:00:00Z)"},
           Case{"date:!=2026-05-01", "!event_time[2026-05-01T00:00:00Z..2026-05-02T00:00:00Z)"},
           Case{"assigned:[#core, Ann@x.io, 12]", "assigned(u12|ann@x.io|#core)"},
           Case{"team:#core", "team(#core)"},
           Case{"id:0123456789abcdef0123456789ABCDEF",
                "event_id(0123456789abcdef0123456789abcdef)"},
           Case{"LASTSEEN:-1d", "last_seen[2026-05-09T12:00:00Z..)"},
           Case{"message:Foo", "message(*Foo*)"},
           Case{"http.url:x", "tag[url](x)"},
       }) {
    EXPECT_EQ(Meaning(c.query), c.meaning) << c.query;
  }
}

TEST_F(SearchLanguage, MistakesSayWhatAndWhere) {
  struct Case {
    const char* query;
    const char* text;
  };
  for (const auto& c : {
           Case{"level:", "Empty string after 'level:', expected a value (column 1)"},
           Case{"foo:[a,]", "Empty item in the list of 'foo', expected a value (column 8)"},
           Case{"a OR", "Expected a term after 'OR' (column 5)"},
           Case{"OR a", "Expected a term before 'OR' (column 1)"},
           Case{"is:bogus", "is: Invalid value for \"is\" search: bogus, valid values are "},
           Case{"timesSeen:abc", "timesSeen: Invalid number: abc. Expected number"},
           Case{"foo:\"x", "Missing closing quote of the text that begins here (column 5)"},
           Case{"count():>10", "Aggregate filters like 'count()' are not supported"},
           Case{"()", "Nothing between '(' and here, expected a term (column 2)"},
           Case{"(a:1", "Missing ')' of the '(' that stands here (column 1)"},
           Case{"a:1) b", "')' without '(' before it (column 4)"},
           Case{"m\xC3\xBCll age:x", "age: Invalid date: x. Expected +/-duration"},
           Case{"m\xC3\xBCll age:x", "(column 10)"},
           Case{"error.handled:x", "Invalid boolean: x. Expected true, 1, false, or 0"},
           Case{"level:er\"or", "Invalid quote at 'er\"or' of 'level'"},
           Case{"is:[resolved]", "\"in\" lists are not supported for is"},
           Case{"a:[b", "Missing ']' of the list that begins here (column 3)"},
           Case{"span.op:db", "'span.op' cannot be searched: only errors are kept"},
           Case{"release.stage:adopted", "sessions are not kept"},
           Case{"issue.priority:urgent", "Invalid priority: urgent, expected high, medium or low"},
           Case{"has:timesSeen", "'timesSeen' is always there"},
           Case{"id:zz", "Invalid event id"},
           Case{"a\xff", "not valid UTF-8"},
       }) {
    EXPECT_THAT(Mistake(c.query), HasSubstr(c.text)) << c.query;
    EXPECT_THAT(Mistake(c.query), StartsWith("Error parsing search query: ")) << c.query;
  }
}

TEST_F(SearchLanguage, HasLimits) {
  EXPECT_THAT(Mistake(std::string(5000, 'a')), HasSubstr("limit is 4096"));
  std::string many;
  for (int i = 0; i < 101; ++i) many += "a:b ";
  EXPECT_THAT(Mistake(many), HasSubstr("more than 100 terms"));
  std::string list = "a:[b";
  for (int i = 0; i < 100; ++i) list += ",b";
  EXPECT_THAT(Mistake(list + "]"), HasSubstr("over 100 items"));
  EXPECT_THAT(Mistake(std::string(21, '(') + "a" + std::string(21, ')')),
              HasSubstr("nested deeper than 20 (column 21)"));
  EXPECT_EQ(Meaning(std::string(20, '(') + "a" + std::string(20, ')')), "text(a)");
}

// Random queries of the language's own words: whatever comes out, it comes out; what parses has a
// meaning that does not change when blanks are added around it.
TEST_F(SearchLanguage, AnyTextEndsInATreeOrAnError) {
  static const char* const kPieces[] = {
      "a",      ":",     "\"",     "(",           ")",    "[",        "]",    ",",
      " ",      "!",     "is:new", " OR ",        " AND", "\\*",      "*",    ">",
      "tags[x", "has:",  "age:",   "-1d",         "\\\"", "\xC3\xBC", "\xff", "x:y",
      "level:", "[b,c]", "foo(",   "timesSeen:>", "1k",   "\n"};
  std::mt19937 random(20260510);
  std::size_t parsed = 0;
  for (int round = 0; round < 30000; ++round) {
    std::string query;
    auto length = random() % 12;
    for (std::size_t i = 0; i < length; ++i) query += kPieces[random() % std::size(kPieces)];
    auto tree = ReadSearch(query, Context());
    if (!tree) {
      EXPECT_THAT(tree.error().detail, StartsWith("Error parsing search query: ")) << query;
      EXPECT_EQ(tree.error().reason, Reason::kInvalidArgument) << query;
      continue;
    }
    ++parsed;
    EXPECT_EQ(Meaning(" \t" + query + " "), TextOf(*tree)) << query;
  }
  EXPECT_GT(parsed, 3000u);
}

}  // namespace
}  // namespace mishap

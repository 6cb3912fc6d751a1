#include "api/pagination.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mishap {
namespace {

TEST(CursorTest, RoundTrips) {
  Cursor cursor{1'714'550'400'123'456, 2'000'000'001, true};
  auto parsed = ParseCursor(QueryParams::Parse("cursor=" + cursor.ToString()));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_EQ(*parsed, cursor);
}

TEST(CursorTest, EmptyIsTheFirstPage) {
  for (auto raw : {"", "cursor=", "cursor"}) {
    auto parsed = ParseCursor(QueryParams::Parse(raw));
    ASSERT_TRUE(parsed.has_value()) << raw;
    EXPECT_FALSE(parsed->has_value()) << raw;
  }
}

TEST(CursorTest, AnythingElseIsRefused) {
  for (auto text :
       {"x", "1:2", "1:2:2", "1:-2:0", "1:2:0:0", ":::", "1,2,0", "99999999999999999999:0:0"}) {
    auto parsed = ParseCursor(QueryParams::Parse(std::string("cursor=") + text));
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().detail, "Invalid cursor parameter.");
  }
}

TEST(PageSizeTest, IsClampedNotRefused) {
  struct Case {
    const char* raw;
    int want;
  };
  for (const auto& c :
       {Case{"", 100}, Case{"limit=25", 25}, Case{"per_page=10", 10}, Case{"limit=10000", 100},
        Case{"limit=101", 100}, Case{"limit=", 100}, Case{"per_page=1", 1}}) {
    EXPECT_EQ(ParsePageSize(QueryParams::Parse(c.raw)).value_or(-1), c.want) << c.raw;
  }
  for (auto raw : {"limit=0", "per_page=-1", "limit=x", "limit=2.5"}) {
    EXPECT_FALSE(ParsePageSize(QueryParams::Parse(raw)).has_value()) << raw;
  }
}

HttpMessageRequest Request(std::string path, std::string query) {
  HttpMessageRequest request;
  request.path = std::move(path);
  request.query = std::move(query);
  return request;
}

TEST(LinkHeaderTest, IsExactlyTheGrammar) {
  auto request =
      Request("/api/0/organizations/acme/issues/", "query=is%3Aunresolved&limit=25&cursor=0:0:0");
  EXPECT_EQ(LinkHeader("http://host", request, {{0, 0, true}, false, {0, 25, false}, true}),
            "<http://host/api/0/organizations/acme/issues/"
            "?query=is%3Aunresolved&limit=25&cursor=0:0:1>; rel=\"previous\"; results=\"false\"; "
            "cursor=\"0:0:1\", "
            "<http://host/api/0/organizations/acme/issues/"
            "?query=is%3Aunresolved&limit=25&cursor=0:25:0>; rel=\"next\"; results=\"true\"; "
            "cursor=\"0:25:0\"");
}

TEST(LinkHeaderTest, CommasOfParametersAreEncoded) {
  auto header =
      LinkHeader("http://host", Request("/api/0/x/", "?query=level:[error,fatal] \"a\""), {});
  EXPECT_NE(header.find("query=level:[error%2Cfatal]%20%22a%22&cursor="), std::string::npos);
  EXPECT_EQ(std::count(header.begin(), header.end(), ','), 1);
}

TEST(LinkHeaderTest, LongParameterNamesThatBeginAlikeStay) {
  auto header = LinkHeader("http://h", Request("/p", "cursors=1&cursor=9:9:0&b=2"), {});
  EXPECT_NE(header.find("?cursors=1&b=2&cursor=0:0:0"), std::string::npos) << header;
}

TEST(CutPageTest, SaysWhatStandsBesideThePage) {
  auto first = CutPage(25, std::nullopt, 10);
  EXPECT_EQ(first.begin, 0u);
  EXPECT_EQ(first.end, 10u);
  EXPECT_FALSE(first.links.has_previous);
  EXPECT_TRUE(first.links.has_next);
  auto last = CutPage(25, Cursor{0, 20, false}, 10);
  EXPECT_EQ(last.end, 25u);
  EXPECT_TRUE(last.links.has_previous);
  EXPECT_EQ(last.links.previous, (Cursor{0, 10, true}));
  EXPECT_FALSE(last.links.has_next);
  auto beyond = CutPage(25, Cursor{0, 400, false}, 10);
  EXPECT_EQ(beyond.begin, beyond.end);
}

}  // namespace
}  // namespace mishap

// Events as tables and series, and files of releases: over the API's dispatch.
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::HasSubstr;

class Explore : public ApiTest {
 protected:
  Explore() {
    std::vector<DigestEvent> events;
    for (std::uint64_t n = 1; n <= 3; ++n) events.push_back(Readable(n, 1, web_));
    events.push_back(Readable(4, 2, web_));
    events.push_back(Readable(5, 3, mobile_));
    events[0].release = "web@1.0";
    Store(std::move(events));
  }
  Reply Events(const std::string& rest) { return Get(kEvents + "?statsPeriod=90d&" + rest); }

  const std::string kEvents = "/organizations/acme/events/";
};

TEST_F(Explore, RowsHaveTheFieldsAskedForAndAlwaysIdAndProject) {
  auto reply = Events(
      "field=issue&field=title&field=project&field=timestamp&field=level&field=message&"
      "field=error.type&field=culprit&field=user.email&field=tags[browser]&sort=-timestamp");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.json.at("data").as_array().size(), 5u);
  EXPECT_EQ(reply.At("/data/0/issue"), "MOBILE-1");
  EXPECT_EQ(reply.At("/data/0/project"), "mobile");
  EXPECT_EQ(reply.At("/data/0/project.name"), "mobile");
  EXPECT_EQ(reply.At("/data/0/id").size(), 32u);
  EXPECT_EQ(reply.At("/data/0/title"), "ValueError: 3");
  EXPECT_EQ(reply.At("/data/0/error.type/0"), "ValueError");
  EXPECT_EQ(reply.At("/data/0/level"), "error");
  EXPECT_EQ(reply.At("/data/0/user.email"), "null");
  EXPECT_EQ(reply.At("/data/0/tags[browser]"), "Firefox");
  EXPECT_THAT(reply.At("/data/0/timestamp"), testing::EndsWith("Z"));
  EXPECT_EQ(reply.At("/meta/fields/timestamp"), "date");
  EXPECT_THAT(reply.Header("Link"), HasSubstr("rel=\"next\""));
  EXPECT_EQ(Events("field=id&query=!release:web@1.0").json.at("data").as_array().size(), 4u);
  EXPECT_EQ(Events("field=id&project=mobile").json.at("data").as_array().size(), 1u);
}

TEST_F(Explore, AnAggregateMakesGroups) {
  auto reply = Events("field=issue&field=count()&field=last_seen()&sort=-count()&project=web");
  ASSERT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.json.at("data").as_array().size(), 2u);
  EXPECT_EQ(reply.At("/data/0/issue"), "WEB-1");
  EXPECT_EQ(reply.At("/data/0/count()"), "3");
  EXPECT_EQ(reply.At("/data/1/count()"), "1");
  EXPECT_EQ(reply.At("/meta/fields/count()"), "integer");
  EXPECT_EQ(Events("field=count()").At("/data/0/count()"), "5");
  auto by_release = Events("field=release&field=count()&sort=count&project=web");
  EXPECT_EQ(by_release.At("/data/0/release"), "web@1.0");
  EXPECT_EQ(by_release.At("/data/1/release"), "1.0");
  auto by_tag = Events("field=browser&field=count_unique(issue)&field=project");
  ASSERT_EQ(by_tag.status, 200) << by_tag.body;
  EXPECT_EQ(by_tag.At("/data/0/project"), "web");
  EXPECT_EQ(by_tag.At("/data/0/count_unique(issue)"), "2");
  EXPECT_EQ(Events("field=latest_event()&field=level").At("/data/0/level"), "error");
  auto first = Events("field=issue&field=count()&per_page=1");
  EXPECT_EQ(first.At("/data/0/issue"), "WEB-1");
  auto cursor = CursorOf(first, "next");
  EXPECT_NE(Events("field=issue&field=count()&per_page=1&cursor=" + cursor).At("/data/0/issue"),
            "WEB-1");
}

TEST_F(Explore, WhatIsWrongIsSaid) {
  struct Case {
    const char* query;
    const char* says;
  };
  for (const auto& [query, says] :
       {Case{"", "No columns selected"}, Case{"field=bogus(", "closing parenthesis"},
        Case{"field=p95(transaction.duration)", "no function of events"},
        Case{"field=a%20b%21", "no column"}, Case{"field=title&sort=-count()", "not selected"},
        Case{"field=title&sort=title", "sorted by timestamp only"},
        Case{"field=message&field=count()", "cannot be grouped by message"},
        Case{"field=title&query=level:", "Empty string after 'level:'"},
        Case{"field=title&dataset=nonsense", "dataset must be one of"}}) {
    auto reply = Events(query);
    EXPECT_EQ(reply.status, 400) << query << reply.body;
    EXPECT_THAT(reply.At("/detail"), HasSubstr(says)) << query;
  }
  EXPECT_EQ(Events("field=x&dataset=logs").At("/data"), "[]");
}

TEST_F(Explore, ValidationSaysItOfEachPart) {
  const std::string path = kEvents + "validate/";
  auto fine = Get(path + "?field=count()&field=issue&orderby=-count()&query=level:error");
  EXPECT_EQ(fine.status, 200);
  EXPECT_EQ(fine.At("/valid"), "true");
  EXPECT_EQ(fine.At("/field/0/attrType"), "number");
  auto wrong = Get(path + "?field=bogus(&field=issue&orderby=-x&query=level:&dataset=errors");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.At("/valid"), "false");
  EXPECT_EQ(wrong.At("/field/0/valid"), "false");
  EXPECT_EQ(wrong.At("/field/1/valid"), "true");
  EXPECT_EQ(wrong.At("/orderby/0/valid"), "false");
  EXPECT_THAT(wrong.At("/query/error"), HasSubstr("Empty string after 'level:'"));
  EXPECT_EQ(wrong.At("/dataset/0/name"), "errors");
}

TEST_F(Explore, SeriesCountEveryEventOnce) {
  auto sum = [](const Reply& reply) {
    std::int64_t out = 0;
    for (const auto& point : reply.json.at("data").as_array()) {
      out += point.at(1).at(0).at("count").as_int64();
    }
    return out;
  };
  EXPECT_EQ(sum(Get("/organizations/acme/events-stats/?statsPeriod=1d&interval=1h")), 5);
  EXPECT_EQ(sum(Get("/organizations/acme/events-stats/?statsPeriod=1d&interval=5m&project=web")),
            4);
  auto several = Get("/organizations/acme/events-stats/?yAxis=count()&yAxis=count_unique(issue)");
  EXPECT_EQ(several.At("/count_unique(issue)/order"), "1") << several.body.substr(0, 300);
  auto series = Get("/organizations/acme/events-timeseries/?statsPeriod=1h&interval=300");
  EXPECT_EQ(series.At("/timeSeries/0/meta/interval"), "300000");
  EXPECT_EQ(Get("/organizations/acme/events-stats/?yAxis=title").status, 400);
  EXPECT_EQ(Get("/organizations/acme/events-stats/?interval=soon").status, 400);
}

}  // namespace
}  // namespace mishap

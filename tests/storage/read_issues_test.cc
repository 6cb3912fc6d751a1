// Issue lists, one issue and its changes, as a client sees them.
#include <algorithm>

#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReadIssues : public ApiTest {
 protected:
  // Issues 1..count of `web`, issue n seen n times, the highest last.
  void Seed(std::uint64_t count) {
    std::vector<DigestEvent> events;
    for (std::uint64_t hash = 1; hash <= count; ++hash) {
      for (std::uint64_t n = 0; n < hash; ++n) {
        events.push_back(Readable(hash * 100 + n, hash, web_));
      }
    }
    Store(std::move(events));
  }
  std::string Issue(int n) { return std::to_string(web_.value * kIssuesPerProject + n); }
};

TEST_F(ReadIssues, ListsTheNewestFirstInTheShapeClientsNeed) {
  Seed(3);
  auto list = Get("/organizations/acme/issues/?query=");
  EXPECT_EQ(list.status, 200);
  EXPECT_THAT(list.Column("title"), ElementsAre("ValueError: 3", "ValueError: 2", "ValueError: 1"));
  EXPECT_THAT(list.Column("shortId"), ElementsAre("WEB-3", "WEB-2", "WEB-1"));
  EXPECT_THAT(list.Column("count"), ElementsAre("3", "2", "1"));
  EXPECT_EQ(list.Header("X-Hits"), "3");
  EXPECT_EQ(list.At("/0/project/slug"), "web");
  EXPECT_EQ(list.At("/0/permalink"), "http://host/organizations/acme/issues/" + Issue(3) + "/");
  EXPECT_THAT(list.At("/0/lastSeen"), testing::EndsWith("Z"));
  EXPECT_EQ(Get("/projects/acme/web/issues/?query=").Column("id"), list.Column("id"));
}

TEST_F(ReadIssues, PagesNeitherSkipNorRepeatInEveryOrder) {
  Seed(7);
  for (std::string sort : {"date", "new", "freq", "user"}) {
    auto base = "/organizations/acme/issues/?query=&limit=3&sort=" + sort;
    auto whole = Get("/organizations/acme/issues/?query=&sort=" + sort).Column("id");
    ASSERT_EQ(whole.size(), 7u) << sort;
    std::vector<std::string> forward;
    std::vector<std::string> pages;
    std::string cursor;
    do {
      auto page = Get(base + "&cursor=" + cursor);
      for (auto& id : page.Column("id")) forward.push_back(id);
      pages.push_back(page.body);
      cursor = CursorOf(page, "next");
      if (cursor.empty()) {
        // And back again, page by page.
        for (std::size_t i = pages.size() - 1; i-- > 0;) {
          page = Get(base + "&cursor=" + CursorOf(page, "previous"));
          EXPECT_EQ(page.body, pages[i]) << sort;
        }
        EXPECT_EQ(CursorOf(page, "previous"), "") << sort;
      }
    } while (!cursor.empty() && pages.size() < 10);
    EXPECT_EQ(forward, whole) << sort;
  }
}

TEST_F(ReadIssues, EqualSortKeysStillHaveOneOrder) {
  std::vector<DigestEvent> events;
  for (std::uint64_t hash = 1; hash <= 6; ++hash) {
    auto event = Readable(hash, hash, hash % 2 == 0 ? web_ : mobile_);
    event.received_at = Noon();
    events.push_back(std::move(event));
  }
  Store(std::move(events));
  std::vector<std::string> seen;
  std::string cursor;
  for (int page = 0; page < 6; ++page) {
    auto list = Get("/organizations/acme/issues/?query=&limit=1&cursor=" + cursor);
    for (auto& id : list.Column("id")) seen.push_back(id);
    cursor = CursorOf(list, "next");
  }
  EXPECT_EQ(cursor, "");
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()) - seen.begin(), 6);
}

TEST_F(ReadIssues, FiltersRestrict) {
  Seed(2);
  auto special = Readable(900, 9, web_);
  special.level = Level::kFatal;
  special.environment = "staging";
  special.release = "web@2.0";
  special.search_text = "100% out of memory in render_page";
  special.tags = {{"browser", "Chrome"}};
  special.tag_rolled_up = {true};
  Store({special});
  struct Case {
    const char* query;
    std::size_t found;
  };
  for (const auto& c :
       {Case{"query=", 3}, Case{"", 3}, Case{"query=is:resolved", 0}, Case{"query=level:fatal", 1},
        Case{"query=level:[error,fatal]", 3}, Case{"query=&environment=staging", 1},
        Case{"query=&environment=nothing", 0}, Case{"query=environment:production", 2},
        Case{"query=release:web%402.0", 1}, Case{"query=out+of+memory", 1},
        Case{"query=100%25+out", 1}, Case{"query=render_page", 1}, Case{"query=renderXpage", 0},
        Case{"query=browser:Chrome", 1}, Case{"query=browser:[Chrome,Firefox]", 3},
        Case{"query=browser:chrome", 0}, Case{"query=&project=mobile", 0},
        Case{"query=&statsPeriod=1m", 0}, Case{"query=level:fatal+browser:Firefox", 0}}) {
    for (std::string sort : {"date", "freq"}) {
      auto list = Get("/organizations/acme/issues/?sort=" + sort + "&" + c.query);
      EXPECT_EQ(list.Column("id").size(), c.found) << c.query << " " << sort << " " << list.body;
      EXPECT_EQ(list.Header("X-Hits"), std::to_string(c.found)) << c.query;
    }
  }
}

TEST_F(ReadIssues, AnIdAloneIsADirectHit) {
  Seed(2);
  auto by_event = Get("/organizations/acme/issues/?query=" + ToHex(EventIdOf(201)));
  EXPECT_THAT(by_event.Column("id"), ElementsAre(Issue(2)));
  EXPECT_EQ(by_event.Header("X-Sentry-Direct-Hit"), "1");
  EXPECT_EQ(by_event.At("/0/matchingEventId"), ToHex(EventIdOf(201)));
  EXPECT_EQ(by_event.At("/0/matchingEventEnvironment"), "production");
  auto by_short_id = Get("/organizations/acme/issues/?query=web-1");
  EXPECT_THAT(by_short_id.Column("id"), ElementsAre(Issue(1)));
  EXPECT_THAT(Get("/organizations/acme/issues/?query=" + std::string(32, 'a')).Column("id"),
              IsEmpty());
}

TEST_F(ReadIssues, DetailKnowsReleasesTagsAndStats) {
  Seed(2);
  for (const std::string& path :
       {"/organizations/acme/issues/" + Issue(2) + "/",
        std::string("/organizations/acme/issues/WEB-2"), "/issues/" + Issue(2) + "/"}) {
    auto issue = Get(path);
    EXPECT_EQ(issue.status, 200) << path << issue.body;
    EXPECT_EQ(issue.At("/id"), Issue(2));
    EXPECT_EQ(issue.At("/count"), "2");
    EXPECT_EQ(issue.At("/firstRelease/version"), "1.0");
    EXPECT_EQ(issue.At("/lastRelease/version"), "1.0");
    EXPECT_EQ(issue.At("/activity/0/type"), "first_seen");
    EXPECT_EQ(issue.At("/tags/0/key"), "browser");
    EXPECT_EQ(issue.At("/tags/0/totalValues"), "2");
    EXPECT_EQ(issue.json.at("stats").at("24h").as_array().size(), 24u);
    EXPECT_EQ(issue.json.at("stats").at("30d").as_array().size(), 30u);
    EXPECT_EQ(issue.At("/stats/30d/29/1"), "2");
  }
  auto found = Get("/organizations/acme/shortids/web-2/");
  EXPECT_EQ(found.At("/groupId"), Issue(2));
  EXPECT_EQ(found.At("/group/shortId"), "WEB-2");
}

TEST_F(ReadIssues, MergedIssuesLeadToTheirParent) {
  Seed(2);
  db_.Rows("update tenant.issue set status = 3, merged_into = " + Issue(2) +
           " where id = " + Issue(1));
  EXPECT_EQ(Get("/organizations/acme/issues/" + Issue(1) + "/").At("/id"), Issue(2));
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-1/").At("/id"), Issue(2));
  EXPECT_THAT(Get("/organizations/acme/issues/?query=").Column("id"), ElementsAre(Issue(2)));
}

TEST_F(ReadIssues, ResolveIgnoreAndUnresolve) {
  Seed(1);
  auto path = "/organizations/acme/issues/WEB-1/";
  auto resolved = Put(path, R"({"status":"resolved"})");
  EXPECT_EQ(resolved.status, 200) << resolved.body;
  EXPECT_EQ(resolved.At("/status"), "resolved");
  EXPECT_EQ(resolved.At("/substatus"), "null");
  EXPECT_EQ(resolved.At("/activity/0/type"), "set_resolved");
  EXPECT_EQ(db_.Value("select resolved_at is not null from tenant.issue"), "t");
  EXPECT_THAT(Get("/organizations/acme/issues/").Column("id"), IsEmpty());
  EXPECT_THAT(Get("/organizations/acme/issues/?query=is:resolved").Column("id"),
              ElementsAre(Issue(1)));
  EXPECT_EQ(Put(path, R"({"status":"resolved"})").At("/activity/1/type"), "first_seen");

  EXPECT_EQ(Put(path, R"({"status":"unresolved"})").At("/substatus"), "regressed");
  EXPECT_EQ(db_.Value("select resolved_at is null from tenant.issue"), "t");

  auto ignored = Put(path, R"({"status":"ignored","ignoreCount":10})");
  EXPECT_EQ(ignored.At("/substatus"), "archived_until_condition_met");
  EXPECT_EQ(ignored.At("/statusDetails/ignoreCount"), "10");
  EXPECT_EQ(Put(path, R"({"status":"unresolved"})").At("/substatus"), "new");
}

TEST_F(ReadIssues, ResolvesInReleases) {
  Seed(1);
  auto path = "/organizations/acme/issues/WEB-1/";
  auto unknown = Put(path, R"({"status":"resolved","statusDetails":{"inRelease":"9.9"}})");
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(unknown.At("/statusDetails/inRelease/0"),
            "Unable to find a release with the given version.");
  auto latest = Put(path, R"({"status":"resolved","statusDetails":{"inRelease":"latest"}})");
  EXPECT_EQ(latest.At("/statusDetails/inRelease"), "1.0");
  EXPECT_EQ(latest.At("/activity/0/type"), "set_resolved_in_release");
  auto next = Put(path, R"({"status":"resolvedInNextRelease"})");
  EXPECT_EQ(next.At("/statusDetails/inNextRelease"), "true");
}

TEST_F(ReadIssues, BulkChangesWhatIsNamed) {
  Seed(3);
  auto reply = Put("/projects/acme/web/issues/?id=" + Issue(1) + "&id=" + Issue(3) +
                       "&id=999&id=" + std::to_string(foreign_.value * kIssuesPerProject + 1),
                   R"({"status":"resolved","snoozeDuration":null})");
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.At("/status"), "resolved");
  EXPECT_THAT(Get("/projects/acme/web/issues/").Column("id"), ElementsAre(Issue(2)));
  EXPECT_EQ(Put("/organizations/acme/issues/?id=999", R"({"status":"resolved"})").status, 204);
  // sentry-cli issues mute -a: everything.
  EXPECT_EQ(Put("/projects/acme/web/issues/?", R"({"status":"muted"})").status, 200);
  EXPECT_EQ(Get("/projects/acme/web/issues/?query=is:ignored").Column("id").size(), 3u);
  EXPECT_EQ(Put("/projects/acme/web/issues/?status=muted", R"({"status":"unresolved"})").status,
            200);
  EXPECT_EQ(Get("/projects/acme/web/issues/").Column("id").size(), 3u);
  EXPECT_EQ(db_.Number("select count(*) from tenant.activity"), 2 + 3 + 3);
}

TEST_F(ReadIssues, MistakesAreAnsweredInTheDocumentedForm) {
  struct Case {
    const char* target;
    const char* want;
  };
  for (const auto& c :
       {Case{"/organizations/acme/issues/?cursor=x", "Invalid cursor parameter."},
        Case{"/organizations/acme/issues/?query=level:", "Empty string after 'level:'"},
        Case{"/organizations/acme/issues/?sort=x", "Invalid sort"},
        Case{"/organizations/acme/issues/?limit=0", "positive integer"},
        Case{"/organizations/acme/issues/?project=a.b", "Values must be numbers or slugs."},
        Case{"/organizations/acme/issues/?start=2026-01-01", "both required"}}) {
    auto reply = Get(c.target);
    EXPECT_EQ(reply.status, 400) << c.target;
    EXPECT_EQ(reply.json.as_object().size(), 1u) << reply.body;
    EXPECT_THAT(reply.At("/detail"), HasSubstr(c.want)) << c.target;
  }
}

}  // namespace
}  // namespace mishap

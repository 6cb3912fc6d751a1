// Searches as a client sends them: people, releases, time, events of an issue, sorts and pages.
#include "event/search_tags.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SearchTest : public ApiTest {
 protected:
  DigestEvent Event(std::uint64_t n, std::uint64_t hash) { return Readable(n, hash, web_); }
  std::vector<std::string> Find(const std::string& query, const std::string& more = "") {
    auto reply = Get("/organizations/acme/issues/?query=" + query + more);
    EXPECT_EQ(reply.status, 200) << query << " " << reply.body;
    return reply.status == 200 ? reply.Column("shortId") : std::vector<std::string>{reply.body};
  }
};

TEST_F(SearchTest, ReleasesByNameOrderAndNewest) {
  auto one = Event(1, 1);
  one.release = "shop@1.2.0";
  auto two = Event(2, 2);
  two.release = "shop@1.10.0+7";
  auto three = Event(3, 3);
  three.release = "other@3.0.0";
  Store({one});
  Store({two});
  Store({three});
  EXPECT_THAT(Find("release.version:>1.2.0"), ElementsAre("WEB-3", "WEB-2"));
  EXPECT_THAT(Find("release.version:<=1.10"), ElementsAre("WEB-2", "WEB-1"));
  EXPECT_THAT(Find("release.version:1.2.*"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!release.version:1.2.0"), ElementsAre("WEB-3", "WEB-2"));
  EXPECT_THAT(Find("release.package:shop"), ElementsAre("WEB-2", "WEB-1"));
  EXPECT_THAT(Find("release.build:>6"), ElementsAre("WEB-2"));
  EXPECT_THAT(Find("release:latest"), ElementsAre("WEB-3"));
  EXPECT_THAT(Find("release:[latest,shop%401.2.0]"), ElementsAre("WEB-3", "WEB-1"));
  EXPECT_THAT(Find("!release:latest"), ElementsAre("WEB-2", "WEB-1"));
  EXPECT_THAT(Find("firstRelease:shop%40*"), ElementsAre("WEB-2", "WEB-1"));
  EXPECT_THAT(Find("firstRelease:latest"), ElementsAre("WEB-3"));
  EXPECT_THAT(Find("firstRelease:shop%401.2.0", "&environment=production"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("firstRelease:shop%401.2.0", "&environment=staging"), IsEmpty());
}

TEST_F(SearchTest, PeoplePriorityAndReview) {
  Store({Event(1, 1), Event(2, 2), Event(3, 3)});
  db_.Rows("insert into control.app_user (email, name) values ('ann@x.io', 'Ann')");
  db_.Rows("insert into control.member (organization_id, user_id, role) select " +
           std::to_string(acme_.id.value) + ", id, 'member' from control.app_user");
  auto first = std::to_string(web_.value * kIssuesPerProject + 1);
  db_.Rows(
      "update tenant.issue set priority = 1, inbox_reason = null, assigned_user_id = "
      "(select id from control.app_user) where id = " +
      first);
  db_.Rows(
      "insert into tenant.issue_user (project_id, issue_id, user_id, bookmarked_at, subscribed) "
      "select project_id, id, (select id from control.app_user), now(), true from tenant.issue "
      "where id = " +
      first);
  EXPECT_THAT(Find("assigned:ann%40x.io"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("assigned:[Ann, none]"), ElementsAre("WEB-3", "WEB-2", "WEB-1"));
  EXPECT_THAT(Find("is:unassigned"), ElementsAre("WEB-3", "WEB-2"));
  EXPECT_THAT(Find("is:assigned"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("assigned:nobody%40x.io"), IsEmpty());
  EXPECT_THAT(Find("bookmarks:ann%40x.io"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!subscribed:ann%40x.io"), ElementsAre("WEB-3", "WEB-2"));
  EXPECT_THAT(Find("issue.priority:low"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("is:for_review"), ElementsAre("WEB-3", "WEB-2"));
  auto me = Get("/organizations/acme/issues/?query=assigned:me");
  EXPECT_EQ(me.status, 400);
  EXPECT_THAT(me.At("/detail"), HasSubstr("needs a token that belongs to a person"));
}

TEST_F(SearchTest, EventUniqueTagsExactlyAndByWildcard) {
  auto one = Event(1, 1);
  one.unique_tags = {UniqueTagHash("trace", "abc"), UniqueTagHash("trace", ""),
                     UniqueTagHash("user.email", "ann@x.io")};
  one.search_tags = {{"user.email", "ann@x.io"}};
  Store({one, Event(2, 2)});
  EXPECT_THAT(Find("trace:abc"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("trace:abd"), IsEmpty());
  EXPECT_THAT(Find("has:trace"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!has:trace"), ElementsAre("WEB-2"));
  EXPECT_THAT(Find("user.email:ann%40x.io"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("user.email:*%40x.io"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("user:ann%40x.io"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!user:ann%40x.io"), ElementsAre("WEB-2"));
}

TEST_F(SearchTest, OneEventMustSatisfyAllOfAnAnd) {
  auto prod = Event(1, 1);
  prod.tags = {{"browser", "Chrome"}};
  prod.environment = "prod";
  auto staging = Event(2, 1);
  staging.tags = {{"browser", "Firefox"}};
  staging.environment = "staging";
  prod.tag_rolled_up = staging.tag_rolled_up = {true};
  Store({prod, staging});
  EXPECT_THAT(Find("browser:Chrome+environment:prod"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("browser:Chrome+environment:staging"), IsEmpty());
  EXPECT_THAT(Find("browser:Chrome", "&environment=staging"), IsEmpty());
  EXPECT_THAT(Find("!browser:Chrome"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!browser:[Chrome,Firefox]"), IsEmpty());
  EXPECT_THAT(Find("(browser:Chrome+OR+is:resolved)+environment:prod"), ElementsAre("WEB-1"));
}

TEST_F(SearchTest, FactsNumbersAndMessages) {
  auto one = Event(1, 1);
  one.search_text = "out of memory\napp/views.py";
  one.search_facts =
      "\nmessage=Out of memory\nstack.filename=app/Views.py\nstack.lineno=70\n"
      "error.type=MemoryError\n";
  Store({one, Event(2, 2)});
  EXPECT_THAT(Find("stack.filename:*views.py"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("stack.filename:app/Views.py"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("stack.filename:app/views.py"), IsEmpty());  // exact: case matters
  EXPECT_THAT(Find("stack.lineno:>69"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("stack.lineno:>70"), IsEmpty());
  EXPECT_THAT(Find("error.type:[KeyError,Memory*]"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!has:error.type"), ElementsAre("WEB-2"));
  EXPECT_THAT(Find("message:%22OF%20MEMORY%22"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("!message:memory"), ElementsAre("WEB-2"));
  EXPECT_THAT(Find("message:*mem"), IsEmpty());
  EXPECT_THAT(Find("memory"), ElementsAre("WEB-1"));
  EXPECT_THAT(Find("out*memory"), ElementsAre("WEB-1"));
}

TEST_F(SearchTest, EventsOfAnIssueCanBeSearched) {
  auto one = Event(1, 1);
  one.environment = "prod";
  auto two = Event(2, 1);
  two.environment = "staging";
  Store({one, two});
  auto ids = [&](const std::string& query) {
    return Get("/organizations/acme/issues/WEB-1/events/?query=" + query).Column("id");
  };
  EXPECT_THAT(ids("environment:prod"), ElementsAre(ToHex(EventIdOf(1))));
  EXPECT_THAT(ids("!environment:prod"), ElementsAre(ToHex(EventIdOf(2))));
  EXPECT_THAT(ids("title:*1+environment:[prod,staging]"),
              ElementsAre(ToHex(EventIdOf(2)), ToHex(EventIdOf(1))));
  EXPECT_THAT(ids("title:nothing"), IsEmpty());
  auto latest = Get("/organizations/acme/issues/WEB-1/events/latest/?query=environment:prod");
  EXPECT_EQ(latest.At("/id"), ToHex(EventIdOf(1)));
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-1/events/?query=a+OR").status, 400);
  EXPECT_THAT(Get("/projects/acme/web/events/?query=environment:staging").Column("id"),
              ElementsAre(ToHex(EventIdOf(2))));
}

TEST_F(SearchTest, SortsHaveTheirMeaning) {
  // 1: old and many; 2: new and fatal; 3: new.
  std::vector<DigestEvent> events;
  for (std::uint64_t n = 0; n < 5; ++n) events.push_back(Event(10 + n, 1));
  auto fatal = Event(20, 2);
  fatal.level = Level::kFatal;
  events.push_back(fatal);
  events.push_back(Event(30, 3));
  Store(events);
  EXPECT_THAT(Find("", "&sort=freq"), ElementsAre("WEB-1", "WEB-3", "WEB-2"));
  EXPECT_THAT(Find("", "&sort=recommended"), ElementsAre("WEB-2", "WEB-1", "WEB-3"));
  EXPECT_THAT(Find("", "&sort=trends").front(), "WEB-1");
  EXPECT_THAT(Find("", "&sort=inbox"), ElementsAre("WEB-3", "WEB-2", "WEB-1"));
  db_.Rows("update tenant.issue set inbox_at = now() + interval '1 day' where title like '%: 1'");
  EXPECT_THAT(Find("", "&sort=inbox").front(), "WEB-1");
  EXPECT_THAT(Find("times_seen:>1", "&sort=user"), ElementsAre("WEB-1"));
}

TEST_F(SearchTest, PagesStayWhereTheyAreWhenEventsArrive) {
  for (std::uint64_t hash = 1; hash <= 6; ++hash) Store({Event(hash, hash)});
  auto page = Get("/organizations/acme/issues/?query=&limit=2&sort=new");
  EXPECT_THAT(page.Column("shortId"), ElementsAre("WEB-6", "WEB-5"));
  Store({Event(50, 50), Event(51, 51), Event(52, 1)});
  auto next =
      Get("/organizations/acme/issues/?query=&limit=2&sort=new&cursor=" + CursorOf(page, "next"));
  EXPECT_THAT(next.Column("shortId"), ElementsAre("WEB-4", "WEB-3"));
  auto back = Get("/organizations/acme/issues/?query=&limit=2&sort=new&cursor=" +
                  CursorOf(next, "previous"));
  EXPECT_THAT(back.Column("shortId"), ElementsAre("WEB-6", "WEB-5"));
  EXPECT_NE(CursorOf(back, "previous"), "");  // the new ones stand before it
}

TEST_F(SearchTest, CountsOfSeveralSearches) {
  Store({Event(1, 1), Event(2, 2)});
  auto counts =
      Get("/organizations/acme/issues-count/?query=is:unresolved&query=is:resolved&query=");
  EXPECT_EQ(counts.status, 200);
  EXPECT_EQ(counts.At("/is:unresolved"), "2");
  EXPECT_EQ(counts.At("/is:resolved"), "0");
  EXPECT_EQ(Get("/organizations/acme/issues-count/").status, 400);
  EXPECT_EQ(Get("/organizations/acme/issues-count/?query=a+OR").status, 400);
}

TEST_F(SearchTest, OneSearchOverIssuesReleasesAndCommits) {
  auto one = Event(1, 1);
  one.release = "shop@7.1";
  one.search_text = "payment refused";
  Store({one});
  db_.Rows("insert into control.repository (organization_id, name) values (" +
           std::to_string(acme_.id.value) + ", 'acme/shop')");
  db_.Rows(
      "insert into control.commit (organization_id, repository_id, sha, message, committed_at) "
      "select organization_id, id, 'deadbeef00', 'Mend payment', now() from control.repository");
  db_.Rows(
      "insert into control.release_commit (release_id, place, commit_id) "
      "select r.id, 0, c.id from control.release r, control.commit c");
  auto found = Get("/mishap/organizations/acme/search/?query=PAYMENT");
  EXPECT_EQ(found.At("/issues/0/shortId"), "WEB-1") << found.body;
  EXPECT_EQ(found.At("/commits/0/id"), "deadbeef00");
  EXPECT_EQ(found.At("/releases/0"), "<absent>");
  EXPECT_EQ(Get("/mishap/organizations/acme/search/?query=shop%407").At("/releases/0/version"),
            "shop@7.1");
  EXPECT_EQ(Get("/mishap/organizations/acme/search/?query=deadbe").At("/commits/0/message"),
            "Mend payment");
  EXPECT_EQ(Get("/mishap/organizations/acme/search/?query=web-1").At("/issues/0/shortId"), "WEB-1");
  EXPECT_EQ(Get("/mishap/organizations/acme/search/?query=timesSeen:x").status, 200);  // as text
  EXPECT_EQ(Get("/mishap/organizations/other/search/?query=x").status, 404);
}

TEST_F(SearchTest, TagShareComparisonAndMarkdown) {
  auto chrome = Event(3, 2);
  chrome.tags = {{"browser", "Chrome"}};
  chrome.tag_rolled_up = {true};
  Store({Event(1, 1), Event(2, 2), chrome});
  auto share = Get("/mishap/organizations/acme/issues/WEB-2/tag-share/browser/");
  EXPECT_EQ(share.At("/issueEvents"), "2") << share.body;
  EXPECT_EQ(share.At("/projectEvents"), "3");
  EXPECT_EQ(share.At("/values/1/value"), "Firefox");
  EXPECT_EQ(share.At("/values/1/count"), "1");
  EXPECT_EQ(share.At("/values/1/projectCount"), "2");
  EXPECT_EQ(Get("/mishap/organizations/acme/issues/WEB-2/tag-share/none/").status, 404);
  auto compare = Get("/mishap/organizations/acme/issues/WEB-2/events/" + ToHex(EventIdOf(2)) +
                     "/compare/" + ToHex(EventIdOf(3)) + "/");
  EXPECT_EQ(compare.status, 200) << compare.body;
  EXPECT_EQ(compare.At("/a/id"), ToHex(EventIdOf(2)));
  EXPECT_EQ(Get("/mishap/organizations/acme/issues/WEB-1/events/" + ToHex(EventIdOf(1)) +
                "/compare/" + ToHex(EventIdOf(3)) + "/")
                .status,
            404);  // of another issue
  auto markdown = Get("/mishap/organizations/acme/issues/WEB-2/markdown/");
  EXPECT_THAT(markdown.At("/markdown"), HasSubstr("# WEB-2: ValueError: 2\n"));
}

}  // namespace
}  // namespace mishap

// The issue list's counts of the window and the parts a client asks for or leaves out.
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;

class ListParts : public ApiTest {
 protected:
  // An event of `hash`, so many days ago, by a user.
  DigestEvent By(std::uint64_t n, std::uint64_t hash, int days_ago, std::uint64_t user) {
    auto event = Readable(n, hash, web_);
    event.received_at.micros -= days_ago * kMicrosPerDay;
    event.occurred_at = event.received_at;
    event.user_hash = user;
    return event;
  }
  // Issue 1 had three users, one of them today; issue 2 has two today, of whom one was there
  // before.
  void StoreUsers() {
    auto staging = By(7, 2, 0, 5);
    staging.environment = "staging";
    Store({By(1, 1, 3, 1), By(2, 1, 3, 2), By(3, 1, 0, 3), By(4, 2, 3, 4), By(5, 2, 0, 4),
           By(6, 2, 0, 4), staging});
  }
  std::string Shown(const Reply& reply, const char* pointer) {
    return reply.At("/0/id") + " " + reply.At((std::string("/0") + pointer).c_str()) + ", " +
           reply.At("/1/id") + " " + reply.At((std::string("/1") + pointer).c_str());
  }
  std::string Id(int n) { return std::to_string(web_.value * kIssuesPerProject + n); }

  const std::string kList = "/organizations/acme/issues/?query=&";
};

TEST_F(ListParts, UsersAreCountedInTheWindow) {
  StoreUsers();
  auto all = Get(kList + "sort=user&statsPeriod=14d");
  EXPECT_EQ(Shown(all, "/userCount"), Id(1) + " 3, " + Id(2) + " 2");
  auto today = Get(kList + "sort=user&statsPeriod=24h");
  EXPECT_EQ(Shown(today, "/userCount"), Id(2) + " 2, " + Id(1) + " 1");
  EXPECT_EQ(Shown(today, "/lifetime/userCount"), Id(2) + " 2, " + Id(1) + " 3");
  EXPECT_EQ(Shown(today, "/count"), Id(2) + " 3, " + Id(1) + " 1");
  auto production = Get(kList + "sort=user&statsPeriod=24h&environment=production");
  EXPECT_EQ(Shown(production, "/userCount"), Id(2) + " 1, " + Id(1) + " 1");
}

TEST_F(ListParts, UserSortPagesWithoutGapsOrRepeats) {
  StoreUsers();
  auto first = Get(kList + "sort=user&statsPeriod=24h&limit=1");
  EXPECT_THAT(first.Column("id"), ElementsAre(Id(2)));
  auto next = Get(kList + "sort=user&statsPeriod=24h&limit=1&cursor=" + CursorOf(first, "next"));
  EXPECT_THAT(next.Column("id"), ElementsAre(Id(1)));
  EXPECT_EQ(CursorOf(next, "next"), "");
}

TEST_F(ListParts, CountsAloneForIssuesThatAreNamed) {
  StoreUsers();
  auto counts =
      Get("/organizations/acme/issues-stats/?statsPeriod=24h&groups=" + Id(1) + "&groups=7");
  EXPECT_EQ(counts.status, 200) << counts.body;
  EXPECT_THAT(counts.Column("id"), ElementsAre(Id(1)));
  EXPECT_EQ(counts.At("/0/count"), "1");
  EXPECT_EQ(counts.At("/0/userCount"), "1");
  EXPECT_EQ(counts.At("/0/lifetime/userCount"), "3");
  EXPECT_EQ(counts.At("/0/title"), "<absent>");
  EXPECT_EQ(Get("/organizations/acme/issues-stats/").status, 400);
}

TEST_F(ListParts, IssuesThatAReleaseResolved) {
  StoreUsers();
  const std::string path = "/organizations/acme/releases/1.0/resolved/";
  EXPECT_THAT(Get(path).Column("id"), testing::IsEmpty());
  auto done = Put("/organizations/acme/issues/" + Id(2) + "/",
                  R"({"status":"resolved","statusDetails":{"inRelease":"1.0"}})");
  EXPECT_EQ(done.status, 200) << done.body;
  EXPECT_THAT(Get(path).Column("id"), ElementsAre(Id(2)));
  EXPECT_THAT(Get("/projects/acme/web/releases/1.0/resolved/").Column("id"), ElementsAre(Id(2)));
  EXPECT_EQ(Get("/organizations/acme/releases/2.0/resolved/").status, 404);
}

TEST_F(ListParts, CollapseLeavesOutAndExpandAdds) {
  StoreUsers();
  auto whole = Get(kList);
  for (const char* part :
       {"/0/stats", "/0/count", "/0/lifetime", "/0/filtered", "/0/isUnhandled"}) {
    EXPECT_NE(whole.At(part), "<absent>") << part;
  }
  auto less = Get(
      kList + "collapse=stats&collapse=lifetime&collapse=filtered&collapse=unhandled&collapse=x");
  EXPECT_EQ(less.status, 200);
  for (const char* part :
       {"/0/stats", "/0/count", "/0/userCount", "/0/firstSeen", "/0/lastSeen", "/0/lifetime",
        "/0/filtered", "/0/isUnhandled", "/0/inbox", "/0/owners"}) {
    EXPECT_EQ(less.At(part), "<absent>") << part;
  }
  EXPECT_NE(less.At("/0/title"), "<absent>");
  auto more = Get(kList +
                  "expand=inbox&expand=owners&expand=sessions&expand=latestEventHasAttachments"
                  "&expand=integrationIssues&expand=sentryAppIssues&expand=x");
  EXPECT_NE(more.At("/0/inbox"), "<absent>");
  EXPECT_EQ(more.At("/0/owners"), "null");
  EXPECT_EQ(more.At("/0/sessionCount"), "null");
  EXPECT_EQ(more.At("/0/latestEventHasAttachments"), "false");
  EXPECT_EQ(more.At("/0/integrationIssues"), "[]");
  EXPECT_EQ(more.At("/0/sentryAppIssues"), "[]");
  db_.Rows(
      "insert into tenant.attachment (project_id, received_at, event_id, id, name, content_type, "
      "type, bytes, sha1, blob) "
      "select project_id, last_seen, last_event_id, gen_random_uuid(), 'a', 'b', 'c', 1, 'd', 'e' "
      "from tenant.issue "
      "where id = " +
      Id(1));
  auto files = Get(kList + "sort=new&expand=latestEventHasAttachments");
  for (const char* row : {"/0", "/1"}) {
    const std::string at = row;
    EXPECT_EQ(files.At((at + "/latestEventHasAttachments").c_str()),
              files.At((at + "/id").c_str()) == Id(1) ? "true" : "false");
  }
}

}  // namespace
}  // namespace mishap

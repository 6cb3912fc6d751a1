// Events, tags, hashes, projects and keys as a client sees them, and that nothing of another
// organization is ever seen.
#include <algorithm>

#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ReadEvents : public ApiTest {
 protected:
  std::string Issue(ProjectId project) { return std::to_string(MakeIssueId(project, 1).value); }
};

TEST_F(ReadEvents, LatestOldestAndNeighbours) {
  Store({Readable(1, 1, web_), Readable(2, 1, web_), Readable(3, 1, web_)});
  auto base = "/organizations/acme/issues/" + Issue(web_) + "/events/";
  auto id = [](std::uint64_t n) { return ToHex(EventIdOf(n)); };
  EXPECT_THAT(Get(base).Column("eventID"), ElementsAre(id(3), id(2), id(1)));
  EXPECT_THAT(Get(base).Column("event.type"), ElementsAre("error", "error", "error"));
  EXPECT_EQ(Get(base + "latest/").At("/eventID"), id(3));
  EXPECT_EQ(Get(base + "oldest/").At("/eventID"), id(1));
  EXPECT_EQ(Get(base + "recommended/").At("/eventID"), id(3));
  auto middle = Get(base + id(2) + "/");
  EXPECT_EQ(middle.At("/previousEventID"), id(1));
  EXPECT_EQ(middle.At("/nextEventID"), id(3));
  EXPECT_EQ(middle.At("/groupID"), Issue(web_));
  EXPECT_EQ(middle.At("/release/version"), "1.0");
  EXPECT_EQ(middle.At("/entries/0/data/values/0/type"), "ValueError");
  EXPECT_EQ(Get(base + "latest/").At("/nextEventID"), "null");
  EXPECT_EQ(Get(base + "latest/?environment=nothing").status, 404);
  EXPECT_EQ(Get("/projects/acme/web/events/" + id(2)).At("/eventID"), id(2));
  EXPECT_EQ(Get("/organizations/acme/events/web:" + id(2) + "/").At("/eventID"), id(2));
  EXPECT_EQ(Get("/organizations/acme/eventids/" + id(2) + "/").At("/groupId"), Issue(web_));
  EXPECT_EQ(Get("/organizations/acme/eventids/xyz/").status, 400);
  EXPECT_EQ(Get("/projects/acme/web/events/" + id(2) + "/json/").At("/event_id"), id(2));
}

TEST_F(ReadEvents, PagesOfOneInstantNeitherSkipNorRepeat) {
  std::vector<DigestEvent> events;
  for (std::uint64_t n = 1; n <= 9; ++n) {
    events.push_back(Readable(n, n % 2, web_));
    events.back().received_at = Noon(n > 7 ? 1 : 0);
  }
  Store(std::move(events));
  for (std::string base : {"/projects/acme/web/events/?per_page=2&cursor=",
                           "/projects/acme/web/events/?sort=timestamp&per_page=2&cursor="}) {
    std::vector<std::string> seen;
    std::vector<std::string> pages;
    std::string cursor;
    Reply page;
    do {
      page = Get(base + cursor);
      for (auto& id : page.Column("id")) seen.push_back(id);
      pages.push_back(page.body);
      cursor = CursorOf(page, "next");
    } while (!cursor.empty() && pages.size() < 10);
    EXPECT_EQ(seen.size(), 9u);
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(std::unique(seen.begin(), seen.end()) - seen.begin(), 9);
  }
}

TEST_F(ReadEvents, TheSampleStaysWhenTheEventsAreGone) {
  Store({Readable(1, 1, web_)});
  db_.Rows("delete from tenant.event");
  db_.Rows("delete from tenant.event_payload");
  auto latest = Get("/organizations/acme/issues/" + Issue(web_) + "/events/latest/");
  EXPECT_EQ(latest.status, 200) << latest.body;
  EXPECT_EQ(latest.At("/eventID"), ToHex(EventIdOf(1)));
}

TEST_F(ReadEvents, TagsAndTheirValues) {
  auto chrome = Readable(3, 1, web_);
  chrome.tags = {{"browser", "Chrome"}, {"os", "Linux"}};
  Store({Readable(1, 1, web_), Readable(2, 1, web_), chrome});
  auto base = "/organizations/acme/issues/" + Issue(web_) + "/tags/";
  auto tags = Get(base);
  EXPECT_THAT(tags.Column("key"), ElementsAre("browser", "environment", "level", "os", "release"));
  EXPECT_THAT(tags.Column("totalValues"), ElementsAre("3", "3", "3", "3", "3"));
  for (const Reply& list :
       {tags, Get("/organizations/acme/tags/"), Get("/projects/acme/web/tags/")}) {
    EXPECT_NE(list.Header("Link").find(R"(rel="next"; results="false")"), std::string::npos);
  }
  EXPECT_EQ(tags.At("/0/topValues/0/value"), "Firefox");
  EXPECT_EQ(tags.At("/0/topValues/0/count"), "2");
  EXPECT_EQ(Get(base + "browser/").At("/uniqueValues"), "2");
  EXPECT_EQ(Get(base + "nothing/").status, 404);
  EXPECT_THAT(Get(base + "browser/values/").Column("value"), ElementsAre("Chrome", "Firefox"));
  EXPECT_THAT(Get(base + "browser/values/?sort=-count").Column("value"),
              ElementsAre("Firefox", "Chrome"));
  auto first = Get(base + "browser/values/?per_page=1");
  EXPECT_THAT(
      Get(base + "browser/values/?per_page=1&cursor=" + CursorOf(first, "next")).Column("value"),
      ElementsAre("Firefox"));
  EXPECT_THAT(Get("/organizations/acme/tags/browser/values/?query=fire").Column("value"),
              ElementsAre("Firefox"));
  EXPECT_THAT(Get("/projects/acme/web/tags/").Column("key"),
              ElementsAre("browser", "environment", "level", "os", "release"));
}

TEST_F(ReadEvents, HashesCarryTheirExplanation) {
  Store({Readable(1, 1, web_)});
  auto base = "/organizations/acme/issues/WEB-1/";
  EXPECT_THAT(Get(base + std::string("hashes/")).Column("id"), ElementsAre(ToHex(HashOf(1))));
  auto explained = Get("/mishap" + (base + std::string("explanation/")));
  EXPECT_EQ(explained.At("/hashes/0/explanation/why"), "test") << explained.body;
  EXPECT_EQ(
      Get("/mishap" + (base + ("explanation/" + ToHex(HashOf(1)) + "/"))).At("/explanation/why"),
      "test");
}

TEST_F(ReadEvents, AnotherOrganizationIsNotFound) {
  Store({Readable(1, 1, web_), Readable(2, 1, foreign_)});
  auto foreign = Issue(foreign_);
  auto event = ToHex(EventIdOf(2));
  for (const auto& target : std::vector<std::string>{
           "/organizations/other/", "/organizations/other/issues/", "/projects/other/web/",
           "/organizations/other/projects/", "/projects/other/web/keys/",
           "/issues/" + foreign + "/", "/organizations/acme/issues/" + foreign + "/",
           "/organizations/acme/issues/" + foreign + "/events/latest/",
           "/issues/" + foreign + "/events/", "/issues/" + foreign + "/tags/browser/",
           "/issues/" + foreign + "/hashes/", "/organizations/acme/eventids/" + event + "/",
           "/projects/acme/web/events/" + event + "/",
           "/organizations/acme/issues/" + Issue(web_) + "/events/" + event + "/",
           "/organizations/other/tags/", "/organizations/nowhere/", "/no/such/path/"}) {
    auto reply = Get(target);
    EXPECT_EQ(reply.status, 404) << target << " " << reply.body;
    EXPECT_EQ(reply.body, R"({"detail":"The requested resource does not exist"})") << target;
  }
  EXPECT_EQ(Put("/issues/" + foreign + "/", R"({"status":"resolved"})").status, 404);
  EXPECT_EQ(Put("/organizations/acme/issues/?id=" + foreign, R"({"status":"resolved"})").status,
            204);
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where status = 1"), 0);
  EXPECT_THAT(Get("/organizations/acme/issues/?query=" + event).Column("id"), IsEmpty());
  EXPECT_THAT(Get("/organizations/").Column("slug"), ElementsAre("acme"));
  EXPECT_THAT(Get("/projects/").Column("slug"), ElementsAre("mobile", "web"));
}

TEST_F(ReadEvents, CredentialsAndPermissions) {
  EXPECT_EQ(Send("GET", "/organizations/", "", "").body,
            R"({"detail":"Authentication credentials were not provided."})");
  auto wrong = Send("GET", "/", "", "nonsense");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, R"({"detail":"Invalid token"})");
  EXPECT_EQ(Send("GET", "/", "", "").At("/auth"), "null");
  EXPECT_EQ(Get("/").At("/auth/scopes/0"), "org:read");
  auto reader = Mint(acme_.id, {"event:read"});
  EXPECT_EQ(Send("GET", "/organizations/acme/issues/", "", reader).status, 200);
  auto refused = Send("PUT", "/organizations/acme/issues/", R"({"status":"resolved"})", reader);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.body, R"({"detail":"You do not have permission to perform this action."})");
  EXPECT_EQ(Send("PATCH", "/organizations/", "", token_).status, 405);
  EXPECT_EQ(db_.Number("select count(*) from control.token where last_used_at is not null"), 2);
  db_.Rows("update control.token set revoked_at = now()");
  EXPECT_EQ(Get("/").status, 401);
}

TEST_F(ReadEvents, ProjectsAndKeys) {
  Store({Readable(1, 1, web_)});
  auto project = Get("/projects/acme/web/");
  EXPECT_EQ(project.At("/slug"), "web");
  EXPECT_EQ(project.At("/environments/0"), "production");
  EXPECT_EQ(project.At("/latestRelease/version"), "1.0");
  EXPECT_EQ(project.At("/organization/slug"), "acme");
  EXPECT_EQ(project.At("/allowedDomains/0"), "*");
  EXPECT_EQ(project.At("/dataScrubber"), "true");
  ASSERT_TRUE(ChangeProjectSettings(session_, web_,
                                    R"({"allowed_origins":["shop.example"],"scrub_data":false,
        "scrub_ip_addresses":true,"sensitive_fields":["ssn"],"safe_fields":["author"]})"));
  project = Get("/projects/acme/web/");
  EXPECT_EQ(project.At("/allowedDomains/0"), "shop.example");
  EXPECT_EQ(project.At("/dataScrubber"), "false");
  EXPECT_EQ(project.At("/scrubIPAddresses"), "true");
  EXPECT_EQ(project.At("/sensitiveFields/0"), "ssn");
  EXPECT_EQ(project.At("/safeFields/0"), "author");
  EXPECT_THAT(Get("/organizations/acme/projects/?query=WE").Column("slug"), ElementsAre("web"));
  EXPECT_THAT(Get("/organizations/acme/environments/").Column("name"), ElementsAre("production"));
  auto version = db_.Number("select version from control.directory_version");
  auto made = Send("POST", "/projects/acme/web/keys/", R"({"name":"CI"})", token_);
  EXPECT_EQ(made.status, 201) << made.body;
  auto key = made.At("/public");
  EXPECT_EQ(made.At("/dsn/public"), "http://" + key + "@host/" + std::to_string(web_.value));
  auto path = "/projects/acme/web/keys/" + key + "/";
  EXPECT_EQ(Put(path, R"({"isActive":false,"rateLimit":{"window":60,"count":5}})").At("/isActive"),
            "false");
  EXPECT_EQ(Get(path).At("/rateLimit/count"), "5");
  EXPECT_EQ(Send("DELETE", path, "", token_).status, 204);
  EXPECT_EQ(Get(path).status, 404);
  EXPECT_EQ(db_.Number("select version from control.directory_version"), version + 3);
}

}  // namespace
}  // namespace mishap

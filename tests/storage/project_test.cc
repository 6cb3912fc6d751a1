// Projects made, changed, renamed and removed through the API; filters, environments, counts.
#include "storage/directory_store.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class Projects : public ApiTest {
 protected:
  Reply Post(std::string target, std::string body) {
    return Send("POST", std::move(target), std::move(body), token_);
  }
  // What ingest would see now.
  ProjectEntry Entry(ProjectId project) {
    auto snapshot = LoadDirectory(session_);
    EXPECT_TRUE(snapshot) << (snapshot ? "" : snapshot.error().detail);
    const auto* entry = snapshot ? snapshot->FindProject(project) : nullptr;
    return entry ? *entry : ProjectEntry{};
  }

  const std::string kWeb = "/projects/acme/web/";
};

TEST_F(Projects, ANewOneHasAKeyAtOnce) {
  auto made = Post("/organizations/acme/projects/", R"({"name":"My  Shop!","platform":"python"})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.At("/slug"), "my-shop");
  EXPECT_EQ(made.At("/platform"), "python");
  EXPECT_THAT(Get("/projects/acme/my-shop/keys/").Column("name"), ElementsAre("Default"));
  auto taken = Post("/organizations/acme/projects/", R"({"name":"X","slug":"my-shop"})");
  EXPECT_EQ(taken.status, 409);
  EXPECT_THAT(taken.At("/detail"), HasSubstr("my-shop"));
}

TEST_F(Projects, RefusalsNameTheField) {
  for (const auto& [body, field] : std::vector<std::pair<const char*, const char*>>{
           {"{}", "name"},
           {R"({"name":"!!!"})", "slug"},
           {R"({"name":"x","slug":"Has Blanks"})", "slug"},
           {R"({"name":"x","slug":"123"})", "slug"}}) {
    auto reply = Post("/organizations/acme/projects/", body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, testing::StartsWith(std::string("{\"") + field)) << body;
  }
  for (const auto& [body, field] : std::vector<std::pair<const char*, const char*>>{
           {R"({"name":""})", "name"},
           {R"({"dataScrubber":"yes"})", "dataScrubber"},
           {R"({"dataScrubber":null})", "dataScrubber"},
           {R"({"resolveAge":-1})", "resolveAge"},
           {R"({"allowedDomains":"*"})", "allowedDomains"},
           {R"({"highlightContext":[]})", "highlightContext"},
           {R"({"options":{"filters:releases":7}})", "options"},
           {R"({"retentionDays":0})", "retentionDays"}}) {
    auto reply = Put(kWeb, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, testing::StartsWith(std::string("{\"") + field)) << body;
  }
}

TEST_F(Projects, SettingsReachIngest) {
  auto changed = Put(kWeb, R"({"name":"Web 2","allowedDomains":["https://a.example"],
    "dataScrubber":false,"sensitiveFields":["pin"],"safeFields":["ok"],"resolveAge":48,
    "highlightContext":{"os":["name"]},"retentionDays":30,
    "options":{"filters:releases":"1.*\n\n 2.0 ","filters:error_messages":"*quota*"}})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.At("/name"), "Web 2");
  EXPECT_EQ(changed.At("/resolveAge"), "48");
  EXPECT_EQ(changed.At("/retentionDays"), "30");
  EXPECT_EQ(changed.At("/highlightContext/os/0"), "name");
  EXPECT_EQ(changed.At("/options/filters:releases"), "1.*\n2.0");
  EXPECT_EQ(Get(kWeb).At("/sensitiveFields/0"), "pin");
  auto entry = Entry(web_);
  EXPECT_THAT(entry.allowed_origins, ElementsAre("https://a.example"));
  EXPECT_FALSE(entry.scrub_data);
  EXPECT_THAT(entry.sensitive_fields, ElementsAre("pin"));
  EXPECT_THAT(entry.filtered_releases, ElementsAre("1.*", "2.0"));
  EXPECT_THAT(entry.filtered_messages, ElementsAre("*quota*"));
  EXPECT_EQ(Put(kWeb, R"({"retentionDays":null})").At("/retentionDays"), "null");
  EXPECT_EQ(Get(kWeb).At("/resolveAge"), "48") << "what a body does not name stays";
}

TEST_F(Projects, AnOldSlugGoesOnLeadingToTheProject) {
  EXPECT_EQ(Put(kWeb, R"({"slug":"shop"})").At("/slug"), "shop");
  EXPECT_EQ(Get(kWeb).At("/slug"), "shop");
  EXPECT_EQ(Put(kWeb, R"({"slug":"mobile"})").status, 409);
  // Somebody new may take the old one.
  EXPECT_EQ(Post("/organizations/acme/projects/", R"({"name":"web"})").status, 201);
  EXPECT_EQ(Get(kWeb).At("/slug"), "web");
  EXPECT_EQ(Get("/projects/acme/shop/").At("/id"), std::to_string(web_.value));
}

TEST_F(Projects, ARemovedOneIsHiddenAndTakesNoEvents) {
  EXPECT_EQ(Send("DELETE", kWeb, "", token_).status, 204);
  EXPECT_EQ(Get(kWeb).status, 404);
  EXPECT_THAT(Get("/organizations/acme/projects/").Column("slug"), Not(Contains("web")));
  EXPECT_FALSE(Entry(web_).active);
  EXPECT_EQ(Post("/organizations/acme/projects/", R"({"name":"web"})").status, 201);
}

TEST_F(Projects, FiltersAreSwitched) {
  EXPECT_EQ(Put(kWeb + "filters/localhost/", R"({"active":true})").status, 204);
  EXPECT_EQ(Put(kWeb + "filters/legacy-browsers/", R"({"subfilters":["ie9","ie10"]})").status, 204);
  EXPECT_THAT(Entry(web_).filters, ElementsAre("localhost", "ie9", "ie10"));
  auto list = Get(kWeb + "filters/");
  EXPECT_THAT(list.Column("id"), ElementsAre("browser-extensions", "localhost", "web-crawlers",
                                             "legacy-browsers", "invalid-csp"));
  EXPECT_EQ(list.At("/1/active"), "true");
  EXPECT_EQ(list.At("/3/active/0"), "ie9");
  EXPECT_EQ(Put(kWeb + "filters/localhost/", R"({"active":false})").status, 204);
  EXPECT_THAT(Entry(web_).filters, ElementsAre("ie9", "ie10"));
  EXPECT_EQ(Put(kWeb + "filters/legacy-browsers/", R"({"subfilters":["ie5"]})").status, 400);
  EXPECT_EQ(Put(kWeb + "filters/localhost/", "{}").status, 400);
  EXPECT_EQ(Put(kWeb + "filters/everything/", R"({"active":true})").status, 404);
}

TEST_F(Projects, EnvironmentsAreHidden) {
  Store({Readable(1, 1, web_)});
  EXPECT_EQ(Put(kWeb + "environments/production/", R"({"isHidden":true})").At("/isHidden"), "true");
  EXPECT_THAT(Get(kWeb + "environments/").Column("name"), ElementsAre());
  EXPECT_THAT(Get(kWeb + "environments/?visibility=hidden").Column("name"),
              ElementsAre("production"));
  EXPECT_EQ(Put(kWeb + "environments/moon/", R"({"isHidden":true})").status, 404);
}

TEST_F(Projects, CountsOfWhatBecameOfItems) {
  Store({Readable(1, 1, web_), Readable(2, 1, web_)});
  auto grouped =
      Get("/organizations/acme/stats_v2/?field=sum(quantity)&groupBy=outcome&groupBy=category&"
          "statsPeriod=24h&interval=1h");
  EXPECT_EQ(grouped.status, 200) << grouped.body;
  EXPECT_EQ(grouped.At("/groups/0/by/outcome"), "accepted");
  EXPECT_EQ(grouped.At("/groups/0/totals/sum(quantity)"), "2");
  EXPECT_EQ(grouped.json.at("intervals").as_array().size(),
            grouped.json.at_pointer("/groups/0/series/sum(quantity)").as_array().size());
  auto series = Get(kWeb + "stats/?stat=received&resolution=1d");
  EXPECT_EQ(series.status, 200);
  EXPECT_THAT(series.body, HasSubstr(",2]"));
  EXPECT_EQ(Get("/organizations/acme/stats_v2/?groupBy=outcome").status, 400);
  EXPECT_EQ(
      Get("/organizations/acme/stats_v2/?field=sum(quantity)&groupBy=outcome&interval=7m").status,
      400);
  EXPECT_EQ(Get(kWeb + "stats/?stat=all").status, 400);
}

}  // namespace
}  // namespace mishap

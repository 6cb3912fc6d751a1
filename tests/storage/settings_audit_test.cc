// Limits of projects and organizations through the API as ingest sees them, what a project's
// retention hides, and the audit log of all such changes.
#include "storage/directory_store.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Settings : public ApiTest {
 protected:
  Settings() {
    token_ = Mint(acme_.id, {"org:write", "project:admin", "project:releases", "event:admin"});
  }
  DirectorySnapshot Directory() { return LoadDirectory(session_).value(); }
  // The newest rows of the log first: "event target details".
  std::vector<std::string> Audit(int rows) {
    auto reply = Get("/organizations/acme/audit-logs/?per_page=" + std::to_string(rows));
    EXPECT_EQ(reply.status, 200) << reply.body;
    std::vector<std::string> out;
    for (int i = 0; i < rows; ++i) {
      const auto at = "/rows/" + std::to_string(i);
      out.push_back(reply.At((at + "/event").c_str()) + " " + reply.At((at + "/target").c_str()) +
                    " " + reply.At((at + "/data").c_str()));
    }
    return out;
  }

  const std::string kWeb = "/projects/acme/web/";
  const std::string kAcme = "/organizations/acme/";
};

TEST_F(Settings, QuotasOfAProjectReachIngestAndAreShown) {
  EXPECT_EQ(Get(kWeb).At("/quotas"), "[]");
  auto changed = Put(kWeb, R"({"quotas":[{"categories":["error"],"limit":5,"window":60},
                               {"limit":0,"window":1,"reason":"closed"}],"spikeProtection":true})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.At("/quotas"),
            R"([{"categories":["error"],"limit":5,"window":60,"reason":"project_quota"},)"
            R"({"categories":[],"limit":0,"window":1,"reason":"closed"}])");
  EXPECT_EQ(changed.At("/spikeProtection"), "true");
  const auto snapshot = Directory();
  const auto* entry = snapshot.FindProject(web_);
  ASSERT_NE(entry, nullptr);
  EXPECT_THAT(entry->quotas, ElementsAre(Quota{{Category::kError}, 5, 60, "project_quota"},
                                         Quota{{}, 0, 1, "closed"}));
  EXPECT_TRUE(entry->spike_protection);
  EXPECT_EQ(Put(kWeb, R"({"quotas":null,"spikeProtection":false})").At("/quotas"), "[]");
  EXPECT_THAT(Directory().FindProject(web_)->quotas, IsEmpty());
}

TEST_F(Settings, QuotasOfAnOrganizationReachIngestAndAreShown) {
  auto changed = Put(
      kAcme,
      R"({"quotas":[{"categories":["session"],"limit":9,"window":3600}],"spikeProtection":true})");
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(changed.At("/quotas/0/reason"), "organization_quota");
  EXPECT_EQ(Get(kAcme).At("/spikeProtection"), "true");
  const auto snapshot = Directory();
  const auto* entry = snapshot.FindOrganization(acme_.id);
  ASSERT_NE(entry, nullptr);
  EXPECT_THAT(entry->quotas,
              ElementsAre(Quota{{Category::kSession}, 9, 3600, "organization_quota"}));
  EXPECT_TRUE(entry->spike_protection);
  EXPECT_EQ(Put(kAcme, R"({"name":"Acme 2"})").At("/quotas/0/limit"), "9")
      << "what is absent stays";
}

TEST_F(Settings, WhatDoesNotFitIsRefusedByName) {
  for (const auto& [body, field] : std::vector<std::pair<const char*, const char*>>{
           {R"({"quotas":7})", R"("quotas":["Expected)"},
           {R"({"quotas":[7]})", R"("quotas":["Expected)"},
           {R"({"quotas":[{"window":60}]})", R"("quotas":["limit: )"},
           {R"({"quotas":[{"limit":-1,"window":60}]})", R"("quotas":["limit: )"},
           {R"({"quotas":[{"limit":1}]})", R"("quotas":["window: )"},
           {R"({"quotas":[{"limit":1,"window":2678401}]})", R"("quotas":["window: )"},
           {R"({"quotas":[{"limit":1,"window":60,"categories":["cake"]}]})",
            R"("quotas":["categories: )"},
           {R"({"quotas":[{"limit":1,"window":60,"reason":"No!"}]})", R"("quotas":["reason: )"},
           {R"({"spikeProtection":"yes"})", R"("spikeProtection":[)"}}) {
    for (const auto& path : {kWeb, kAcme}) {
      auto reply = Put(path, body);
      EXPECT_EQ(reply.status, 400) << path << body;
      EXPECT_THAT(reply.body, HasSubstr(field)) << body;
    }
  }
  for (const char* body : {R"({"options":{"filters:blacklisted_ips":"10.0.0.0/8\nnonsense"}})",
                           R"({"options":{"filters:blacklisted_ips":"10.0.0.0/33"}})"}) {
    auto reply = Put(kWeb, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, HasSubstr("filters:blacklisted_ips")) << body;
  }
  for (const char* body : {R"({"allowedDomains":["exa mple.com"]})", R"({"allowedDomains":[""]})",
                           R"({"allowedDomains":["a*.example.com"]})"}) {
    auto reply = Put(kWeb, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, HasSubstr("allowedDomains")) << body;
  }
  EXPECT_THAT(Directory().FindProject(web_)->quotas, IsEmpty());
}

TEST_F(Settings, DefaultScrubbingEndsWithEitherSwitch) {
  EXPECT_TRUE(Directory().FindProject(web_)->scrub_data);
  EXPECT_EQ(Put(kWeb, R"({"dataScrubberDefaults":false})").status, 200);
  EXPECT_FALSE(Directory().FindProject(web_)->scrub_data);
  EXPECT_EQ(Put(kWeb, R"({"dataScrubberDefaults":true,"dataScrubber":false})").status, 200);
  EXPECT_FALSE(Directory().FindProject(web_)->scrub_data);
}

TEST_F(Settings, RetentionHidesOlderEventsAtOnce) {
  auto old = Readable(1, 1, web_);
  old.received_at.micros -= 3 * kMicrosPerDay;
  Store({old, Readable(2, 1, web_)});
  const auto path = kWeb + "events/";
  const std::vector<std::string> paths = {path, "/organizations/acme/issues/WEB-1/events/"};
  const auto id = ToHex(old.event_id);
  for (const auto& list : paths) EXPECT_EQ(Get(list).Column("eventID").size(), 2u) << list;
  EXPECT_EQ(Get(path + id + "/").status, 200);
  EXPECT_EQ(Put(kWeb, R"({"retentionDays":2})").At("/retentionDays"), "2");
  for (const auto& list : paths) {
    EXPECT_THAT(Get(list).Column("eventID"), ElementsAre(ToHex(EventIdOf(2)))) << list;
  }
  EXPECT_EQ(Get(path + id + "/").status, 404);
  EXPECT_EQ(Get("/organizations/acme/eventids/" + id + "/").status, 404);
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-1/events/oldest/").At("/eventID"),
            ToHex(EventIdOf(2)));
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-1/").At("/count"), "2") << "counts stay";
  EXPECT_EQ(Put(kWeb, R"({"retentionDays":30})").status, 200);
  EXPECT_EQ(Get(path + id + "/").status, 200);
}

TEST_F(Settings, ChangesStandInTheAuditLogWithoutValues) {
  auto post = [&](const std::string& path, const char* body) {
    return Send("POST", path, body, token_);
  };
  EXPECT_EQ(post(kAcme + "projects/", R"({"name":"shop"})").status, 201);
  EXPECT_EQ(
      Put("/projects/acme/shop/", R"({"name":"Shop 2","securityToken":"tell nobody"})").status,
      200);
  EXPECT_EQ(Put("/projects/acme/shop/", "{}").status, 200);  // changes nothing
  EXPECT_EQ(Put("/projects/acme/shop/filters/localhost/", R"({"active":true})").status, 204);
  EXPECT_EQ(Put("/projects/acme/shop/", R"({"fingerprintingRules":"error.type:X -> x"})").status,
            200);
  EXPECT_THAT(Audit(4), ElementsAre(R"(rules.edit shop grouping {"fields":[]})",
                                    R"(project.edit shop {"fields":["filters"]})",
                                    R"(project.edit shop {"fields":["name","security_token"]})",
                                    R"(project.create shop {"fields":[]})"));
  auto key = post("/projects/acme/shop/keys/", "{}").At("/public");
  EXPECT_EQ(Put("/projects/acme/shop/keys/" + key + "/", R"({"isActive":false})").status, 200);
  EXPECT_EQ(Send("DELETE", "/projects/acme/shop/keys/" + key + "/", "", token_).status, 204);
  EXPECT_THAT(Audit(3), ElementsAre("key.remove shop " + key + R"( {"fields":[]})",
                                    "key.edit shop " + key + R"( {"fields":["isActive"]})",
                                    "key.create shop " + key + R"( {"fields":[]})"));
  const char* release = R"({"version":"shop@1.0","projects":["shop"]})";
  EXPECT_EQ(post(kAcme + "releases/", release).status, 201);
  EXPECT_EQ(post(kAcme + "releases/", release).status, 208);  // nothing new: no row
  EXPECT_EQ(Put(kAcme + "releases/shop@1.0/", R"({"ref":"main"})").status, 200);
  EXPECT_EQ(Send("DELETE", kAcme + "releases/shop@1.0/", "", token_).status, 204);
  EXPECT_THAT(Audit(3),
              ElementsAre("release.remove shop@1.0 {}", R"(release.edit shop@1.0 {"ref":"main"})",
                          "release.create shop@1.0 {}"));
  EXPECT_EQ(Send("DELETE", "/projects/acme/shop/", "", token_).status, 204);
  EXPECT_THAT(Audit(1), ElementsAre(R"(project.remove shop {"fields":[]})"));
  EXPECT_EQ(
      db_.Number("select count(*) from control.audit_log where details::text like '%tell nobody%'"),
      0);
}

}  // namespace
}  // namespace mishap

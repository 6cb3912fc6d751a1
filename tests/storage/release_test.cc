// Releases, commits, deploys and repositories as a client sees them, and releases that events make.
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Releases : public ApiTest {
 protected:
  Reply Post(std::string target, std::string body) {
    return Send("POST", std::move(target), std::move(body), token_);
  }
  Reply Delete(std::string target) { return Send("DELETE", std::move(target), "", token_); }
  // A release of `web` whose name needs no escaping.
  void Make(const std::string& version) {
    EXPECT_EQ(Post(kAll, R"({"version":")" + version + R"(","projects":["web"]})").status, 201);
  }

  const std::string kAll = "/organizations/acme/releases/";
  const std::string kOfWeb = "/projects/acme/web/releases/";
};

TEST_F(Releases, PostIsIdempotentAndSaysWhetherAnythingWasNew) {
  auto first = Post(kAll, R"({"version":" shop@1.0 ","projects":["web"],"ref":"main"})");
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(first.At("/version"), "shop@1.0");
  EXPECT_EQ(first.At("/ref"), "main");
  EXPECT_EQ(first.At("/projects/0/slug"), "web");
  EXPECT_EQ(Post(kAll, R"({"version":"shop@1.0","projects":["web"]})").status, 208);
  auto linked = Post(kAll, R"({"version":"shop@1.0","projects":["web",)" +
                               std::to_string(mobile_.value) + R"(],"url":"http://x"})");
  EXPECT_EQ(linked.status, 201) << "a project is new";
  EXPECT_EQ(linked.At("/ref"), "main");
  EXPECT_EQ(linked.At("/url"), "http://x");
  EXPECT_THAT(Get(kAll).Column("version"), ElementsAre("shop@1.0"));
}

TEST_F(Releases, ArchivingNamesNoProject) {
  Make("1.0");
  EXPECT_EQ(Post(kAll, R"({"version":"1.0","projects":[],"status":"archived"})").status, 208);
  EXPECT_THAT(Get(kAll + "?status=open").Column("version"), IsEmpty());
  EXPECT_THAT(Get(kAll + "?status=archived").Column("status"), ElementsAre("archived"));
  EXPECT_EQ(Post(kAll, R"({"version":"1.0","projects":[],"status":"open"})").status, 208);
  EXPECT_THAT(Get(kAll + "?status=open").Column("version"), ElementsAre("1.0"));
}

TEST_F(Releases, RefusalsNameTheField) {
  struct Case {
    const char* body;
    const char* field;
  };
  for (const auto& [body, field] :
       {Case{"{}", "version"}, Case{R"({"version":"a/b","projects":["web"]})", "version"},
        Case{R"({"version":"latest","projects":["web"]})", "version"},
        Case{R"({"version":"1","projects":["nobody"]})", "projects"},
        Case{R"({"version":"1","projects":["hidden"]})", "projects"},
        Case{R"({"version":"1","projects":[]})", "projects"},
        Case{R"({"version":"1","projects":["web"],"status":"gone"})", "status"},
        Case{R"({"version":"1","projects":["web"],"dateReleased":"soon"})", "dateReleased"},
        Case{R"({"version":"1","projects":["web"],"commits":[{"id":""}]})", "commits"},
        Case{R"({"version":"1","projects":["web"],"refs":[{"repository":"a/b","commit":"c"}]})",
             "refs"},
        Case{"[1]", "detail"}}) {
    auto reply = Post(kAll, body);
    EXPECT_EQ(reply.status, 400) << body;
    EXPECT_THAT(reply.body, testing::StartsWith(std::string("{\"") + field)) << body;
  }
}

TEST_F(Releases, FinalizeFromEitherRoute) {
  Make("1.0");
  Make("2.0");
  auto done = Put(kAll + "1.0/", R"({"projects":["web"],"dateReleased":"2026-05-01T10:00:00Z"})");
  EXPECT_EQ(done.status, 200);
  EXPECT_EQ(done.At("/dateReleased"), "2026-05-01T10:00:00Z");
  EXPECT_EQ(Put(kOfWeb + "2.0/", R"({"url":"http://two"})").At("/url"), "http://two");
  EXPECT_EQ(Get(kOfWeb + "1.0/").At("/dateReleased"), "2026-05-01T10:00:00Z");
  EXPECT_EQ(Put(kAll + "3.0/", "{}").status, 404);
}

TEST_F(Releases, VersionsAreDecodedFromThePath) {
  EXPECT_EQ(Post(kAll, R"({"version":"pkg@1.0+b7 x","projects":["web"]})").status, 201);
  EXPECT_EQ(Get(kAll + "pkg@1.0%2Bb7%20x/").At("/version"), "pkg@1.0+b7 x");
  EXPECT_EQ(Get(kAll + "pkg%401.0%2Bb7%20x/").At("/version"), "pkg@1.0+b7 x");
}

TEST_F(Releases, AnEventMakesItsRelease) {
  auto event = Readable(1, 1, web_);
  event.release = "shop@3.1-rc1+9";
  Store({event});
  auto release = Get(kAll + "shop@3.1-rc1+9/");
  EXPECT_EQ(release.status, 200);
  EXPECT_EQ(release.At("/newGroups"), "1");
  EXPECT_EQ(release.At("/projects/0/slug"), "web");
  EXPECT_EQ(release.At("/versionInfo/version/pre"), "rc1");
  EXPECT_NE(release.At("/firstEvent"), "null");
  auto again = Readable(2, 1, mobile_);
  again.release = "shop@3.1-rc1+9";
  Store({again});
  EXPECT_EQ(Get(kAll + "shop@3.1-rc1+9/").At("/projects/0/slug"), "mobile");
  EXPECT_EQ(Post(kAll, R"({"version":"shop@3.1-rc1+9","projects":["web","mobile"]})").status, 208);
}

TEST_F(Releases, AReleaseMadeByTheApiIsTheOneOfLaterEvents) {
  Make("4.0");
  auto event = Readable(1, 1, web_);
  event.release = "4.0";
  Store({event});
  EXPECT_THAT(Get(kAll).Column("version"), ElementsAre("4.0"));
  EXPECT_EQ(Get(kAll + "4.0/").At("/newGroups"), "1");
}

TEST_F(Releases, OrderedByDateAndByVersion) {
  for (auto* version : {"shop@1.9", "shop@1.10", "shop@1.10-rc1", "noise", "shop@2.0+7"}) {
    Make(version);
  }
  EXPECT_THAT(Get(kAll).Column("version"),
              ElementsAre("shop@2.0+7", "noise", "shop@1.10-rc1", "shop@1.10", "shop@1.9"));
  EXPECT_THAT(Get(kAll + "?sort=semver").Column("version"),
              ElementsAre("shop@2.0+7", "shop@1.10", "shop@1.10-rc1", "shop@1.9", "noise"));
  EXPECT_EQ(Get(kAll + "?sort=build").Column("version").at(0), "shop@2.0+7");
  EXPECT_THAT(Get(kAll + "?query=1.10").Column("version"),
              ElementsAre("shop@1.10-rc1", "shop@1.10"));
  auto page = Get(kAll + "?per_page=2");
  EXPECT_THAT(page.Column("version"), ElementsAre("shop@2.0+7", "noise"));
  auto next = Get(kAll + "?per_page=2&cursor=" + CursorOf(page, "next"));
  EXPECT_THAT(next.Column("version"), ElementsAre("shop@1.10-rc1", "shop@1.10"));
  EXPECT_EQ(Get(kAll + "?sort=colour").status, 400);
}

TEST_F(Releases, CommitsAreReplacedAndRepositoriesMakeThemselves) {
  Make("1.0");
  auto put = Put(kAll + "1.0/", R"({"commits":[
    {"id":"b2","repository":"acme/web","message":"second","author_name":"Ann","author_email":"ann@acme.io",
     "timestamp":"2026-05-01T10:00:00.123456789Z","patch_set":[{"path":"a.js","type":"M"},{"path":"b.js","type":"D"}]},
    {"id":"a1","repository":"ACME/web","message":"first"}, {"id":"b2","repository":"acme/web"}]})");
  EXPECT_EQ(put.status, 200);
  EXPECT_EQ(put.At("/commitCount"), "2") << "a commit named twice counts once";
  EXPECT_EQ(put.At("/lastCommit/id"), "b2");
  EXPECT_EQ(put.At("/authors/0/email"), "ann@acme.io");
  EXPECT_THAT(Get(kAll + "1.0/commits/").Column("id"), ElementsAre("b2", "a1"));
  EXPECT_THAT(Get(kAll + "1.0/commitfiles/").Column("filename"), ElementsAre("a.js", "b.js"));
  EXPECT_THAT(Get("/organizations/acme/repos/").Column("name"), ElementsAre("acme/web"));
  EXPECT_EQ(Get(kAll + "1.0/meta/").At("/commitFilesChanged"), "2");
  Put(kAll + "1.0/", R"({"commits":[]})");
  EXPECT_EQ(Get(kAll + "1.0/").At("/commitCount"), "0");
}

TEST_F(Releases, RefsNameTheHead) {
  Make("1.0");
  auto owner = Mint(acme_.id, {"org:write"});
  EXPECT_EQ(Send("POST", "/organizations/acme/repos/", R"({"name":"acme/web"})", owner).status,
            201);
  auto put = Put(kAll + "1.0/", R"({"refs":[{"repository":"Acme/Web","commit":"a0..c3"}]})");
  EXPECT_EQ(put.At("/lastCommit/id"), "c3");
  EXPECT_EQ(Put(kAll + "1.0/", R"({"refs":[]})").At("/lastCommit"), "null");
}

TEST_F(Releases, ThePreviousReleaseWithCommits) {
  Make("1.0");
  Put(kAll + "1.0/", R"({"commits":[{"id":"a1","repository":"r"}]})");
  Make("1.5");
  Make("2.0");
  EXPECT_EQ(Get(kAll + "2.0/previous-with-commits/").At("/version"), "1.0");
  EXPECT_EQ(Get(kAll + "1.0/previous-with-commits/").body, "{}");
}

TEST_F(Releases, DeploysAlwaysHaveAnEnd) {
  Make("1.0");
  auto made = Post(kAll + "1.0/deploys/", R"({"environment":"blue","name":null})");
  EXPECT_EQ(made.status, 201);
  EXPECT_THAT(made.At("/dateFinished"), testing::EndsWith("Z"));
  EXPECT_EQ(Get(kAll + "1.0/deploys/").At("/0/environment"), "blue");
  EXPECT_EQ(Get(kAll + "1.0/").At("/deployCount"), "1");
  EXPECT_EQ(Get(kAll + "1.0/").At("/lastDeploy/environment"), "blue");
  EXPECT_THAT(Get("/projects/acme/web/environments/").Column("name"), ElementsAre("blue"));
  EXPECT_THAT(Post(kAll + "1.0/deploys/", "{}").body, HasSubstr("environment"));
  EXPECT_EQ(Post(kAll + "9.0/deploys/", R"({"environment":"blue"})").status, 404);
}

TEST_F(Releases, DeletingRemovesTheReleaseNotItsIssues) {
  auto event = Readable(1, 1, web_);
  event.release = "1.0";
  Store({event});
  EXPECT_EQ(Delete(kOfWeb + "1.0/").status, 204);
  EXPECT_EQ(Get(kAll + "1.0/").status, 404);
  EXPECT_EQ(Delete(kAll + "1.0/").status, 404);
  EXPECT_EQ(Get("/organizations/acme/issues/?query=").Column("id").size(), 1u);
}

TEST_F(Releases, AnotherOrganizationsAreNotFound) {
  auto event = Readable(1, 1, foreign_);
  event.release = "secret@1.0";
  Store({event});
  EXPECT_EQ(Get(kAll + "secret@1.0/").status, 404);
  EXPECT_THAT(Get(kAll).Column("version"), IsEmpty());
  EXPECT_EQ(Get("/organizations/" + other_.slug + "/releases/").status, 404);
  // The same name is another release here.
  EXPECT_EQ(Post(kAll, R"({"version":"secret@1.0","projects":["web"]})").status, 201);
  EXPECT_EQ(Get(kAll + "secret@1.0/").At("/newGroups"), "0");
}

TEST_F(Releases, ACiTokenMayReleaseAndNothingElse) {
  auto ci = Mint(acme_.id, {"org:ci"});
  EXPECT_EQ(Send("POST", kAll, R"({"version":"1.0","projects":["web"]})", ci).status, 201);
  EXPECT_EQ(Send("GET", "/organizations/acme/repos/", "", ci).status, 200);
  EXPECT_EQ(Send("DELETE", kAll + "1.0/", "", ci).status, 403);
  EXPECT_EQ(Send("GET", "/organizations/acme/issues/", "", ci).status, 403);
}

}  // namespace
}  // namespace mishap

// "Fixes WEB-1" in messages of a release's commits: over the API's dispatch.
#include "storage/user_store.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::HasSubstr;

class CommitFixes : public ApiTest {
 protected:
  CommitFixes() {
    auto user = CreateUser(session_, "ann@acme.io", "Ann", "").value();
    EXPECT_TRUE(AddMember(session_, acme_.id, user.id, "admin"));
    Store({Readable(1, 1, web_), Readable(2, 2, web_), Readable(3, 3, mobile_)});
  }
  // commits: (sha, message) newest first, by Ann.
  Reply Release(const std::string& version, const std::string& project,
                const std::vector<std::pair<std::string, std::string>>& commits) {
    clock_.now.micros += kMicrosPerSecond;  // activities have an order
    std::string list;
    for (const auto& [sha, message] : commits) {
      list += (list.empty() ? "" : ",") + std::string(R"({"id":")") + sha +
              R"(","repository":"acme/web","author_email":"Ann@acme.io","author_name":"Ann",)" +
              R"("timestamp":"2026-05-01T10:00:00Z","message":")" + message + "\"}";
    }
    return Send("POST", "/organizations/acme/releases/",
                R"({"version":")" + version + R"(","projects":[")" + project + R"("],"commits":[)" +
                    list + "]}",
                token_);
  }
  Reply Issue(const std::string& id) { return Get("/organizations/acme/issues/" + id + "/"); }
};

TEST_F(CommitFixes, ResolvesItsIssuesInTheRelease) {
  EXPECT_EQ(Release("web@2.0", "web", {{"c2", "nothing"}, {"c1", "Fixes WEB-1 and web-2."}}).status,
            201);
  for (auto* id : {"WEB-1", "WEB-2"}) {
    auto issue = Issue(id);
    EXPECT_EQ(issue.At("/status"), "resolved") << id;
    EXPECT_EQ(issue.At("/statusDetails/inRelease"), "web@2.0");
    EXPECT_EQ(issue.At("/statusDetails/inCommit/id"), "c1");
    EXPECT_EQ(issue.At("/statusDetails/inCommit/repository/name"), "acme/web");
    EXPECT_EQ(issue.At("/statusDetails/actor/email"), "ann@acme.io");
    EXPECT_EQ(issue.At("/assignedTo/email"), "ann@acme.io") << "nobody had it";
    auto activity = Get("/organizations/acme/issues/" + std::string(id) + "/activities/");
    EXPECT_THAT(activity.body, HasSubstr(R"("type":"set_resolved_in_commit")"));
    EXPECT_THAT(activity.body, HasSubstr(R"("message":"Fixes WEB-1 and web-2.")"));
    EXPECT_THAT(activity.body, HasSubstr(R"("version":"web@2.0")"));
  }
  EXPECT_EQ(Issue("MOBILE-1").At("/status"), "unresolved");
}

TEST_F(CommitFixes, ACommitResolvesOnce) {
  Release("web@2.0", "web", {{"c1", "fixes WEB-1"}});
  auto event = Readable(11, 1, web_);
  event.release = "web@2.0";
  event.received_at = event.occurred_at = Noon(7200);
  Store({event});
  ASSERT_EQ(Issue("WEB-1").At("/substatus"), "regressed");
  Release("web@2.0", "web", {{"c1", "fixes WEB-1"}});
  Release("web@2.1", "web", {{"c2", "more"}, {"c1", "fixes WEB-1"}});
  EXPECT_EQ(Issue("WEB-1").At("/substatus"), "regressed") << "told again, not done again";
  Release("web@2.2", "web", {{"c3", "fixes WEB-1, really"}, {"c1", "fixes WEB-1"}});
  EXPECT_EQ(Issue("WEB-1").At("/statusDetails/inRelease"), "web@2.2");
}

TEST_F(CommitFixes, MergedIssuesLeadToTheirParent) {
  auto merged = Put("/organizations/acme/issues/?id=WEB-1&id=WEB-2", R"({"merge":1})");
  ASSERT_EQ(merged.status, 200) << merged.body;
  Release("web@2.0", "web", {{"c1", "fixes WEB-2"}});
  EXPECT_EQ(Issue("WEB-1").At("/status"), "resolved");
  EXPECT_EQ(Issue("WEB-2").At("/id"), Issue("WEB-1").At("/id"));
}

TEST_F(CommitFixes, OnlyWhatTheReleaseAndTheCallerHave) {
  auto foreign = Readable(21, 9, foreign_);
  Store({foreign});
  EXPECT_EQ(
      Release("web@2.0", "web", {{"c1", "fixes MOBILE-1, HIDDEN-1, NOBODY-1, WEB-99"}}).status,
      201);
  EXPECT_EQ(Issue("MOBILE-1").At("/status"), "unresolved") << "its project has not this release";
  EXPECT_EQ(Release("web@2.0", "mobile", {{"c4", "fixes MOBILE-1"}}).status, 201);
  EXPECT_EQ(Issue("MOBILE-1").At("/statusDetails/inRelease"), "web@2.0");
}

}  // namespace
}  // namespace mishap

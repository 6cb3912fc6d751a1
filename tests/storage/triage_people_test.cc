// Assignees, personal flags, comments, sharing, deleting: over the API's dispatch, with people.
#include "storage/triage/issue_change.h"
#include "storage/user_store.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPath = "/organizations/acme/issues/WEB-1/";

class TriagePeople : public ApiTest {
 protected:
  TriagePeople() {
    ann_ = Person("ann@example.com", "Ann");
    bob_ = Person("bob@example.com", "Bob");
    Store({Readable(1, 1, web_), Readable(2, 2, web_), Readable(3, 3, web_)});
  }

  struct Someone {
    UserId id;
    std::string token;
  };
  Someone Person(const char* email, const char* name) {
    auto user = CreateUser(session_, email, name, "").value();
    EXPECT_TRUE(AddMember(session_, acme_.id, user.id, "admin"));
    NewToken wanted;
    wanted.kind = "user";
    wanted.organization = acme_.id;
    wanted.user = user.id;
    wanted.name = "test";
    wanted.scopes = {"org:read", "event:admin"};
    return {user.id, CreateToken(session_, random_, wanted).value().text};
  }
  Reply As(const Someone& who, std::string method, std::string target, std::string body = "") {
    clock_.now.micros += kMicrosPerSecond;  // activities have an order
    return Send(std::move(method), std::move(target), std::move(body), who.token);
  }
  std::string Issue(int n) { return std::to_string(web_.value * kIssuesPerProject + n); }

  Someone ann_;
  Someone bob_;
};

TEST_F(TriagePeople, AssigneesInEveryFormClientsUse) {
  auto id = std::to_string(ann_.id.value);
  for (const std::string& form :
       {std::string("me"), "user:" + id, id, std::string("ann@example.com"),
        std::string("ANN@example.com"), std::string("Ann"), std::string("user:ann@example.com")}) {
    ASSERT_EQ(As(ann_, "PUT", kPath, R"({"assignedTo":null})").At("/assignedTo"), "null");
    auto reply = As(ann_, "PUT", kPath, R"({"assignedTo":")" + form + "\"}");
    EXPECT_EQ(reply.status, 200) << form << reply.body;
    EXPECT_EQ(reply.At("/assignedTo/type"), "user") << form;
    EXPECT_EQ(reply.At("/assignedTo/id"), id) << form;
    EXPECT_EQ(reply.At("/assignedTo/email"), "ann@example.com") << form;
    EXPECT_EQ(reply.At("/activity/0/type"), "assigned") << form;
    EXPECT_EQ(reply.At("/activity/0/data/assigneeEmail"), "ann@example.com") << form;
    EXPECT_EQ(reply.At("/activity/0/user/email"), "ann@example.com") << form;
  }
  EXPECT_EQ(As(bob_, "PUT", kPath, R"({"assignedTo":""})").At("/activity/0/type"), "unassigned");
  for (const char* nobody : {"carl@example.com", "user:999", "#no-team", "team:99", "0", "-1"}) {
    auto reply = As(ann_, "PUT", kPath, std::string(R"({"assignedTo":")") + nobody + "\"}");
    EXPECT_EQ(reply.status, 400) << nobody;
    EXPECT_EQ(reply.body, R"({"assignedTo":["Cannot assign to non-team member"]})") << nobody;
  }
  EXPECT_EQ(Put(kPath, R"({"assignedTo":"me"})").status, 400) << "a token of nobody";
}

TEST_F(TriagePeople, TeamsGetIssuesOfTheirProjects) {
  db_.Rows("insert into control.team (organization_id, slug, name) values (" +
           std::to_string(acme_.id.value) + ", 'core', 'Core')");
  auto team = db_.Value("select id from control.team where slug = 'core'");
  auto not_yet = As(ann_, "PUT", kPath, R"({"assignedTo":"#core"})");
  EXPECT_EQ(not_yet.status, 400) << "the project is not the team's";
  db_.Rows("insert into control.team_project (team_id, project_id) values (" + team + ", " +
           std::to_string(web_.value) + ")");
  for (const std::string& form : {std::string("#core"), "team:" + team, std::string("team:core")}) {
    ASSERT_EQ(As(ann_, "PUT", kPath, R"({"assignedTo":null})").At("/assignedTo"), "null");
    auto reply = As(ann_, "PUT", kPath, R"({"assignedTo":")" + form + "\"}");
    EXPECT_EQ(reply.At("/assignedTo/type"), "team") << form << reply.body;
    EXPECT_EQ(reply.At("/assignedTo/id"), team) << form;
    EXPECT_EQ(reply.At("/assignedTo/name"), "core") << form;
    EXPECT_EQ(reply.At("/assignedTo/email"), "<absent>") << form;
    EXPECT_EQ(reply.At("/activity/0/data/assigneeType"), "team") << form;
  }
}

TEST_F(TriagePeople, ResolvedInACommitWaitsForItsRelease) {
  auto in_commit = [](const char* repository, const char* commit) {
    return std::string(R"({"status":"resolved","statusDetails":{"inCommit":{"repository":")") +
           repository + R"(","commit":")" + commit + R"("}}})";
  };
  EXPECT_EQ(As(ann_, "PUT", kPath, in_commit("acme/web", "4f1c")).body,
            R"({"statusDetails":{"inCommit":["Unable to find the given repository."]}})");
  auto commits = [&](const char* version, const char* project, const char* sha) {
    return Send("POST", "/organizations/acme/releases/",
                std::string(R"({"version":")") + version + R"(","projects":[")" + project +
                    R"("],"commits":[{"id":")" + sha + R"(","repository":"acme/web"}]})",
                Mint(acme_.id, {"project:admin", "org:read", "event:admin"}));
  };
  const std::string sha(40, 'a');
  EXPECT_EQ(commits("other@1.0.0", "mobile", sha.c_str()).status, 201);
  EXPECT_EQ(As(ann_, "PUT", kPath, in_commit("acme/web", "bbbb")).body,
            R"({"statusDetails":{"inCommit":["Unable to find the given commit."]}})");
  auto waits = As(ann_, "PUT", kPath, in_commit("acme/web", "aaaa"));
  EXPECT_EQ(waits.At("/statusDetails/inCommit/id"), sha) << waits.body;
  EXPECT_EQ(waits.At("/activity/0/type"), "set_resolved_in_commit");
  auto event = Readable(21, 1, web_);
  event.received_at = event.occurred_at = Noon(7200);
  Store({event});
  EXPECT_EQ(Get(kPath).At("/status"), "resolved") << "in no release yet";
  EXPECT_EQ(commits("web@2.0.0", "web", sha.c_str()).status, 201);
  EXPECT_EQ(Get(kPath).At("/statusDetails/inRelease"), "web@2.0.0");
}

TEST_F(TriagePeople, AReleaseMadeByApiIsTheNextOne) {
  As(ann_, "PUT", kPath, R"({"status":"resolvedInNextRelease"})");
  EXPECT_EQ(Get(kPath).At("/statusDetails/inNextRelease"), "true");
  Send("POST", "/organizations/acme/releases/", R"({"version":"1.1","projects":["web"]})",
       Mint(acme_.id, {"project:admin", "org:read", "event:admin"}));
  EXPECT_EQ(Get(kPath).At("/statusDetails/inRelease"), "1.1");
  EXPECT_EQ(Get(kPath).At("/activity/0/data/version"), "1.1");
  auto event = Readable(31, 1, web_);
  event.release = "1.1";
  event.received_at = event.occurred_at = Noon(7200);
  Store({event});
  EXPECT_EQ(Get(kPath).At("/substatus"), "regressed");
  EXPECT_EQ(Get("/mishap/organizations/acme/regressed/?release=1.1&release=1.0").body,
            R"({"1.0":0,"1.1":1})");
}

TEST_F(TriagePeople, FlagsBelongToOnePerson) {
  auto reply = As(ann_, "PUT", kPath, R"({"isBookmarked":true,"hasSeen":true,"priority":"low"})");
  EXPECT_EQ(reply.At("/isBookmarked"), "true");
  EXPECT_EQ(reply.At("/hasSeen"), "true");
  EXPECT_EQ(reply.At("/isSubscribed"), "true") << "a bookmark subscribes";
  EXPECT_EQ(reply.At("/subscriptionDetails/reason"), "bookmark");
  EXPECT_EQ(reply.At("/priority"), "low");
  EXPECT_THAT(reply.At("/priorityLockedAt"), testing::EndsWith("Z"));
  EXPECT_EQ(reply.At("/seenBy/0/email"), "ann@example.com");
  EXPECT_EQ(reply.At("/participants/0/email"), "ann@example.com");
  auto bobs = As(bob_, "GET", kPath);
  EXPECT_EQ(bobs.At("/isBookmarked"), "false");
  EXPECT_EQ(bobs.At("/hasSeen"), "false");
  EXPECT_EQ(bobs.At("/subscriptionDetails"), "null") << "never touched";
  EXPECT_EQ(As(ann_, "GET", "/organizations/acme/issues/?query=").At("/2/isBookmarked"), "true");

  reply = As(ann_, "PUT", kPath, R"({"isBookmarked":false,"hasSeen":false})");
  EXPECT_EQ(reply.At("/isBookmarked"), "false");
  EXPECT_EQ(reply.At("/hasSeen"), "false");
  EXPECT_EQ(reply.At("/isSubscribed"), "false") << "the bookmark's subscription goes with it";
  reply = As(ann_, "PUT", kPath, R"({"isSubscribed":false})");
  EXPECT_EQ(reply.At("/subscriptionDetails/disabled"), "true");
  reply = As(ann_, "PUT", kPath, R"({"status":"resolved"})");
  EXPECT_EQ(reply.At("/isSubscribed"), "false") << "who wants no more of it is not asked again";
  EXPECT_EQ(As(bob_, "PUT", kPath, R"({"status":"unresolved"})").At("/subscriptionDetails/reason"),
            "status_change");
}

TEST_F(TriagePeople, BulkAnswersOnlyWhatChanged) {
  auto target = "/projects/acme/web/issues/?id=" + Issue(1) + "&id=" + Issue(2);
  auto bulk = [&](const char* body) { return As(ann_, "PUT", target, body).body; };
  EXPECT_EQ(bulk(R"({"status":"resolved"})"),
            R"({"status":"resolved","statusDetails":{},"substatus":null,"inbox":null})");
  EXPECT_EQ(
      bulk(R"({"status":"resolved","statusDetails":{"inRelease":"1.0"}})"),
      R"({"status":"resolved","statusDetails":{"inRelease":"1.0"},"substatus":null,"inbox":null})");
  EXPECT_EQ(bulk(R"({"status":"unresolved"})"),
            R"({"status":"unresolved","statusDetails":{},"substatus":"ongoing","inbox":null})");
  EXPECT_EQ(bulk(R"({"assignedTo":"me"})"), R"({"assignedTo":{"type":"user","id":")" +
                                                std::to_string(ann_.id.value) +
                                                R"(","name":"Ann","email":"ann@example.com"}})");
  EXPECT_EQ(bulk(R"({"assignedTo":null})"), R"({"assignedTo":null})");
  EXPECT_EQ(bulk(R"({"isBookmarked":true})"), R"({"isBookmarked":true})");
  EXPECT_EQ(bulk(R"({"isSubscribed":true})"),
            R"({"isSubscribed":true,"subscriptionDetails":{"reason":"unknown"}})");
  EXPECT_EQ(bulk(R"({"priority":"high"})"), R"({"priority":"high"})");
  EXPECT_EQ(bulk(R"({"hasSeen":true})"), R"({"hasSeen":true})");
  EXPECT_EQ(bulk(R"({"inbox":false})"), R"({"inbox":false})");
  EXPECT_THAT(bulk(R"({"isPublic":true})"), HasSubstr(R"({"isPublic":true,"shareId":")"));
  EXPECT_EQ(bulk(R"({"isPublic":false})"), R"({"isPublic":false,"shareId":null})");
  EXPECT_EQ(bulk("{}"), "{}");
  EXPECT_EQ(Get(kPath).At("/assignedTo"), "null");
}

TEST_F(TriagePeople, ReleaseDetailsAreForOneProject) {
  Store({Readable(4, 4, mobile_)});
  auto reply = As(ann_, "PUT", "/organizations/acme/issues/?query=",
                  R"({"status":"resolved","statusDetails":{"inNextRelease":true}})");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.At("/detail"), "Cannot set resolved in next release for multiple projects.");
}

TEST_F(TriagePeople, CommentsAreWrittenChangedAndDeletedByTheirAuthor) {
  auto notes = std::string(kPath) + "notes/";
  auto made = As(ann_, "POST", notes,
                 R"({"text":"look at **this**","mentions":["user:)" +
                     std::to_string(bob_.id.value) + R"("]})");
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.At("/type"), "note");
  EXPECT_EQ(made.At("/data/text"), "look at **this**");
  EXPECT_EQ(made.At("/user/email"), "ann@example.com");
  auto one = notes + made.At("/id") + "/";
  EXPECT_EQ(As(bob_, "PUT", one, R"({"text":"mine now"})").status, 404);
  EXPECT_EQ(As(bob_, "DELETE", one).status, 404);
  EXPECT_EQ(As(ann_, "PUT", one, R"({"text":"changed"})").At("/data/text"), "changed");
  EXPECT_EQ(As(bob_, "POST", notes, R"({"text":"second"})").status, 201);
  EXPECT_EQ(As(bob_, "POST", std::string(kPath) + "comments/", R"({"text":"third"})").status, 201);
  EXPECT_EQ(Get(notes + "?per_page=1").At("/0/data/text"), "third");
  EXPECT_EQ(Get(notes).Column("type").size(), 3u);
  EXPECT_THAT(Get(notes + "?per_page=1").Header("Link"),
              HasSubstr("rel=\"next\"; results=\"true\""));
  EXPECT_EQ(Get(kPath).At("/numComments"), "3");
  EXPECT_EQ(As(bob_, "GET", kPath).At("/subscriptionDetails/reason"), "mentioned");
  EXPECT_EQ(As(ann_, "DELETE", one).status, 204);
  EXPECT_EQ(As(ann_, "DELETE", one).status, 404);
  EXPECT_EQ(Get(notes).Column("type").size(), 2u);
  EXPECT_EQ(As(ann_, "POST", notes, R"({"text":"  "})").body,
            R"({"text":["This field may not be blank."]})");
  EXPECT_EQ(As(ann_, "POST", notes, "{}").body, R"({"text":["This field is required."]})");
  EXPECT_EQ(As(ann_, "PUT", notes + "9/", R"({"text":"x"})").status, 404);
  EXPECT_THAT(Get(std::string(kPath) + "participants/").Column("email"),
              ElementsAre("ann@example.com", "bob@example.com"));
}

TEST_F(TriagePeople, ASharedIssueNeedsNoToken) {
  auto shared = As(ann_, "PUT", kPath, R"({"isPublic":true})");
  auto share = shared.At("/shareId");
  EXPECT_EQ(shared.At("/isPublic"), "true");
  ASSERT_EQ(share.size(), 32u);
  auto seen = Send("GET", "/organizations/acme/shared/issues/" + share + "/", "", "");
  EXPECT_EQ(seen.status, 200) << seen.body;
  EXPECT_EQ(seen.At("/title"), "ValueError: 1");
  EXPECT_EQ(seen.At("/assignedTo"), "<absent>");
  EXPECT_EQ(Send("GET", "/organizations/other/shared/issues/" + share + "/", "", "").status, 404);
  As(ann_, "PUT", kPath, R"({"isPublic":false})");
  EXPECT_EQ(Send("GET", "/organizations/acme/shared/issues/" + share + "/", "", "").status, 404);
}

TEST_F(TriagePeople, ADeletedIssueIsGoneAndItsNextEventMakesANewOne) {
  EXPECT_EQ(As(ann_, "POST", std::string(kPath) + "notes/", R"({"text":"bye"})").status, 201);
  EXPECT_EQ(As(ann_, "DELETE", kPath).status, 202);
  EXPECT_EQ(Get(kPath).status, 404);
  EXPECT_THAT(Get("/organizations/acme/issues/?query=").Column("id"),
              ElementsAre(Issue(3), Issue(2)));
  Store({Readable(11, 1, web_)});
  EXPECT_THAT(Get("/organizations/acme/issues/?query=").Column("shortId"),
              ElementsAre("WEB-4", "WEB-3", "WEB-2"));
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-4/").At("/count"), "1");
  EXPECT_EQ(PurgeDeletedIssues(session_, 10).value(), 0) << "the digest may still hold its rows";
  db_.Rows(
      "update tenant.issue set status_changed_at = now() - interval '2 minutes' where status = 4");
  EXPECT_EQ(PurgeDeletedIssues(session_, 10).value(), 1);
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where id = " + Issue(1)), 0);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_row where state = 3"), 0);
  EXPECT_EQ(db_.Number("select count(*) from tenant.activity where issue_id = " + Issue(1)), 0);
  EXPECT_EQ(db_.Number("select count(*) from tenant.hash_hour"), 3);
  EXPECT_EQ(As(ann_, "DELETE", "/projects/acme/web/issues/?id=" + Issue(2)).status, 204);
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-2/").status, 404);
  auto writer = Mint(acme_.id, {"event:write"});
  EXPECT_EQ(Send("DELETE", "/organizations/acme/issues/WEB-3/", "", writer).status, 403);
}

TEST_F(TriagePeople, MergeAndDiscard) {
  auto two = "/projects/acme/web/issues/?id=" + Issue(1) + "&id=" + Issue(2);
  auto merged = As(ann_, "PUT", two, R"({"merge":1})");
  EXPECT_EQ(merged.body,
            R"({"merge":{"parent":")" + Issue(1) + R"(","children":[")" + Issue(2) + R"("]}})");
  auto discard = R"({"discard":true})";
  EXPECT_EQ(
      Send("PUT", "/organizations/acme/issues/WEB-3/", discard, Mint(acme_.id, {"event:write"}))
          .status,
      403);
  EXPECT_EQ(As(ann_, "PUT", "/organizations/acme/issues/WEB-3/", discard).status, 204);
  Store({Readable(13, 3, web_)});
  EXPECT_THAT(Get("/organizations/acme/issues/?query=").Column("id"), ElementsAre(Issue(1)));
}

}  // namespace
}  // namespace mishap

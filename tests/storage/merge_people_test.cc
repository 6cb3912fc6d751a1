// What people left at issues when these are merged and taken apart again, through the API.
#include "storage/triage/issue_change.h"
#include "storage/user_store.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MergePeople : public ApiTest {
 protected:
  MergePeople() {
    ann_ = Person("ann@example.com");
    bob_ = Person("bob@example.com");
    // Issue 1 has most events and stays.
    Store({Readable(1, 1, web_), Readable(2, 1, web_), Readable(3, 2, web_), Readable(4, 3, web_)});
  }
  std::string Person(const char* email) {
    auto user = CreateUser(session_, email, email, "").value();
    EXPECT_TRUE(AddMember(session_, acme_.id, user.id, "admin"));
    NewToken wanted;
    wanted.kind = "user";
    wanted.organization = acme_.id;
    wanted.user = user.id;
    wanted.name = "test";
    wanted.scopes = {"org:read", "event:admin"};
    return CreateToken(session_, random_, wanted).value().text;
  }
  std::string Id(int n) { return std::to_string(web_.value * kIssuesPerProject + n); }
  std::string Path(int n) { return "/organizations/acme/issues/" + Id(n) + "/"; }
  Reply As(const std::string& who, std::string method, std::string target, std::string body = "") {
    clock_.now.micros += kMicrosPerSecond;  // comments have an order
    return Send(std::move(method), std::move(target), std::move(body), who);
  }
  void Comment(int issue, const std::string& text) {
    EXPECT_EQ(As(ann_, "POST", Path(issue) + "notes/", R"({"text":")" + text + "\"}").status, 201);
  }
  std::vector<std::string> Comments(int issue) {
    auto reply = As(ann_, "GET", Path(issue) + "notes/");
    std::vector<std::string> out;
    for (std::size_t i = 0; i < reply.json.as_array().size(); ++i) {
      out.push_back(reply.At(("/" + std::to_string(i) + "/data/text").c_str()));
    }
    return out;
  }
  void Merge(std::vector<int> issues) {
    std::string query = "?id=" + Id(issues[0]);
    for (std::size_t i = 1; i < issues.size(); ++i) query += "&id=" + Id(issues[i]);
    auto merged = As(ann_, "PUT", "/projects/acme/web/issues/" + query, R"({"merge":1})");
    EXPECT_EQ(merged.status, 200) << merged.body;
    EXPECT_EQ(merged.At("/merge/parent"), Id(issues[0]));
  }
  // The newest entry of the log.
  void Undo() {
    const auto log = As(ann_, "GET", "/mishap/projects/acme/web/grouping-log/").At("/0/id");
    auto undone = As(ann_, "POST", "/mishap/projects/acme/web/grouping-log/" + log + "/undo/");
    EXPECT_EQ(undone.status, 200) << undone.body;
  }

  std::string ann_;
  std::string bob_;
};

TEST_F(MergePeople, CommentsMoveAndAnUndoBringsThemBack) {
  Comment(1, "at one");
  Comment(2, "at two");
  Merge({1, 2});
  EXPECT_THAT(Comments(1), ElementsAre("at two", "at one"));
  EXPECT_EQ(As(ann_, "GET", Path(1)).At("/numComments"), "2");
  Comment(1, "since");
  Undo();
  EXPECT_THAT(Comments(1), ElementsAre("since", "at one"));
  EXPECT_THAT(Comments(2), ElementsAre("at two"));
}

TEST_F(MergePeople, MergesOfMergesAreUndoneStepByStep) {
  Comment(3, "at three");
  // 2 gets a second event, so that 3 goes into it.
  Store({Readable(5, 2, web_)});
  Merge({2, 3});
  Store({Readable(6, 1, web_), Readable(7, 1, web_)});
  Merge({1, 2});
  EXPECT_THAT(Comments(1), ElementsAre("at three"));
  Undo();
  EXPECT_THAT(Comments(1), IsEmpty());
  EXPECT_THAT(Comments(2), ElementsAre("at three"));
  EXPECT_EQ(
      db_.Dump(
          "select issue_id - 1000000000 * project_id, cardinality(came_from) from tenant.activity "
          "where kind = 'note'"),
      "2|1|\n");
}

TEST_F(MergePeople, BookmarksFollowersAndAssigneeGoWithIt) {
  EXPECT_EQ(As(bob_, "PUT", Path(2), R"({"isBookmarked":true,"isSubscribed":true,"hasSeen":true})")
                .status,
            200);
  EXPECT_EQ(As(ann_, "PUT", Path(1), R"({"isSubscribed":false})").status, 200);
  EXPECT_EQ(
      As(ann_, "PUT", Path(2), R"({"isSubscribed":true,"assignedTo":"bob@example.com"})").status,
      200);
  Merge({1, 2});
  auto bobs = As(bob_, "GET", Path(1));
  EXPECT_EQ(bobs.At("/isBookmarked"), "true");
  EXPECT_EQ(bobs.At("/isSubscribed"), "true");
  EXPECT_EQ(bobs.At("/hasSeen"), "false") << "he has looked at the other only";
  EXPECT_EQ(bobs.At("/assignedTo/email"), "bob@example.com");
  EXPECT_EQ(As(ann_, "GET", Path(1)).At("/isSubscribed"), "false") << "she said so of this one";
  Undo();
  EXPECT_EQ(As(bob_, "GET", Path(2)).At("/isBookmarked"), "true");
  EXPECT_EQ(As(bob_, "GET", Path(2)).At("/hasSeen"), "true");
}

TEST_F(MergePeople, AnAssigneeThereIsStays) {
  EXPECT_EQ(As(ann_, "PUT", Path(1), R"({"assignedTo":"ann@example.com"})").status, 200);
  EXPECT_EQ(As(ann_, "PUT", Path(2), R"({"assignedTo":"bob@example.com"})").status, 200);
  Merge({1, 2});
  EXPECT_EQ(As(ann_, "GET", Path(1)).At("/assignedTo/email"), "ann@example.com");
}

TEST_F(MergePeople, WhatIsTakenOutKeepsItsFollowers) {
  Merge({1, 2});
  EXPECT_EQ(As(bob_, "PUT", Path(1), R"({"isSubscribed":true,"assignedTo":"me"})").status, 200);
  const auto hashes = As(ann_, "GET", Path(1) + "hashes/").Column("id");
  ASSERT_EQ(hashes.size(), 2u);
  EXPECT_EQ(As(ann_, "PUT", Path(1) + "hashes/?id=" + hashes.front()).status, 202);
  auto fresh = As(bob_, "GET", Path(4));
  EXPECT_EQ(fresh.At("/isSubscribed"), "true");
  EXPECT_EQ(fresh.At("/assignedTo/email"), "bob@example.com");
}

}  // namespace
}  // namespace mishap

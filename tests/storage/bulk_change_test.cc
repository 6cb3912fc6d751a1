// Bulk changes: dry run, batches by a job that may die between any two, undo, and what others do
// meanwhile.
#include "storage/triage/bulk_change.h"

#include <thread>

#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

constexpr const char* kBulk = "/mishap/organizations/acme/bulk/";

class BulkChanges : public ApiTest {
 protected:
  // Issues 1..count of `web` by copying one row: the list and the changes look at nothing else.
  void Seed(int count) {
    Store({Readable(1, 1, web_)});
    db_.Rows(
        "insert into tenant.issue select (jsonb_populate_record(i, jsonb_build_object('id', i.id + "
        "n))).* "
        "from tenant.issue i, generate_series(1, " +
        std::to_string(count - 1) + ") n");
  }
  int RunAll(Session& session) {
    int batches = 0;
    for (;;) {
      auto done = RunBulkBatch(session);
      EXPECT_TRUE(done) << done.error().detail;
      if (!done || !*done) return batches;
      if (**done > 0) ++batches;
    }
  }
  std::string Start(const std::string& query, const char* body) {
    auto selected = Send("POST", kBulk + query, "", token_);
    EXPECT_EQ(selected.status, 201) << selected.body;
    auto id = selected.At("/id");
    auto started = Send("POST", kBulk + id + "/apply/", body, token_);
    EXPECT_EQ(started.status, 202) << started.body;
    return id;
  }
  Reply Look(const std::string& id) { return Get(kBulk + id + "/"); }
  std::string Issue(int n) { return std::to_string(web_.value * kIssuesPerProject + n); }
};

TEST_F(BulkChanges, ADryRunCountsAndASnapshotStaysWhatItWas) {
  Seed(2500);
  auto selected = Send("POST", std::string(kBulk) + "?query=is:unresolved", "", token_);
  EXPECT_EQ(selected.status, 201) << selected.body;
  EXPECT_EQ(selected.At("/total"), "2500");
  EXPECT_EQ(selected.At("/state"), "selected");
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where status = 1"), 0) << "a dry run";
  Store({Readable(2, 2, mobile_)});  // a new one is not in the snapshot
  auto id = selected.At("/id");
  auto started = Send("POST", kBulk + id + "/apply/", R"({"status":"resolved"})", token_);
  EXPECT_EQ(started.At("/state"), "waiting");
  EXPECT_EQ(started.At("/undoUntil"), "null");

  EXPECT_EQ(RunBulkBatch(session_).value(), 1000);
  EXPECT_EQ(Look(id).At("/done"), "1000") << "progress";
  Session after_a_restart(session_.Settings());
  EXPECT_EQ(RunAll(after_a_restart), 2);
  auto done = Look(id);
  EXPECT_EQ(done.At("/state"), "done");
  EXPECT_EQ(done.At("/changed"), "2500");
  EXPECT_NE(done.At("/undoUntil"), "null");
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where status = 1"), 2500);
  EXPECT_EQ(db_.Number("select count(*) from tenant.activity where kind = 'set_resolved'"), 2500);
  EXPECT_EQ(db_.Number("select count(*) from tenant.outbox where kind = 'issue_resolved'"), 2500);
}

TEST_F(BulkChanges, AJobThatDiesLosesAndRepeatsNothing) {
  Seed(1500);
  auto id = Start("?query=", R"({"status":"ignored","priority":"low"})");
  EXPECT_EQ(RunBulkBatch(session_).value(), 1000);
  // The second batch is cut off by a lost connection before its commit.
  db_.Rows(
      "create function cut() returns trigger language plpgsql as $$ begin "
      "perform pg_terminate_backend(pg_backend_pid()); return new; end $$");
  db_.Rows("create trigger cut before insert on tenant.outbox execute function cut()");
  auto cut = RunBulkBatch(session_);
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().reason, Reason::kUnavailable) << cut.error().detail;
  EXPECT_EQ(Look(id).At("/state"), "waiting");
  EXPECT_EQ(Look(id).At("/done"), "1000");
  db_.Rows("drop trigger cut on tenant.outbox");
  EXPECT_EQ(RunAll(session_), 1);
  EXPECT_EQ(Look(id).At("/changed"), "1500");
  EXPECT_EQ(db_.Number("select count(*) from tenant.activity where kind = 'set_ignored'"), 1500);
}

TEST_F(BulkChanges, UndoRestoresOnlyWhatIsStillAsItWasSet) {
  Seed(4);
  Put("/organizations/acme/issues/WEB-4/", R"({"status":"ignored","ignoreCount":5})");
  auto id = Start("?query=", R"({"status":"resolved","priority":"low"})");
  auto early = Send("POST", kBulk + id + "/undo/", "", token_);
  EXPECT_EQ(early.status, 409) << early.body;
  RunAll(session_);
  EXPECT_EQ(Look(id).At("/changed"), "4");
  clock_.now.micros += kMicrosPerSecond;
  Put("/organizations/acme/issues/WEB-2/", R"({"status":"unresolved"})");  // somebody went on
  EXPECT_EQ(Send("POST", kBulk + id + "/undo/", "", token_).status, 202);
  RunAll(session_);
  auto undone = Look(id);
  EXPECT_EQ(undone.At("/state"), "undone");
  EXPECT_EQ(undone.At("/restored"), "3");
  EXPECT_EQ(
      db_.Dump("select id % 1000000000, status, substatus, priority from tenant.issue order by id"),
      "1|0|1|3|\n2|0|3|1|\n3|0|1|3|\n4|2|6|3|\n");
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-4/").At("/statusDetails/ignoreCount"), "5")
      << "the snooze is back";
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-1/").At("/activity/0/data/undo"), "true");
  EXPECT_EQ(Send("POST", kBulk + id + "/undo/", "", token_).status, 409) << "once";
}

TEST_F(BulkChanges, UndoEndsAfterADayAndSelectionsAfterAnHour) {
  Seed(1);
  auto id = Start("?query=", R"({"priority":"low"})");
  RunAll(session_);
  db_.Rows("update control.bulk_change set applied_at = now() - interval '24 hours 1 minute'");
  EXPECT_EQ(Send("POST", kBulk + id + "/undo/", "", token_).status, 409);
  EXPECT_EQ(PurgeBulks(session_, 10).value(), 0);
  db_.Rows("update control.bulk_change set applied_at = now() - interval '26 hours'");
  EXPECT_EQ(PurgeBulks(session_, 10).value(), 1);
  EXPECT_EQ(db_.Number("select count(*) from tenant.bulk_item"), 0);
  auto stale = Send("POST", std::string(kBulk) + "?query=", "", token_).At("/id");
  db_.Rows("update control.bulk_change set created_at = now() - interval '61 minutes'");
  EXPECT_EQ(Send("POST", kBulk + stale + "/apply/", R"({"priority":"low"})", token_).status, 404);
}

TEST_F(BulkChanges, TwoJobsAtOnceAndTheDigestBesideThem) {
  Seed(3000);
  auto first = Start("?query=", R"({"status":"resolved"})");
  auto second = Start("?query=", R"({"priority":"low"})");
  std::thread other([&] {
    Session session(session_.Settings());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(RunBulkBatch(session));
  });
  std::thread third([&] {
    Session session(session_.Settings());
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(RunBulkBatch(session));
  });
  for (std::uint64_t n = 10; n < 30; ++n) Store({Readable(n, 1, web_)});
  other.join();
  third.join();
  RunAll(session_);
  EXPECT_EQ(Look(first).At("/state"), "done");
  EXPECT_EQ(Look(first).At("/changed"), "3000");
  EXPECT_EQ(Look(second).At("/changed"), "3000");
  EXPECT_EQ(Get("/organizations/acme/issues/WEB-1/").At("/count"), "21");
  EXPECT_EQ(db_.Number("select count(*) from tenant.issue where status = 1 and priority = 1"),
            3000);
}

TEST_F(BulkChanges, MistakesAndStrangers) {
  Seed(1);
  auto id = Send("POST", std::string(kBulk) + "?query=", "", token_).At("/id");
  auto apply = [&](const char* body) { return Send("POST", kBulk + id + "/apply/", body, token_); };
  EXPECT_EQ(apply("{}").status, 400);
  EXPECT_EQ(apply(R"({"merge":1})").status, 400);
  EXPECT_EQ(apply(R"({"status":"x"})").body, R"({"status":["\"x\" is not a valid choice."]})");
  EXPECT_EQ(apply(R"({"assignedTo":"nobody@example.com"})").status, 400);
  auto stranger = Mint(other_.id, {"event:write", "org:read"});
  EXPECT_EQ(Send("GET", kBulk + id + "/", "", stranger).status, 404);
  EXPECT_EQ(Send("GET", "/mishap/organizations/other/bulk/" + id + "/", "", stranger).status, 404);
  EXPECT_EQ(Look("nonsense").status, 404);
  EXPECT_EQ(apply(R"({"priority":"low"})").status, 202);
  EXPECT_EQ(apply(R"({"priority":"low"})").status, 409) << "a selection is used once";
}

}  // namespace
}  // namespace mishap

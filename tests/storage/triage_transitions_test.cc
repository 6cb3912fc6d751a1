// Every transition of docs/triage.md: each row of the table has a project of its own.
#include "storage/triage/auto_transitions.h"
#include "tests/storage/read_fixture.h"
#include "tests/storage/triage_table.h"

namespace mishap {
namespace {

using namespace triage_table;  // NOLINT(google-build-using-namespace): the rows' words

class TriageTransitions : public ApiTest {
 protected:
  void Arrive(const Row& row, ProjectId project, std::size_t number, std::size_t step,
              const Arrival& arrival) {
    std::vector<DigestEvent> events;
    for (int i = 0; i < arrival.events; ++i) {
      auto id = number * 10'000 + step * 1'000 + static_cast<std::uint64_t>(i);
      auto event = Readable(id, 1, project);
      event.release = step == 0 ? row.first_release : arrival.release;
      event.received_at = Noon(arrival.at + i);
      event.occurred_at = event.received_at;
      event.user_hash = arrival.by_users ? id : 7;
      events.push_back(std::move(event));
    }
    Store(std::move(events));
  }

  std::string Kinds(IssueId issue) {
    return db_.Value(
        "select coalesce(string_agg(kind, ' ' order by kind), '') from tenant.outbox "
        "where kind <> 'issue_new' and issue_id = " +
        std::to_string(issue.value));
  }
};

TEST_F(TriageTransitions, EveryRowOfTheTable) {
  for (std::size_t n = 0; n < kRows.size(); ++n) {
    const Row& row = kRows[n];
    SCOPED_TRACE(row.name);
    auto slug = "p" + std::to_string(n);
    auto project = CreateProject(session_, acme_.id, slug, slug, "python").value().id;
    auto issue = MakeIssueId(project, 1);
    auto path = "/organizations/acme/issues/" + std::to_string(issue.value) + "/";
    Arrive(row, project, n + 1, 0, {0});
    clock_.now = Noon(3600);
    for (const char* body : row.puts) {
      clock_.now.micros += kMicrosPerSecond;
      EXPECT_EQ(Put(path, body).status, 200) << body;
    }
    std::string sql = row.sql;
    for (auto at = sql.find("{i}"); at != std::string::npos; at = sql.find("{i}")) {
      sql.replace(at, 3, std::to_string(issue.value));
    }
    if (!sql.empty()) db_.Rows(sql);
    for (std::size_t i = 0; i < row.arrivals.size(); ++i) {
      Arrive(row, project, n + 1, i + 1, row.arrivals[i]);
    }
    ASSERT_TRUE(EndSnoozes(session_, 100)) << "job";
    ASSERT_TRUE(SettleOngoing(session_, 100)) << "job";
    ASSERT_TRUE(ResolveByAge(session_, 100)) << "job";
    auto after = Get(path);
    auto substatus = after.At("/substatus");
    EXPECT_EQ(after.At("/status") + " " + (substatus == "null" ? "" : substatus), row.state);
    EXPECT_EQ(after.At("/activity/0/type"), row.activity) << after.At("/activity");
    EXPECT_EQ(Kinds(issue), row.effects);
    // Only what is resolved or archived waits for something.
    const auto waits =
        db_.Number("select (select count(*) from tenant.issue_snooze where issue_id = " +
                   std::to_string(issue.value) +
                   ") + (select count(*) from tenant.issue_resolution where issue_id = " +
                   std::to_string(issue.value) + ")");
    EXPECT_LE(waits, after.At("/status") == "unresolved" ? 0 : 1);
  }
}

TEST_F(TriageTransitions, ARegressionSaysWhatAndWhere) {
  Arrive(kRows[0], web_, 1, 0, {0});
  auto path = "/organizations/acme/issues/WEB-1/";
  Put(path, kInNext);
  EXPECT_EQ(Get(path).At("/statusDetails/inNextRelease"), "true");
  Row old = kRows[0];
  Arrive(old, web_, 1, 1, {kAfter, "shop@0.5.0"});
  EXPECT_EQ(Get(path).At("/statusDetails/inNextRelease"), "true") << "an older one is not the next";
  Arrive(old, web_, 1, 2, {kBefore, "shop@1.1.0"});
  EXPECT_EQ(Get(path).At("/statusDetails/inRelease"), "shop@1.1.0");
  EXPECT_EQ(Get(path).At("/activity/0/data/version"), "shop@1.1.0");
  Arrive(old, web_, 1, 3, {kAfter, "shop@1.2.0"});
  auto after = Get(path);
  EXPECT_EQ(after.At("/activity/0/data/version"), "shop@1.2.0");
  EXPECT_EQ(after.At("/activity/0/data/resolved_in_version"), "shop@1.1.0");
  EXPECT_EQ(after.At("/activity/0/data/follows_semver"), "true");
  EXPECT_EQ(
      db_.Value("select r.version from tenant.issue_regression g join tenant.project_release r "
                "on r.project_id = g.project_id and r.id = g.release_id"),
      "shop@1.2.0");
}

TEST_F(TriageTransitions, WhatRemainsOfASnoozeIsShown) {
  Arrive(kRows[0], web_, 1, 0, {0});
  auto path = "/organizations/acme/issues/WEB-1/";
  Put(path, R"({"status":"ignored","ignoreCount":10})");
  Arrive(kRows[0], web_, 1, 1, {kAfter, "", 3});
  EXPECT_EQ(Get(path).At("/statusDetails/ignoreCount"), "7");
  EXPECT_EQ(Get(path).At("/statusDetails/ignoreUntil"), "null");
}

TEST_F(TriageTransitions, ARegressionKeepsAChosenPriorityAndTheAssignee) {
  Arrive(kRows[0], web_, 1, 0, {0});
  auto path = "/organizations/acme/issues/WEB-1/";
  Put(path, R"({"priority":"low","status":"resolved"})");
  Arrive(kRows[0], web_, 1, 1, {kAfter, ""});
  EXPECT_EQ(Get(path).At("/status"), "unresolved");
  EXPECT_EQ(Get(path).At("/priority"), "low");
}

}  // namespace
}  // namespace mishap

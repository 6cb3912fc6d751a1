// Every transition of docs/triage.md, as a table: what people do to an issue, what arrives or
// passes then, and what the issue, its activities and the outbox say afterwards. Each row has a
// project of its own.
#include "storage/triage/auto_transitions.h"
#include "tests/storage/read_fixture.h"

namespace mishap {
namespace {

// Issues are first seen at noon with release shop@1.0.0 (or `first_release`), triaged at 13:00.
constexpr std::int64_t kBefore = 1800;  // seconds after noon
constexpr std::int64_t kAfter = 7200;

struct Arrival {
  std::int64_t at = kAfter;  // occurred and received
  const char* release = "";
  int events = 1;
  bool by_users = false;  // each event by another user
};

struct Row {
  const char* name;
  std::vector<const char*> puts;  // bodies of updates, in order
  const char* sql;                // what passes besides, "" for nothing; {i} the issue
  std::vector<Arrival> arrivals;
  const char* state;     // "status substatus"
  const char* activity;  // the newest one's kind
  const char* effects;   // all of the outbox but issue_new, in order of kind
  const char* first_release = "shop@1.0.0";
};

constexpr const char* kResolve = R"({"status":"resolved"})";
constexpr const char* kInNext = R"({"status":"resolved","statusDetails":{"inNextRelease":true}})";
constexpr const char* kInLatest = R"({"status":"resolved","statusDetails":{"inRelease":"latest"}})";
constexpr const char* kForever = R"({"status":"ignored"})";
constexpr const char* kEscalating =
    R"({"status":"ignored","substatus":"archived_until_escalating"})";
constexpr const char* kTwoMore = R"({"status":"ignored","ignoreCount":2})";
constexpr const char* kTwoInAnHour = R"({"status":"ignored","ignoreCount":2,"ignoreWindow":60})";
constexpr const char* kTwoUsers = R"({"status":"ignored","ignoreUserCount":2})";
constexpr const char* kTwoUsersInAnHour =
    R"({"status":"ignored","ignoreUserCount":2,"ignoreUserWindow":60})";
constexpr const char* kFor10Years = R"({"status":"ignored","ignoreDuration":5000000})";
constexpr const char* kUnresolve = R"({"status":"unresolved"})";
constexpr const char* kTimeIsUp =
    "update tenant.issue_snooze set until = now() - interval '1 second' where issue_id = {i}";
constexpr const char* kWeekLater =
    "update tenant.issue set first_seen = first_seen - interval '8 days', "
    "status_changed_at = status_changed_at - interval '8 days' where id = {i}";

const std::vector<Row> kRows = {
    // By hand.
    {"new", {}, "", {}, "unresolved new", "first_seen", ""},
    {"resolve", {kResolve}, "", {}, "resolved ", "set_resolved", "issue_resolved"},
    {"archive", {kForever}, "", {}, "ignored archived_forever", "set_ignored", "issue_archived"},
    {"until escalating",
     {kEscalating},
     "",
     {},
     "ignored archived_until_escalating",
     "set_ignored",
     "issue_archived"},
    {"unresolve a resolved one",
     {kResolve, kUnresolve},
     "",
     {},
     "unresolved regressed",
     "set_unresolved",
     "issue_resolved issue_unresolved"},
    {"unresolve a young archived one",
     {kForever, kUnresolve},
     "",
     {},
     "unresolved new",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"chosen substatus wins",
     {kResolve, R"({"status":"unresolved","substatus":"ongoing"})"},
     "",
     {},
     "unresolved ongoing",
     "set_unresolved",
     "issue_resolved issue_unresolved"},
    {"resolve twice", {kResolve, kResolve}, "", {}, "resolved ", "set_resolved", "issue_resolved"},
    // A plain resolve.
    {"plain, later event",
     {kResolve},
     "",
     {{kAfter}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved"},
    {"plain, event from before",
     {kResolve},
     "",
     {{kBefore}},
     "resolved ",
     "set_resolved",
     "issue_resolved"},
    // In a release.
    {"in release, same release",
     {kInLatest},
     "",
     {{kAfter, "shop@1.0.0"}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved"},
    {"in release, greater version",
     {kInLatest},
     "",
     {{kAfter, "shop@1.10.0"}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved"},
    {"in release, smaller version that is new here",
     {kInLatest},
     "",
     {{kAfter, "shop@0.9.0"}},
     "resolved ",
     "set_resolved_in_release",
     "issue_resolved"},
    {"in release, no release",
     {kInLatest},
     "",
     {{kAfter, ""}},
     "resolved ",
     "set_resolved_in_release",
     "issue_resolved"},
    {"in release, the version, but before",
     {kInLatest},
     "",
     {{kBefore, "shop@2.0.0"}},
     "resolved ",
     "set_resolved_in_release",
     "issue_resolved"},
    {"in release, by date, later one",
     {kInLatest},
     "",
     {{kAfter, "abc"}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved",
     "def"},
    // In the next release.
    {"next, same release",
     {kInNext},
     "",
     {{kAfter, "shop@1.0.0"}},
     "resolved ",
     "set_resolved_in_release",
     "issue_resolved"},
    {"next, smaller version",
     {kInNext},
     "",
     {{kAfter, "shop@0.9.0"}},
     "resolved ",
     "set_resolved_in_release",
     "issue_resolved"},
    {"next, greater version",
     {kInNext},
     "",
     {{kAfter, "shop@1.10.0"}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved"},
    {"next, no release",
     {kInNext},
     "",
     {{kAfter, ""}},
     "resolved ",
     "set_resolved_in_release",
     "issue_resolved"},
    {"next, by date",
     {kInNext},
     "",
     {{kAfter, "abc"}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved",
     "def"},
    {"next without any release is plain",
     {R"({"status":"resolvedInNextRelease"})"},
     "",
     {{kAfter, ""}},
     "unresolved regressed",
     "set_regression",
     "issue_regressed issue_resolved",
     ""},
    // Snoozes.
    {"for ever, events",
     {kForever},
     "",
     {{kAfter, "", 20}},
     "ignored archived_forever",
     "set_ignored",
     "issue_archived"},
    {"time not up",
     {kFor10Years},
     "",
     {{kAfter}},
     "ignored archived_until_condition_met",
     "set_ignored",
     "issue_archived"},
    {"time up, by an event",
     {kFor10Years},
     kTimeIsUp,
     {{kAfter}},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"time up, by the job",
     {kFor10Years},
     kTimeIsUp,
     {},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"count not reached",
     {kTwoMore},
     "",
     {{kAfter}},
     "ignored archived_until_condition_met",
     "set_ignored",
     "issue_archived"},
    {"count reached in two batches",
     {kTwoMore},
     "",
     {{kAfter}, {kAfter + 9}},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"count in window",
     {kTwoInAnHour},
     "",
     {{kAfter, "", 2}},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"count, but not in the window",
     {kTwoInAnHour},
     "",
     {{kAfter}, {kAfter + 4000}},
     "ignored archived_until_condition_met",
     "set_ignored",
     "issue_archived"},
    {"users reached",
     {kTwoUsers},
     "",
     {{kAfter, "", 2, true}},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"the same user twice",
     {kTwoUsers},
     "",
     {{kAfter, "", 5}},
     "ignored archived_until_condition_met",
     "set_ignored",
     "issue_archived"},
    {"users in window",
     {kTwoUsersInAnHour},
     "",
     {{kAfter, "", 2, true}},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"below the threshold",
     {kEscalating},
     "",
     {{kAfter, "", 9}},
     "ignored archived_until_escalating",
     "set_ignored",
     "issue_archived"},
    {"escalates",
     {kEscalating},
     "",
     {{kAfter, "", 10}},
     "unresolved escalating",
     "set_escalating",
     "issue_archived issue_escalating"},
    {"a new snooze replaces the old",
     {kTwoMore, kForever, R"({"status":"ignored","substatus":"archived_forever"})"},
     "",
     {{kAfter, "", 5}},
     "ignored archived_forever",
     "set_ignored",
     "issue_archived issue_archived"},
    // By time.
    {"new becomes ongoing",
     {},
     kWeekLater,
     {},
     "unresolved ongoing",
     "auto_set_ongoing",
     "issue_ongoing"},
    {"regressed becomes ongoing",
     {kResolve, kUnresolve},
     kWeekLater,
     {},
     "unresolved ongoing",
     "auto_set_ongoing",
     "issue_ongoing issue_resolved issue_unresolved"},
    {"resolved stays", {kResolve}, kWeekLater, {}, "resolved ", "set_resolved", "issue_resolved"},
    {"old archived one unresolved is ongoing",
     {kForever, R"({"status":"unresolved","substatus":"ongoing"})"},
     kWeekLater,
     {},
     "unresolved ongoing",
     "set_unresolved",
     "issue_archived issue_unresolved"},
    {"resolved by age",
     {},
     "update control.project set settings = settings || '{\"resolve_age\": 1}' where id = {i} / "
     "1000000000; "
     "update tenant.issue set last_seen = now() - interval '2 hours' where id = {i}",
     {},
     "resolved ",
     "set_resolved_by_age",
     "issue_resolved"},
};

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

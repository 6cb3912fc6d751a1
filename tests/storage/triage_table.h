// The rows of triage_transitions_test.cc: every transition of docs/triage.md. What people do to an
// issue, what arrives or passes then, and what the issue, its activities and the outbox say
// afterwards.
#pragma once

#include <cstdint>
#include <vector>

namespace mishap::triage_table {

// Issues are first seen at noon with release shop@1.0.0 (or `first_release`), triaged at 13:00.
inline constexpr std::int64_t kBefore = 1800;  // seconds after noon
inline constexpr std::int64_t kAfter = 7200;

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

inline constexpr const char* kResolve = R"({"status":"resolved"})";
inline constexpr const char* kInNext =
    R"({"status":"resolved","statusDetails":{"inNextRelease":true}})";
inline constexpr const char* kInLatest =
    R"({"status":"resolved","statusDetails":{"inRelease":"latest"}})";
inline constexpr const char* kForever = R"({"status":"ignored"})";
inline constexpr const char* kEscalating =
    R"({"status":"ignored","substatus":"archived_until_escalating"})";
inline constexpr const char* kTwoMore = R"({"status":"ignored","ignoreCount":2})";
inline constexpr const char* kTwoInAnHour =
    R"({"status":"ignored","ignoreCount":2,"ignoreWindow":60})";
inline constexpr const char* kTwoUsers = R"({"status":"ignored","ignoreUserCount":2})";
inline constexpr const char* kTwoUsersInAnHour =
    R"({"status":"ignored","ignoreUserCount":2,"ignoreUserWindow":60})";
inline constexpr const char* kFor10Years = R"({"status":"ignored","ignoreDuration":5000000})";
inline constexpr const char* kUnresolve = R"({"status":"unresolved"})";
inline constexpr const char* kTimeIsUp =
    "update tenant.issue_snooze set until = now() - interval '1 second' where issue_id = {i}";
inline constexpr const char* kWeekLater =
    "update tenant.issue set first_seen = first_seen - interval '8 days', "
    "status_changed_at = status_changed_at - interval '8 days' where id = {i}";

inline const std::vector<Row> kRows = {
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

}  // namespace mishap::triage_table

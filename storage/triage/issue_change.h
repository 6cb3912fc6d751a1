// Triage: what people do to issues (web-api 2.5 and 2.6). Changes state, personal flags and what
// hangs on them, and writes activities and effects, in one transaction with row locks in id order.
// What an arriving event does to an issue: reopening.h.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "storage/read_issues.h"
#include "storage/triage/reopening.h"

namespace mishap {

// "Resolved in ...": kPlain for a resolve without conditions.
struct ResolutionChange {
  ResolutionKind kind = ResolutionKind::kPlain;
  std::int32_t release_id = 0;  // tenant.project_release: the one it is resolved in, or after
  std::string version;          // of release_id
  std::string current_version;  // kNextRelease: the greatest version now
  std::string repository;       // kCommit
  std::string commit_id;
};

// When an ignored issue comes back by itself. Windows in minutes.
struct SnoozeChange {
  std::optional<Timestamp> until;
  std::optional<std::int64_t> times;
  std::optional<std::int64_t> window_min;
  std::optional<std::int64_t> users;
  std::optional<std::int64_t> user_window_min;
  bool until_escalating = false;
};

struct StatusChange {
  IssueStatus status = IssueStatus::kUnresolved;
  // kNone for unresolved: chosen per issue (new, ongoing or regressed).
  IssueSubstatus substatus = IssueSubstatus::kNone;
  std::string details = "{}";  // JSON object: what statusDetails shows
  ResolutionChange resolution;
  std::optional<SnoozeChange> snooze;
  std::string activity;                 // kind of the activity row
  std::string activity_details = "{}";  // JSON object
  bool always = false;     // also issues that are in this status already (details were given)
  bool is_single = false;  // one issue was named: a resolved one becomes regressed, not ongoing
};

// Both none: nobody.
struct Assignee {
  UserId user;
  std::int64_t team = 0;
  std::string name;   // shown in the activity
  std::string email;  // of users
};

struct IssueChange {
  std::optional<StatusChange> status;
  std::optional<Assignee> assignee;
  std::optional<bool> seen;  // the personal ones: of the scope's user, passed over without one
  std::optional<IssuePriority> priority;
  std::optional<bool> bookmarked;
  std::optional<bool> subscribed;
  std::optional<bool> is_public;
  std::optional<bool> in_inbox;  // false: reviewed
  Timestamp now;
};

struct IssueChangeDone {
  std::vector<IssueId> found;    // the issues that fit, changed or not
  std::vector<IssueId> changed;  // sorted
};

// ids: merged ones are not followed. Those outside the scope, unknown, deleted or merged are passed
// over.
Result<IssueChangeDone> ChangeIssues(Session& session, const Scope& scope,
                                     const std::vector<IssueId>& ids, const IssueChange& change);

// Hides the issues at once and frees their fingerprints: the next event of the kind makes a new
// issue. The rows go in the background (PurgeDeletedIssues). Returns those that were there.
Result<std::vector<IssueId>> DeleteIssues(Session& session, const Scope& scope,
                                          const std::vector<IssueId>& ids);
// Removes what is left of at most `issues_max` deleted issues; events leave with their day.
// Returns how many went.
Result<int> PurgeDeletedIssues(Session& session, int issues_max);

}  // namespace mishap

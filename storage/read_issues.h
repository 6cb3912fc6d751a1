// Issues: the list with its filter, one issue, its hours and its activity.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"
#include "storage/search/search_tree.h"

namespace mishap {

// Numbers as tenant.issue stores them.
enum class IssueStatus : std::int16_t {
  kUnresolved = 0,
  kResolved = 1,
  kIgnored = 2,
  kMerged = 3,
  kDeleted = 4
};
enum class IssueSubstatus : std::int16_t {
  kNone = 0,
  kNew = 1,
  kOngoing = 2,
  kRegressed = 3,
  kEscalating = 4,
  kArchivedUntilEscalating = 5,
  kArchivedUntilConditionMet = 6,
  kArchivedForever = 7
};

enum class IssuePriority : std::int16_t { kLow = 1, kMedium = 2, kHigh = 3 };

struct IssueRow {
  ProjectId project;
  IssueId id;
  IssueStatus status = IssueStatus::kUnresolved;
  IssueSubstatus substatus = IssueSubstatus::kNone;
  std::string status_details;  // JSON object
  std::optional<Timestamp> resolved_at;
  IssuePriority priority = IssuePriority::kHigh;
  std::optional<Timestamp> priority_locked_at;  // a person chose it
  UserId assigned_user;                         // one of the two, or none
  std::int64_t assigned_team = 0;
  int level = 40;  // as event/event.h's Level
  std::string type;
  std::string platform;
  std::string logger;
  std::string title;
  std::string culprit;
  std::string metadata;  // JSON object
  bool is_unhandled = false;
  Timestamp first_seen;
  Timestamp last_seen;
  EventId last_event_id;
  std::string first_release;  // empty: none
  std::string last_release;
  std::int64_t times_seen = 0;
  std::int64_t users_seen = 0;
};

enum class IssueSort {
  kLastSeen,
  kFirstSeen,
  kEvents,       // events in the window
  kUsers,        // users in the window: those of its days added up, at most all there were
  kTrends,       // events of the last day against those of the week before
  kRecommended,  // last seen, with a bonus for severity and number of events
  kInbox         // when it came up for review
};

// All conditions hold together.
struct IssueFilter {
  bool nothing = false;  // no issue fits
  SearchNode search;
  std::vector<std::string> environments;  // seen in one of them; "" = without one; empty: any
  std::vector<IssueId> ids;               // empty: any
  Timestamp start;                        // last_seen >= start and first_seen <= end
  Timestamp end;
  bool until_now = false;  // nothing can have been seen after `end`
};

// A row and where it stands in the list: sort_key is micros for times, a count otherwise.
struct ListedIssue {
  IssueRow issue;
  std::int64_t sort_key = 0;
};

struct IssuePosition {
  std::int64_t sort_key = 0;
  IssueId id;
  bool backwards = false;  // the rows before this one instead of after
};

struct IssueList {
  std::vector<ListedIssue> rows;  // largest (sort_key, id) first
  bool has_more = false;          // beyond the last row, in the direction asked
  bool is_dear = false;           // the search looked at events issue by issue
};

Result<IssueList> ListIssues(Session& session, const Scope& scope, const IssueFilter& filter,
                             IssueSort sort, const std::optional<IssuePosition>& position,
                             int limit);
// How many fit, counted up to `max`: kIssueHitsMax, or kEventHitsMax where each issue's events have
// to be looked at.
struct IssueCount {
  std::int64_t hits = 0;
  std::int64_t max = 0;
};
inline constexpr std::int64_t kIssueHitsMax = 1000;
inline constexpr std::int64_t kEventHitsMax = 100;
Result<IssueCount> CountIssues(Session& session, const Scope& scope, const IssueFilter& filter);

// Follows merges. not_found outside the scope, for deleted and unknown issues.
Result<IssueRow> ReadIssue(Session& session, const Scope& scope, IssueId id);

// Which part of the hour counters: whole hours from start's to end's; environments empty = all, ""
// = without one.
struct CountWindow {
  Timestamp start;
  Timestamp end;
  std::vector<std::string> environments;
};
struct IssueBucket {
  IssueId issue;
  Timestamp start;
  std::int64_t count = 0;
};
// Events per bucket of `bucket_s` seconds (a multiple of an hour), by issue and time; empty buckets
// are left out.
Result<std::vector<IssueBucket>> ReadIssueBuckets(Session& session, const Scope& scope,
                                                  const std::vector<IssueId>& issues,
                                                  const CountWindow& window, std::int64_t bucket_s);
// Events in the window per issue that had any.
Result<std::unordered_map<IssueId, std::int64_t>> ReadIssueTotals(
    Session& session, const Scope& scope, const std::vector<IssueId>& issues,
    const CountWindow& window);

// Different users in the window (whole days of UTC) per issue that had any; an estimate above 256.
Result<std::unordered_map<IssueId, std::int64_t>> ReadIssueUsers(Session& session,
                                                                 const Scope& scope,
                                                                 const std::vector<IssueId>& issues,
                                                                 const CountWindow& window);
// Those whose newest event came with files.
Result<std::unordered_set<IssueId>> ReadIssuesWithAttachments(Session& session, const Scope& scope,
                                                              const std::vector<IssueId>& issues);

struct ActivityRow {
  std::string id;  // 32 hex digits
  std::string kind;
  std::string details;  // JSON object
  Timestamp created_at;
  std::optional<std::int64_t> user_id;
  std::string user_name;
  std::string user_email;
};
// Newest first, at most 100.
Result<std::vector<ActivityRow>> ReadActivity(Session& session, const Scope& scope, IssueId issue);

struct ReleaseRow {
  std::int64_t id = 0;
  std::string version;
  Timestamp first_seen;
};
// nullopt when the project has no such release; an empty version asks for the newest.
Result<std::optional<ReleaseRow>> ReadRelease(Session& session, const Scope& scope,
                                              ProjectId project, const std::string& version);

}  // namespace mishap

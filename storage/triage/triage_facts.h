// What triage has put on issues, as lists and details show it: assignee, comments, the caller's own
// flags, what a resolve or a snooze waits for. Beside read_issues.h, which knows the issues.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/read_issues.h"
#include "storage/triage/reopening.h"

namespace mishap {

struct PersonRow {
  std::int64_t id = 0;  // 0: nobody, or a user who is gone
  std::string name;
  std::string email;
};

struct SnoozeFacts {
  std::optional<Timestamp> until;
  std::optional<std::int64_t> times;  // what remains, at least 0; of windows the whole
  std::optional<std::int64_t> window_min;
  std::optional<std::int64_t> users;
  std::optional<std::int64_t> user_window_min;
};

struct TriageFacts {
  PersonRow assigned_user;  // one of the two, or none
  std::int64_t assigned_team = 0;
  std::string team_slug;
  std::int64_t comments = 0;
  bool bookmarked = false;  // these four: of the scope's user
  std::optional<bool> subscribed;
  std::string subscription_reason;
  bool seen = false;
  std::string share_id;  // 32 hex digits; empty: not shared
  ResolutionKind resolution = ResolutionKind::kPlain;
  std::string resolution_version;
  std::string repository;
  std::string commit_id;
  std::optional<SnoozeFacts> snooze;
  PersonRow decided_by;  // who resolved or archived
  std::optional<int> inbox_reason;
  std::optional<Timestamp> inbox_at;
};

// Issues outside the scope are left out.
Result<std::unordered_map<IssueId, TriageFacts>> ReadTriageFacts(Session& session,
                                                                 const Scope& scope,
                                                                 const std::vector<IssueId>& ids);

struct IssueViewer {
  PersonRow person;
  Timestamp seen_at;
};
// Who has looked at it, newest first; at most 100.
Result<std::vector<IssueViewer>> ReadViewers(Session& session, const Scope& scope, IssueId issue);
// Who follows it, by id; at most 100.
Result<std::vector<PersonRow>> ReadParticipants(Session& session, const Scope& scope,
                                                IssueId issue);
// The issue behind a shared address; nullopt: none, or no longer. Needs no scope: the address is
// the permission.
Result<std::optional<IssueId>> FindSharedIssue(Session& session, const std::string& share_id,
                                               OrganizationId organization);

// How many issues came back in each of these releases; every version asked for is there.
Result<std::map<std::string, std::int64_t>> CountRegressed(
    Session& session, const Scope& scope, const std::vector<std::string>& versions);

// Issues that are resolved in this release, or by a commit in it; at most kResolvedIssuesMax.
inline constexpr int kResolvedIssuesMax = 10'000;
Result<std::vector<IssueId>> ReadIssuesResolvedIn(Session& session, const Scope& scope,
                                                  const std::string& version);

}  // namespace mishap

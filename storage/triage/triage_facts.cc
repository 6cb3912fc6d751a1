#include "storage/triage/triage_facts.h"

#include <algorithm>

#include "storage/read_rows.h"

namespace mishap {
namespace {

std::optional<std::int64_t> CallerOf(const Scope& scope) {
  if (!scope.User()) return std::nullopt;
  return scope.User().value;
}

std::optional<std::int64_t> NumberOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<std::int64_t>();
}

PersonRow PersonOf(const pqxx::field& id, const pqxx::field& name, const pqxx::field& email) {
  return {id.as<std::int64_t>(0), TextOf(name), TextOf(email)};
}

SnoozeFacts SnoozeOf(const pqxx::row& row) {
  SnoozeFacts out;
  out.until = OptionalTimestampOf(row["until"]);
  out.times = NumberOf(row["times"]);
  out.window_min = NumberOf(row["window_min"]);
  out.users = NumberOf(row["users"]);
  out.user_window_min = NumberOf(row["user_window_min"]);
  auto left = [&](std::optional<std::int64_t>& count, const char* now, const char* base) {
    const auto gone = row[now].as<std::int64_t>() - row[base].as<std::int64_t>();
    count = std::max<std::int64_t>(0, *count - gone);
  };
  if (out.times && !out.window_min) left(out.times, "times_seen", "times_seen_base");
  if (out.users && !out.user_window_min) left(out.users, "users_seen", "users_seen_base");
  return out;
}

TriageFacts FactsOf(const pqxx::row& row) {
  TriageFacts out;
  out.assigned_user =
      PersonOf(row["assigned_user_id"], row["assigned_name"], row["assigned_email"]);
  out.assigned_team = row["assigned_team_id"].as<std::int64_t>(0);
  out.team_slug = TextOf(row["team_slug"]);
  out.comments = row["comments"].as<std::int64_t>();
  out.bookmarked = row["bookmarked"].as<bool>();
  if (!row["subscribed"].is_null()) out.subscribed = row["subscribed"].as<bool>();
  out.subscription_reason = TextOf(row["reason"]);
  out.seen = row["seen"].as<bool>();
  out.share_id = TextOf(row["share_id"]);
  out.resolution = static_cast<ResolutionKind>(row["resolution"].as<int>());
  out.resolution_version = TextOf(row["resolution_version"]);
  out.repository = TextOf(row["repository"]);
  out.commit_id = TextOf(row["commit_id"]);
  if (row["is_snoozed"].as<bool>()) out.snooze = SnoozeOf(row);
  out.decided_by = PersonOf(row["decided_by"], row["decided_name"], row["decided_email"]);
  if (!row["inbox_reason"].is_null()) {
    out.inbox_reason = row["inbox_reason"].as<int>();
    out.inbox_at = TimestampOf(row["inbox_at"]);
  }
  return out;
}

}  // namespace

Result<std::unordered_map<IssueId, TriageFacts>> ReadTriageFacts(Session& session,
                                                                 const Scope& scope,
                                                                 const std::vector<IssueId>& ids) {
  std::unordered_map<IssueId, TriageFacts> out;
  if (ids.empty()) return out;
  return Read(session, [&](Work& work) {
    for (const auto& row : work.Run("triage_facts", ArrayParam(scope.Projects()),
                                    ArrayParam(NumbersOf(ids)), CallerOf(scope))) {
      out.emplace(IssueId{row["id"].as<std::int64_t>()}, FactsOf(row));
    }
    return out;
  });
}

Result<std::vector<IssueViewer>> ReadViewers(Session& session, const Scope& scope, IssueId issue) {
  return Read(session, [&](Work& work) {
    std::vector<IssueViewer> out;
    for (const auto& row :
         work.Run("triage_viewers", ArrayParam(scope.Projects()), ArrayParam(NumbersOf({issue})))) {
      out.push_back({PersonOf(row[0], row[1], row[2]), TimestampOf(row[3])});
    }
    return out;
  });
}

Result<std::vector<PersonRow>> ReadParticipants(Session& session, const Scope& scope,
                                                IssueId issue) {
  return Read(session, [&](Work& work) {
    std::vector<PersonRow> out;
    for (const auto& row : work.Run("triage_participants", ArrayParam(scope.Projects()),
                                    ArrayParam(NumbersOf({issue})))) {
      out.push_back(PersonOf(row[0], row[1], row[2]));
    }
    return out;
  });
}

Result<std::optional<IssueId>> FindSharedIssue(Session& session, const std::string& share_id,
                                               OrganizationId organization) {
  return Read(session, [&](Work& work) -> std::optional<IssueId> {
    auto rows = work.Run("triage_shared", share_id, organization);
    if (rows.empty()) return std::nullopt;
    return IssueId{rows[0][0].as<std::int64_t>()};
  });
}

Result<std::map<std::string, std::int64_t>> CountRegressed(
    Session& session, const Scope& scope, const std::vector<std::string>& versions) {
  return Read(session, [&](Work& work) {
    std::map<std::string, std::int64_t> out;
    for (const auto& version : versions) out[version] = 0;
    for (const auto& row :
         work.Run("triage_regressed", ArrayParam(scope.Projects()), ArrayParam(versions))) {
      out[TextOf(row[0])] = row[1].as<std::int64_t>();
    }
    return out;
  });
}

Result<std::vector<IssueId>> ReadIssuesResolvedIn(Session& session, const Scope& scope,
                                                  const std::string& version) {
  return Read(session, [&](Work& work) {
    std::vector<IssueId> out;
    const auto rows = work.Run("triage_resolved_in", ArrayParam(scope.Projects()), version,
                               scope.Organization(), kResolvedIssuesMax);
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back({row[0].as<std::int64_t>()});
    return out;
  });
}

}  // namespace mishap

#include "storage/read_issues.h"

#include "storage/read_rows.h"

namespace mishap {
namespace {

constexpr int kMergeStepsMax = 10;

}  // namespace

IssueRow IssueRowOf(const pqxx::row& row) {
  IssueRow out;
  out.project = {row["project_id"].as<std::int64_t>()};
  out.id = {row["id"].as<std::int64_t>()};
  out.status = static_cast<IssueStatus>(row["status"].as<int>());
  out.substatus = static_cast<IssueSubstatus>(row["substatus"].as<int>());
  out.status_details = TextOf(row["status_details"]);
  out.resolved_at = OptionalTimestampOf(row["resolved_at"]);
  out.priority = static_cast<IssuePriority>(row["priority"].as<int>());
  out.priority_locked_at = OptionalTimestampOf(row["priority_locked_at"]);
  out.assigned_user = {row["assigned_user_id"].as<std::int64_t>(0)};
  out.assigned_team = row["assigned_team_id"].as<std::int64_t>(0);
  out.level = row["level"].as<int>();
  out.type = TextOf(row["type"]);
  out.platform = TextOf(row["platform"]);
  out.logger = TextOf(row["logger"]);
  out.title = TextOf(row["title"]);
  out.culprit = TextOf(row["culprit"]);
  out.metadata = TextOf(row["metadata"]);
  out.is_unhandled = row["is_unhandled"].as<bool>();
  out.first_seen = TimestampOf(row["first_seen"]);
  out.last_seen = TimestampOf(row["last_seen"]);
  out.last_event_id = EventIdOf(row["last_event_id"]);
  out.first_release = TextOf(row["first_release"]);
  out.last_release = TextOf(row["last_release"]);
  out.times_seen = row["times_seen"].as<std::int64_t>();
  out.users_seen = row["users_seen"].as<std::int64_t>();
  return out;
}

Result<IssueRow> ReadIssue(Session& session, const Scope& scope, IssueId id) {
  return Read(session, [&](Work& work) -> Result<IssueRow> {
    IssueId wanted = id;
    for (int step = 0; step < kMergeStepsMax; ++step) {
      auto rows = work.Run("issue_by_id", ArrayParam(scope.Projects()), wanted);
      if (rows.empty()) break;
      auto issue = IssueRowOf(rows[0]);
      if (issue.status != IssueStatus::kMerged) return issue;
      if (rows[0]["merged_into"].is_null()) break;
      wanted = {rows[0]["merged_into"].as<std::int64_t>()};
    }
    return Fail(Reason::kNotFound, "no such issue");
  });
}

Result<std::vector<IssueBucket>> ReadIssueBuckets(Session& session, const Scope& scope,
                                                  const std::vector<IssueId>& issues,
                                                  const CountWindow& window,
                                                  std::int64_t bucket_s) {
  if (issues.empty()) return std::vector<IssueBucket>();
  return Read(session, [&](Work& work) {
    std::vector<IssueBucket> out;
    for (const auto& row :
         work.Run("issue_buckets", ArrayParam(scope.Projects()), ArrayParam(NumbersOf(issues)),
                  window.start, window.end, NamesParam(window.environments), bucket_s)) {
      out.push_back({{row["issue_id"].as<std::int64_t>()},
                     TimestampOf(row["bucket"]),
                     row["times_seen"].as<std::int64_t>()});
    }
    return out;
  });
}

Result<std::unordered_map<IssueId, std::int64_t>> ReadIssueTotals(
    Session& session, const Scope& scope, const std::vector<IssueId>& issues,
    const CountWindow& window) {
  if (issues.empty()) return std::unordered_map<IssueId, std::int64_t>();
  return Read(session, [&](Work& work) {
    std::unordered_map<IssueId, std::int64_t> out;
    for (const auto& row :
         work.Run("issue_totals", ArrayParam(scope.Projects()), ArrayParam(NumbersOf(issues)),
                  window.start, window.end, NamesParam(window.environments))) {
      out[{row["issue_id"].as<std::int64_t>()}] = row["times_seen"].as<std::int64_t>();
    }
    return out;
  });
}

ActivityRow ActivityRowOf(const pqxx::row& row) {
  ActivityRow activity;
  activity.id = ToHex(EventIdOf(row["id"]));
  activity.kind = TextOf(row["kind"]);
  activity.details = TextOf(row["details"]);
  activity.created_at = TimestampOf(row["created_at"]);
  if (!row["user_id"].is_null()) activity.user_id = row["user_id"].as<std::int64_t>();
  activity.user_name = TextOf(row["user_name"]);
  activity.user_email = TextOf(row["user_email"]);
  return activity;
}

Result<std::vector<ActivityRow>> ReadActivity(Session& session, const Scope& scope, IssueId issue) {
  return Read(session, [&](Work& work) {
    std::vector<ActivityRow> out;
    for (const auto& row : work.Run("issue_activity", ArrayParam(scope.Projects()), issue)) {
      out.push_back(ActivityRowOf(row));
    }
    return out;
  });
}

Result<std::optional<ReleaseRow>> ReadRelease(Session& session, const Scope& scope,
                                              ProjectId project, const std::string& version) {
  return Read(session, [&](Work& work) {
    std::optional<ReleaseRow> out;
    auto rows = work.Run("release_by_version", ArrayParam(scope.Projects()), version, project);
    if (rows.empty()) return out;
    out = ReleaseRow{rows[0]["id"].as<std::int64_t>(), TextOf(rows[0]["version"]),
                     TimestampOf(rows[0]["first_seen"])};
    return out;
  });
}

}  // namespace mishap

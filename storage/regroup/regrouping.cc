#include "storage/regroup/regrouping.h"

#include <fmt/format.h>

#include <utility>

#include "base/crash_point.h"
#include "base/json_writer.h"
#include "storage/read_rows.h"
#include "storage/user_sketch.h"

namespace mishap::regroup {
namespace {

Row RowOf(const pqxx::row& row) {
  Row out;
  out.id = row["id"].as<std::int64_t>();
  out.issue = row["issue_id"].as<std::int64_t>();
  out.kind = row["kind"].as<int>();
  out.state = row["state"].as<int>();
  out.origin = row["origin"].as<int>();
  out.no_alias = row["no_alias"].as<bool>();
  out.hash = BytesOf(row["hash"]);
  if (!row["alias_hash"].is_null()) out.alias = BytesOf(row["alias_hash"]);
  if (!row["split_of"].is_null()) out.split_of = row["split_of"].as<std::int64_t>();
  if (!row["heir_of"].is_null()) out.heir_of = row["heir_of"].as<std::int64_t>();
  return out;
}

std::vector<Row> RowsIn(const pqxx::result& found) {
  std::vector<Row> out;
  for (const auto& row : found) out.push_back(RowOf(row));
  return out;
}

Issue IssueOf(const pqxx::row& row) {
  Issue out;
  out.id = row["id"].as<std::int64_t>();
  out.status = row["status"].as<int>();
  out.substatus = row["substatus"].as<int>();
  if (!row["merged_into"].is_null()) out.merged_into = row["merged_into"].as<std::int64_t>();
  out.times_seen = row["times_seen"].as<std::int64_t>();
  out.first_seen = TimestampOf(row["first_seen"]);
  out.last_event = EventIdOf(row["last_event_id"]);
  out.is_flood = row["is_flood"].as<bool>();
  return out;
}

// '{"\\xab.."}' for bytea[].
std::string BytesArray(const std::set<std::string>& values) {
  std::string out = "{";
  for (const std::string& value : values) {
    if (out.size() > 1) out += ',';
    out += "\"\\\\x";
    for (unsigned char c : value) out += fmt::format("{:02x}", c);
    out += '"';
  }
  return out + "}";
}

}  // namespace

Status CheckScope(const Scope& scope, ProjectId project) {
  if (scope.Sees(project)) return {};
  return Fail(Reason::kNotFound, "no such project");
}

Regrouping::Regrouping(Work& work, const Scope& scope, ProjectId project, Timestamp now)
    : work_(work), scope_(scope), project_(project.value), now_(now) {
  work_.Run("regroup_lock_project", project_);
}

std::optional<std::int64_t> Regrouping::User() const {
  if (!scope_.User()) return std::nullopt;
  return scope_.User().value;
}

void Regrouping::LockRows(const std::vector<std::int64_t>& ids,
                          const std::vector<std::int64_t>& issues) {
  work_.Run("regroup_lock_rows", project_, ArrayParam(ids), ArrayParam(issues));
}

Result<std::vector<Row>> Regrouping::RowsOf(const std::vector<std::int64_t>& issues) {
  auto rows = RowsIn(work_.Run("regroup_rows_of_issues", project_, ArrayParam(issues),
                               static_cast<std::int64_t>(kRegroupRowsMax + 1)));
  if (rows.size() > kRegroupRowsMax) {
    return Fail(Reason::kTooLarge,
                fmt::format("these issues have more than {} hashes; take fewer issues at a time",
                            kRegroupRowsMax));
  }
  return rows;
}

std::vector<Row> Regrouping::RowsById(const std::vector<std::int64_t>& ids) {
  return RowsIn(work_.Run("regroup_rows_by_id", project_, ArrayParam(ids)));
}

std::vector<Row> Regrouping::RowsOfSplits(const std::vector<std::int64_t>& site_rows) {
  return RowsIn(work_.Run("regroup_rows_of_splits", project_, ArrayParam(site_rows)));
}

std::vector<Row> Regrouping::AliasRows(const std::set<std::string>& hashes) {
  if (hashes.empty()) return {};
  return RowsIn(work_.Run("regroup_alias_rows", project_, BytesArray(hashes)));
}

std::vector<Issue> Regrouping::Issues(const std::vector<std::int64_t>& ids) {
  std::vector<Issue> out;
  for (const auto& row : work_.Run("regroup_issues", project_, ArrayParam(ids))) {
    out.push_back(IssueOf(row));
    shown_[out.back().id] = out.back().last_event;
  }
  return out;
}

void Regrouping::Change(const Row& before, const Row& after) {
  rows_.emplace_back(before, after);
}

void Regrouping::Change(const Issue& before, const Issue& after) {
  issues_.emplace_back(before, after);
}

void Regrouping::Redirect(const std::vector<std::int64_t>& from, std::int64_t to) {
  for (const auto& row : work_.Run("regroup_redirects", project_, ArrayParam(from))) {
    const Issue before = IssueOf(row);
    Issue after = before;
    after.merged_into = to;
    Change(before, after);
  }
}

void Regrouping::Write() {
  std::vector<std::int64_t> ids, issues, states, origins, no_alias;
  for (const auto& [before, row] : rows_) {
    ids.push_back(row.id);
    issues.push_back(row.issue);
    states.push_back(row.state);
    origins.push_back(row.origin);
    no_alias.push_back(row.no_alias ? 1 : 0);
  }
  work_.Run("regroup_set_rows", project_, ArrayParam(ids), ArrayParam(issues), ArrayParam(states),
            ArrayParam(origins), ArrayParam(no_alias));
  std::vector<std::int64_t> issue_ids, statuses, substatuses, targets;
  for (const auto& [before, issue] : issues_) {
    issue_ids.push_back(issue.id);
    statuses.push_back(issue.status);
    substatuses.push_back(issue.substatus);
    targets.push_back(issue.merged_into);
  }
  work_.Run("regroup_set_issues", project_, ArrayParam(issue_ids), ArrayParam(statuses),
            ArrayParam(substatuses), ArrayParam(targets));
  work_.Run("triage_notify", std::to_string(project_));
}

std::vector<std::int64_t> Regrouping::NewIssues(std::int64_t like, std::size_t count) {
  std::vector<std::int64_t> out;
  for (const auto& row :
       work_.Run("regroup_new_issues", project_, like, static_cast<std::int64_t>(count))) {
    out.push_back(row[0].as<std::int64_t>());
    shown_[out.back()] = shown_[like];
  }
  made_.insert(made_.end(), out.begin(), out.end());
  return out;
}

std::int64_t Regrouping::Users(std::int64_t issue) {
  UserSketch all;
  for (const auto& row : work_.Run("regroup_users", project_, issue)) {
    // A damaged sketch costs this number, not the action: the digest tells of it.
    if (auto sketch = UserSketch::Parse(BytesOf(row[0]))) all.Merge(*sketch);
  }
  return static_cast<std::int64_t>(all.Estimate());
}

void Regrouping::Recompute(std::int64_t issue, const std::vector<std::int64_t>& donors,
                           const FaceReader* faces) {
  work_.Run("regroup_forget_sketch", project_, issue);
  const auto rows = work_.Run("regroup_summary", project_, issue, Users(issue));
  if (rows.empty()) {
    work_.Run("regroup_summary_empty", project_, issue);
    return;
  }
  const EventId newest = EventIdOf(rows[0]["last_event_id"]);
  if (shown_[issue] == newest) return;
  for (std::int64_t donor : donors) {
    if (donor != issue && shown_[donor] == newest &&
        !work_.Run("regroup_face_of_issue", project_, issue, donor, newest).empty()) {
      return;
    }
  }
  if (faces != nullptr) Face(issue, rows[0], *faces);
}

void Regrouping::Face(std::int64_t issue, const pqxx::row& newest, const FaceReader& faces) {
  const auto rows =
      work_.Run("regroup_payload", project_, EventIdOf(newest["last_event_id"]),
                TimestampOf(newest["last_seen"]), newest["hash_row"].as<std::int64_t>());
  if (rows.empty() || rows[0][0].is_null()) return;
  const auto face = faces(ProjectId{project_}, BytesOf(rows[0][0]));
  if (!face) return;
  work_.Run("regroup_face", project_, issue, face->level, face->type, face->platform, face->logger,
            face->title, face->culprit, face->metadata_json, face->is_unhandled);
}

void Regrouping::Activity(std::int64_t issue, const char* kind, const std::string& details) {
  work_.Run("regroup_activity", project_, issue, kind, User(), details, now_);
}

std::string Regrouping::DetailsJson() const {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Key("rows").BeginArray();
  for (const auto& [before, after] : rows_) {
    json.BeginObject().Field("id", before.id).Field("issue_id", before.issue);
    json.Field("state", before.state).Field("origin", before.origin);
    json.Field("no_alias", before.no_alias).Field("to_issue_id", after.issue);
    json.Field("to_state", after.state).EndObject();
  }
  json.EndArray().Key("issues").BeginArray();
  for (const auto& [before, after] : issues_) {
    json.BeginObject().Field("id", before.id).Field("status", before.status);
    json.Field("substatus", before.substatus).Field("merged_into", before.merged_into);
    json.EndObject();
  }
  json.EndArray().EndObject();
  return out;
}

std::string Regrouping::WriteLog(const char* action, const std::vector<std::int64_t>& from,
                                 std::optional<std::int64_t> to) {
  std::vector<std::int64_t> ids;
  for (const auto& [before, after] : rows_) ids.push_back(after.id);
  const auto rows = work_.Run("regroup_log_insert", project_, action, User(), ArrayParam(from), to,
                              ArrayParam(made_), ArrayParam(ids), DetailsJson(), now_);
  CrashPoint("regroup-before-commit");
  return ToHex(EventIdOf(rows[0][0]));
}

}  // namespace mishap::regroup

#include "storage/triage/change_json.h"

#include "base/json_writer.h"
#include "storage/read_rows.h"

namespace mishap {
namespace {

void Number(JsonWriter& json, std::string_view name, const std::optional<std::int64_t>& value) {
  if (value) json.Field(name, *value);
}

void Flag(JsonWriter& json, std::string_view name, const std::optional<bool>& value) {
  if (value) json.Field(name, *value);
}

void WriteStatus(const StatusChange& status, JsonWriter& json) {
  json.Field("status", static_cast<int>(status.status));
  json.Field("substatus", static_cast<int>(status.substatus));
  json.Key("details").Raw(status.details);
  json.Field("always", status.always).Field("activity", status.activity);
  json.Key("activity_details").Raw(status.activity_details);
  const auto& resolution = status.resolution;
  json.Field("resolution", static_cast<int>(resolution.kind));
  json.Field("release_id", resolution.release_id).Field("version", resolution.version);
  json.Field("current_version", resolution.current_version);
  json.Field("repository", resolution.repository).Field("commit_id", resolution.commit_id);
  json.Field("has_snooze", status.snooze.has_value());
  if (!status.snooze) return;
  const auto& snooze = *status.snooze;
  if (snooze.until) json.Field("until", *snooze.until);
  Number(json, "times", snooze.times);
  Number(json, "window_min", snooze.window_min);
  Number(json, "users", snooze.users);
  Number(json, "user_window_min", snooze.user_window_min);
  json.Field("until_escalating", snooze.until_escalating);
}

std::optional<std::int64_t> NumberOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<std::int64_t>();
}

std::optional<bool> FlagOf(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return field.as<bool>();
}

StatusChange StatusOf(const pqxx::row& row) {
  StatusChange out;
  out.status = static_cast<IssueStatus>(row["status"].as<int>());
  out.substatus = static_cast<IssueSubstatus>(row["substatus"].as<int>());
  out.details = TextOf(row["details"]);
  out.always = row["always"].as<bool>();
  out.activity = TextOf(row["activity"]);
  out.activity_details = TextOf(row["activity_details"]);
  auto& resolution = out.resolution;
  resolution.kind = static_cast<ResolutionKind>(row["resolution"].as<int>());
  resolution.release_id = row["release_id"].as<std::int32_t>();
  resolution.version = TextOf(row["version"]);
  resolution.current_version = TextOf(row["current_version"]);
  resolution.repository = TextOf(row["repository"]);
  resolution.commit_id = TextOf(row["commit_id"]);
  if (!row["has_snooze"].as<bool>()) return out;
  SnoozeChange snooze;
  snooze.until = OptionalTimestampOf(row["until"]);
  snooze.times = NumberOf(row["times"]);
  snooze.window_min = NumberOf(row["window_min"]);
  snooze.users = NumberOf(row["users"]);
  snooze.user_window_min = NumberOf(row["user_window_min"]);
  snooze.until_escalating = row["until_escalating"].as<bool>();
  out.snooze = snooze;
  return out;
}

}  // namespace

std::string WriteIssueChangeJson(const IssueChange& change) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (change.status) WriteStatus(*change.status, json);
  json.Field("has_assignee", change.assignee.has_value());
  if (change.assignee) {
    json.Field("assigned_user", change.assignee->user.value);
    json.Field("assigned_team", change.assignee->team);
    json.Field("assignee_name", change.assignee->name);
    json.Field("assignee_email", change.assignee->email);
  }
  if (change.priority) json.Field("priority", static_cast<int>(*change.priority));
  Flag(json, "seen", change.seen);
  Flag(json, "bookmarked", change.bookmarked);
  Flag(json, "subscribed", change.subscribed);
  Flag(json, "is_public", change.is_public);
  Flag(json, "in_inbox", change.in_inbox);
  json.EndObject();
  return out;
}

IssueChange IssueChangeOf(const pqxx::row& row) {
  IssueChange out;
  if (!row["status"].is_null()) out.status = StatusOf(row);
  if (row["has_assignee"].as<bool>(false)) {
    Assignee assignee;
    assignee.user = {row["assigned_user"].as<std::int64_t>()};
    assignee.team = row["assigned_team"].as<std::int64_t>();
    assignee.name = TextOf(row["assignee_name"]);
    assignee.email = TextOf(row["assignee_email"]);
    out.assignee = std::move(assignee);
  }
  if (!row["priority"].is_null()) {
    out.priority = static_cast<IssuePriority>(row["priority"].as<int>());
  }
  out.seen = FlagOf(row["seen"]);
  out.bookmarked = FlagOf(row["bookmarked"]);
  out.subscribed = FlagOf(row["subscribed"]);
  out.is_public = FlagOf(row["is_public"]);
  out.in_inbox = FlagOf(row["in_inbox"]);
  return out;
}

}  // namespace mishap

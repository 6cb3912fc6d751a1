#include "api/issue_shape.h"

#include "api/entry_parts.h"
#include "api/event_shape.h"
#include "api/object_shapes.h"
#include "api/short_id.h"
#include "api/triage/triage_shape.h"
#include "event/event.h"

namespace mishap {
namespace {

constexpr std::size_t kBucketsMax = 10'000;

void EmptyArrays(JsonWriter& json, std::initializer_list<std::string_view> names) {
  for (auto name : names) json.Key(name).BeginArray().EndArray();
}

void WriteProjectRef(const ProjectRow& project, JsonWriter& json) {
  json.Key("project").BeginObject().Field("id", std::to_string(project.id.value));
  json.Field("name", project.name).Field("slug", project.slug);
  TextOrNull(json, "platform", project.platform);
  json.EndObject();
}

// What a new issue of this level gets (storage/queries/digest.sql).
std::string_view FirstPriority(int level) {
  if (level >= static_cast<int>(Level::kError)) return "high";
  return level >= static_cast<int>(Level::kWarning) ? "medium" : "low";
}

void WriteStats(const IssueView& view, JsonWriter& json) {
  json.Key("stats").BeginObject();
  for (const auto& [name, series] : view.stats) {
    json.Key(name);
    WriteSeries(series, json);
  }
  json.EndObject();
}

const TriageFacts kUntouched;

const TriageFacts& FactsOf(const IssueView& view) {
  return view.triage ? *view.triage : kUntouched;
}

void WriteTriageFields(const IssueView& view, JsonWriter& json) {
  const auto& issue = view.issue;
  json.Field("status", StatusName(issue.status)).Key("statusDetails");
  WriteStatusDetails(issue, FactsOf(view), json);
  TextOrNull(json, "substatus", SubstatusName(issue.substatus));
  json.Field("isPublic", !FactsOf(view).share_id.empty());
}

// Users with one more field, when they last looked.
void WriteViewers(const std::vector<IssueViewer>& viewers, JsonWriter& json) {
  json.Key("seenBy").BeginArray();
  for (const auto& viewer : viewers) {
    json.BeginObject().Field("id", std::to_string(viewer.person.id));
    TextOrNull(json, "name", viewer.person.name);
    json.Field("username", viewer.person.email).Field("email", viewer.person.email);
    json.Field("lastSeen", viewer.seen_at).EndObject();
  }
  json.EndArray();
}

void WriteReleaseOrNull(const std::optional<ReleaseRow>& release, JsonWriter& json) {
  if (release) {
    WriteRelease(*release, json);
  } else {
    json.Null();
  }
}

void WriteCounts(const IssueView& view, JsonWriter& json) {
  json.Field("count", std::to_string(view.count));
  json.Field("userCount", view.users.value_or(view.issue.users_seen));
  json.Field("firstSeen", view.issue.first_seen).Field("lastSeen", view.issue.last_seen);
  WriteStats(view, json);
}

void WriteLifetime(const IssueRow& issue, JsonWriter& json) {
  json.Key("lifetime").BeginObject().Field("count", std::to_string(issue.times_seen));
  json.Field("userCount", issue.users_seen).Field("firstSeen", issue.first_seen);
  json.Field("lastSeen", issue.last_seen).Key("stats").BeginObject().EndObject().EndObject();
}

// What `expand` asks for: owners, sessions and tickets of other trackers are not known here.
void WriteExpanded(const IssueView& view, JsonWriter& json) {
  const auto& parts = view.parts;
  if (parts.inbox) {
    json.Key("inbox");
    WriteInbox(FactsOf(view), json);
  }
  if (parts.owners) json.Key("owners").Null();
  if (parts.sessions) json.Key("sessionCount").Null();
  if (parts.attachments) json.Field("latestEventHasAttachments", view.latest_has_attachments);
  if (parts.integration_issues) EmptyArrays(json, {"integrationIssues"});
  if (parts.sentry_app_issues) EmptyArrays(json, {"sentryAppIssues"});
}

}  // namespace

StatsSeries MakeSeries(Timestamp start, Timestamp end, std::int64_t bucket_s,
                       const std::vector<IssueBucket>& buckets, IssueId issue) {
  StatsSeries out;
  auto first = start.micros / kMicrosPerSecond / bucket_s * bucket_s;
  auto last = end.micros / kMicrosPerSecond;
  for (auto at = first; at <= last && out.size() < kBucketsMax; at += bucket_s) {
    out.emplace_back(at, 0);
  }
  for (const auto& bucket : buckets) {
    if (bucket.issue != issue) continue;
    auto at = bucket.start.micros / kMicrosPerSecond;
    if (at < first) continue;
    auto index = static_cast<std::size_t>((at - first) / bucket_s);
    if (index < out.size()) out[index].second += bucket.count;
  }
  return out;
}

void WriteSeries(const StatsSeries& series, JsonWriter& json) {
  json.BeginArray();
  for (const auto& [at, count] : series) json.BeginArray().Int(at).Int(count).EndArray();
  json.EndArray();
}

std::string_view StatusName(IssueStatus status) {
  switch (status) {
    case IssueStatus::kResolved:
      return "resolved";
    case IssueStatus::kIgnored:
      return "ignored";
    default:
      return "unresolved";
  }
}

std::string_view SubstatusName(IssueSubstatus substatus) {
  static constexpr std::string_view kNames[] = {"",
                                                "new",
                                                "ongoing",
                                                "regressed",
                                                "escalating",
                                                "archived_until_escalating",
                                                "archived_until_condition_met",
                                                "archived_forever"};
  auto index = static_cast<std::size_t>(substatus);
  return index < std::size(kNames) ? kNames[index] : "";
}

std::string_view LevelText(int level) {
  for (auto known : {Level::kDebug, Level::kInfo, Level::kWarning, Level::kError, Level::kFatal}) {
    if (static_cast<int>(known) == level) return LevelName(known);
  }
  return "unknown";
}

std::string_view PriorityName(IssuePriority priority) {
  switch (priority) {
    case IssuePriority::kLow:
      return "low";
    case IssuePriority::kMedium:
      return "medium";
    case IssuePriority::kHigh:
      break;
  }
  return "high";
}

void WriteIssueFields(const IssueView& view, JsonWriter& json) {
  const auto& issue = view.issue;
  auto id = std::to_string(issue.id.value);
  json.Field("id", id);
  TextOrNull(json, "shareId", FactsOf(view).share_id);
  json.Field("shortId", FormatShortId(view.project.slug, ShortNumberOf(issue.id)));
  json.Field("title", issue.title);
  json.Field("culprit", issue.culprit);  // "" if nothing says where
  json.Field("permalink", view.organization_url + "/issues/" + id + "/");
  TextOrNull(json, "logger", issue.logger);
  json.Field("level", LevelText(issue.level));
  WriteTriageFields(view, json);
  json.Field("platform", issue.platform.empty() ? "other" : issue.platform);
  WriteProjectRef(view.project, json);
  json.Field("type", issue.type).Field("issueType", "error").Field("issueCategory", "error");
  json.Key("metadata").Raw(CompactJson(issue.metadata));
  WritePersonalFields(FactsOf(view), json);
  if (view.parts.unhandled) json.Field("isUnhandled", issue.is_unhandled);
  json.Field("priority", PriorityName(issue.priority));
  json.Key("priorityLockedAt");
  issue.priority_locked_at ? json.Time(*issue.priority_locked_at) : json.Null();
  if (view.parts.stats) WriteCounts(view, json);
}

void WriteListedIssue(const IssueView& view, JsonWriter& json) {
  const auto& issue = view.issue;
  json.BeginObject();
  WriteIssueFields(view, json);
  if (view.parts.lifetime) WriteLifetime(issue, json);
  if (view.parts.filtered) json.Key("filtered").Null();
  WriteExpanded(view, json);
  if (!view.matching_event.empty()) {
    json.Field("matchingEventId", view.matching_event);
    TextOrNull(json, "matchingEventEnvironment", view.matching_environment);
  }
  json.EndObject();
}

void WriteIssueStats(const IssueView& view, JsonWriter& json) {
  json.BeginObject().Field("id", std::to_string(view.issue.id.value));
  WriteCounts(view, json);
  WriteLifetime(view.issue, json);
  json.Key("filtered").Null().Field("isUnhandled", view.issue.is_unhandled).EndObject();
}

void WriteIssueDetail(const IssueView& view, const IssueExtras& extras, JsonWriter& json) {
  json.BeginObject();
  WriteIssueFields(view, json);
  json.Key("activity");
  WriteActivity(view.issue, extras.activity, json);
  WriteViewers(extras.viewers, json);
  json.Key("participants").BeginArray();
  for (const auto& person : extras.participants) WritePerson(person, json);
  json.EndArray().Key("inbox");
  WriteInbox(FactsOf(view), json);
  json.Field("userReportCount", extras.user_reports).Key("firstRelease");
  WriteReleaseOrNull(extras.first_release, json);
  json.Key("lastRelease");
  WriteReleaseOrNull(extras.last_release, json);
  json.Key("tags").BeginArray();
  for (const auto& tag : extras.tags) WriteTagKey(tag, false, json);
  json.EndArray();
  EmptyArrays(json, {"pluginActions", "pluginIssues", "pluginContexts"});
  json.EndObject();
}

void WriteActivityRow(const ActivityRow& row, JsonWriter& json) {
  json.BeginObject().Field("id", row.id).Field("type", row.kind);
  json.Field("dateCreated", row.created_at).Key("user");
  WriteActor(row.user_id, row.user_name, row.user_email, json);
  json.Key("sentry_app").Null().Key("data").Raw(CompactJson(row.details)).EndObject();
}

void WriteActivity(const IssueRow& issue, const std::vector<ActivityRow>& activity,
                   JsonWriter& json) {
  json.BeginArray();
  for (const auto& row : activity) WriteActivityRow(row, json);
  json.BeginObject().Field("id", "0").Field("type", "first_seen");
  json.Field("dateCreated", issue.first_seen).Key("user").Null().Key("sentry_app").Null();
  json.Key("data").BeginObject().Field("priority", FirstPriority(issue.level)).EndObject();
  json.EndObject().EndArray();
}

void WriteTagValue(const TagValueRow& value, JsonWriter& json) {
  json.BeginObject().Field("key", value.key).Field("name", value.value);
  json.Field("value", value.value).Field("count", value.count);
  json.Field("firstSeen", value.first_seen).Field("lastSeen", value.last_seen);
  std::string quoted;
  for (char c : value.value) {
    if (c == '"') quoted.push_back('\\');
    quoted.push_back(c);
  }
  json.Field("query", value.key + ":\"" + quoted + "\"").EndObject();
}

void WriteTagKey(const TagKeyRow& tag, bool with_top, JsonWriter& json) {
  json.BeginObject().Field("key", tag.key).Field("name", tag.key);
  json.Field("totalValues", tag.total).Field("uniqueValues", tag.unique);
  if (with_top) {
    json.Key("topValues").BeginArray();
    for (const auto& value : tag.top) WriteTagValue(value, json);
    json.EndArray();
  }
  json.EndObject();
}

}  // namespace mishap

#include "api/triage/triage_shape.h"

#include "api/entry_parts.h"
#include "api/event_shape.h"
#include "api/issue_shape.h"
#include "api/object_shapes.h"

namespace mishap {
namespace {

void NumberOrNull(JsonWriter& json, std::string_view name,
                  const std::optional<std::int64_t>& value) {
  json.Key(name);
  value ? json.Int(*value) : json.Null();
}

void WriteAssignee(const PersonRow& user, std::int64_t team, std::string_view team_slug,
                   JsonWriter& json) {
  if (user.id != 0) {
    json.BeginObject().Field("type", "user").Field("id", std::to_string(user.id));
    json.Field("name", user.name.empty() ? user.email : user.name).Field("email", user.email);
    json.EndObject();
  } else if (team != 0) {
    json.BeginObject().Field("type", "team").Field("id", std::to_string(team));
    json.Field("name", team_slug).EndObject();
  } else {
    json.Null();
  }
}

void WriteSnooze(const SnoozeFacts& snooze, JsonWriter& json) {
  NumberOrNull(json, "ignoreCount", snooze.times);
  json.Key("ignoreUntil");
  snooze.until ? json.Time(*snooze.until) : json.Null();
  NumberOrNull(json, "ignoreUserCount", snooze.users);
  NumberOrNull(json, "ignoreUserWindow", snooze.user_window_min);
  NumberOrNull(json, "ignoreWindow", snooze.window_min);
}

void WriteSubscription(const TriageFacts& facts, JsonWriter& json) {
  json.Field("isSubscribed", facts.subscribed.value_or(false)).Key("subscriptionDetails");
  if (!facts.subscribed) {
    json.Null();
  } else if (*facts.subscribed) {
    auto reason = facts.subscription_reason.empty() ? "unknown" : facts.subscription_reason;
    json.BeginObject().Field("reason", reason).EndObject();
  } else {
    json.BeginObject().Field("disabled", true).EndObject();
  }
}

std::string_view SubstatusAfter(const StatusChange& change) {
  auto name = SubstatusName(change.substatus);
  return name.empty() && change.status == IssueStatus::kUnresolved ? "ongoing" : name;
}

}  // namespace

void WritePerson(const PersonRow& person, JsonWriter& json) {
  std::optional<std::int64_t> id;
  if (person.id != 0) id = person.id;
  WriteActor(id, person.name, person.email, json);
}

void WriteStatusDetails(const IssueRow& issue, const TriageFacts& facts, JsonWriter& json) {
  if (issue.status == IssueStatus::kResolved && facts.resolution == ResolutionKind::kPlain) {
    json.Raw(CompactJson(issue.status_details));  // {} or {"autoResolved": true}
    return;
  }
  json.BeginObject();
  if (issue.status == IssueStatus::kResolved) {
    if (facts.resolution == ResolutionKind::kRelease) {
      json.Field("inRelease", facts.resolution_version);
    } else if (facts.resolution == ResolutionKind::kNextRelease) {
      json.Field("inNextRelease", true);
    }
    if (!facts.commit_id.empty()) {  // alone, or the one that came with the release
      json.Key("inCommit").BeginObject().Field("id", facts.commit_id);
      json.Key("repository").BeginObject().Field("name", facts.repository).EndObject().EndObject();
    }
    json.Key("actor");
    WritePerson(facts.decided_by, json);
  } else if (issue.status == IssueStatus::kIgnored && facts.snooze) {
    WriteSnooze(*facts.snooze, json);
    json.Key("actor");
    WritePerson(facts.decided_by, json);
  }
  json.EndObject();
}

void WritePersonalFields(const TriageFacts& facts, JsonWriter& json) {
  json.Field("numComments", facts.comments).Key("assignedTo");
  WriteAssignee(facts.assigned_user, facts.assigned_team, facts.team_slug, json);
  json.Field("isBookmarked", facts.bookmarked);
  WriteSubscription(facts, json);
  json.Field("hasSeen", facts.seen).Key("annotations").BeginArray().EndArray();
}

void WriteInbox(const TriageFacts& facts, JsonWriter& json) {
  if (!facts.inbox_reason) {
    json.Null();
    return;
  }
  json.BeginObject().Field("reason", *facts.inbox_reason).Key("reason_details").Null();
  json.Field("date_added", *facts.inbox_at).EndObject();
}

void WriteIssueChange(const IssueUpdate& update, const IssueChange& change,
                      const TriageFacts& facts, JsonWriter& json) {
  json.BeginObject();
  if (change.status) {
    json.Field("status", StatusName(change.status->status));
    json.Key("statusDetails").Raw(CompactJson(change.status->details));
    TextOrNull(json, "substatus", SubstatusAfter(*change.status));
    json.Key("inbox").Null();
  }
  if (change.assignee) {
    const auto& to = *change.assignee;
    json.Key("assignedTo");
    WriteAssignee({to.user.value, to.name, to.email}, to.team, to.name, json);
  }
  if (change.seen) json.Field("hasSeen", facts.seen);
  if (change.priority) json.Field("priority", PriorityName(*change.priority));
  if (change.bookmarked) json.Field("isBookmarked", facts.bookmarked);
  if (change.subscribed) WriteSubscription(facts, json);
  if (change.is_public) {
    json.Field("isPublic", *change.is_public);
    TextOrNull(json, "shareId", facts.share_id);
  }
  if (update.in_inbox && !change.status) json.Field("inbox", *update.in_inbox);
  json.EndObject();
}

}  // namespace mishap

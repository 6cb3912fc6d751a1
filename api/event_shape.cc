#include "api/event_shape.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "api/entry_parts.h"
#include "api/event_entries.h"
#include "api/record/user_report_shape.h"
#include "event/derived_tags.h"

namespace mishap {
namespace {

void WriteTags(const Event& event, JsonWriter& json) {
  json.BeginArray();
  for (const auto& [key, value] : AllTags(event)) {
    json.BeginObject().Field("key", key).Field("value", value).EndObject();
  }
  json.EndArray();
}

void WriteMetadata(const EventTitle& title, JsonWriter& json) {
  json.BeginObject();
  if (!title.metadata_type.empty() || !title.metadata_value.empty()) {
    json.Field("type", title.metadata_type).Field("value", title.metadata_value);
  }
  if (!title.metadata_filename.empty()) json.Field("filename", title.metadata_filename);
  if (!title.metadata_function.empty()) json.Field("function", title.metadata_function);
  json.Field("title", title.metadata_title.empty() ? title.title : title.metadata_title);
  json.EndObject();
}

// The keys that both forms share.
void WriteShared(const Event& event, const StoredEventRow& row, JsonWriter& json) {
  auto title = ShownTitle(event);
  auto id = ToHex(row.id);
  json.Field("id", id).Field("groupID", std::to_string(row.issue.value)).Field("eventID", id);
  json.Field("projectID", std::to_string(row.project.value));
  json.Field("message", ShownMessage(event)).Field("title", title.title);
  TextOrNull(json, "location", title.metadata_filename);
  json.Field("culprit", title.culprit);  // "" if nothing says where
  json.Key("user");
  WriteEventUser(event, json);
  json.Key("tags");
  WriteTags(event, json);
  json.Field("platform", event.platform.empty() ? "other" : event.platform);
  json.Field("dateCreated", row.occurred_at).Key("crashFile").Null().Key("metadata");
  WriteMetadata(title, json);
}

void WriteNamed(const std::vector<NamedJson>& values, JsonWriter& json) {
  json.BeginObject();
  for (const auto& [name, value] : values) json.Key(name).Raw(value.text);
  json.EndObject();
}

// A context whose sender left out its type has its key for one.
std::string TypedContext(std::string_view name, std::string_view object) {
  if (!MemberOf(object, "type").empty()) return std::string(object);
  std::string out;
  JsonWriter(out).BeginObject().Field("type", name).EndObject();
  object.remove_prefix(1);
  out.pop_back();
  if (object != "}") out += ',';
  return out.append(object);
}

// Contexts are objects by contract; one that is not would break strict clients.
void WriteContexts(const Event& event, JsonWriter& json) {
  json.BeginObject();
  for (const auto& [name, value] : event.contexts) {
    if (value.text.starts_with('{')) json.Key(name).Raw(TypedContext(name, value.text));
  }
  json.EndObject();
}

void WriteSdk(const Event& event, JsonWriter& json) {
  if (!event.sdk || event.sdk->name.empty()) {
    json.Null();
    return;
  }
  json.BeginObject().Field("name", event.sdk->name).Field("version", event.sdk->version);
  json.EndObject();
}

std::string ErrorText(const EventError& error) {
  if (error.type == "clock_drift") {
    return "The sender's clock was wrong; the event's times were moved to the server's.";
  }
  if (error.type == "past_timestamp") return "The time was too far in the past; it was replaced.";
  if (error.type == "future_timestamp") return "The time was in the future; it was replaced.";
  if (error.name.empty()) return "Some of the event's data was discarded.";
  return "Discarded invalid value of " + error.name + ".";
}

void WriteErrors(const Event& event, JsonWriter& json) {
  json.BeginArray();
  for (const auto& error : event.errors) {
    json.BeginObject().Field("type", error.type).Field("message", ErrorText(error));
    json.Key("data").BeginObject();
    if (!error.name.empty()) json.Field("name", error.name);
    if (!error.value.empty()) json.Key("value").Raw(error.value.text);
    for (const auto& [name, value] : error.other) json.Key(name).Raw(value.text);
    json.EndObject().EndObject();
  }
  json.EndArray();
}

void WritePackages(const Event& event, JsonWriter& json) {
  json.BeginObject();
  for (const auto& [name, version] : event.modules) json.Field(name, version);
  json.EndObject();
}

void WriteNeighbours(const EventContext& context, JsonWriter& json) {
  auto id = [&](std::string_view name, const std::optional<EventId>& value) {
    json.Key(name);
    value ? json.String(ToHex(*value)) : json.Null();
  };
  auto known = context.neighbours.value_or(EventNeighbours{});
  id("nextEventID", known.next);
  id("previousEventID", known.previous);
}

}  // namespace

EventTitle ShownTitle(const Event& event) {
  return MakeTitle(event, event.exceptions.empty() ? 0 : event.exceptions.size() - 1);
}

std::string ShownMessage(const Event& event) {
  if (!event.logentry) return {};
  return event.logentry->formatted.empty() ? event.logentry->message : event.logentry->formatted;
}

std::string ShownType(const Event& event) {
  return event.type.empty() ? "default" : event.type;
}

void WriteEventUser(const Event& event, JsonWriter& json) {
  if (!event.user || event.user->empty()) {
    json.Null();
    return;
  }
  const auto& user = *event.user;
  json.BeginObject();
  TextOrNull(json, "id", user.id);
  TextOrNull(json, "email", user.email);
  TextOrNull(json, "username", user.username);
  TextOrNull(json, "ip_address", user.ip_address);
  TextOrNull(json, "name", user.name);
  json.Key("geo").Raw(ObjectOrNull(user.geo.text));
  json.Key("data");
  WriteNamed(user.data, json);
  json.EndObject();
}

void WriteRelease(const ReleaseRow& release, JsonWriter& json) {
  // "package@1.0" is shown as "1.0".
  auto at = release.version.rfind('@');
  auto shown =
      at == std::string::npos || at == 0 ? release.version : release.version.substr(at + 1);
  json.BeginObject().Field("id", release.id).Field("version", release.version);
  json.Field("shortVersion", shown).Field("status", "open");
  json.Field("dateCreated", release.first_seen).Key("dateReleased").Null();
  json.Key("firstEvent").Null().Key("lastEvent").Null().Field("newGroups", 0);
  json.Field("commitCount", 0).Field("deployCount", 0).Key("lastCommit").Null();
  json.Key("lastDeploy").Null().Key("projects").BeginArray().EndArray();
  json.Key("versionInfo").Null().EndObject();
}

void WriteEventSimple(const Event& event, const StoredEventRow& row, JsonWriter& json) {
  json.BeginObject().Field("event.type", ShownType(event));
  WriteShared(event, row, json);
  json.EndObject();
}

void WriteEventDetail(const Event& event, const EventContext& context, JsonWriter& json) {
  const auto& row = context.row;
  json.BeginObject();
  WriteShared(event, row, json);
  json.Field("type", ShownType(event)).Field("size", row.json_bytes);
  TextOrNull(json, "dist", event.dist);
  json.Field("dateReceived", row.received_at).Key("entries");
  WriteEntries(event, json);
  json.Key("contexts");
  WriteContexts(event, json);
  json.Key("context");
  WriteNamed(event.extra, json);
  json.Key("packages");
  WritePackages(event, json);
  json.Key("sdk");
  WriteSdk(event, json);
  json.Key("errors");
  WriteErrors(event, json);
  json.Key("occurrence").Null();
  json.Key("_meta").Raw(event.meta.text.starts_with('{') ? event.meta.text : "{}");
  json.Key("fingerprints").BeginArray().String(row.hash).EndArray();
  json.Key("groupingConfig").BeginObject();
  json.Field("id", "g1").Field("enhancements", "").EndObject().Key("release");
  if (context.release) {
    WriteRelease(*context.release, json);
  } else {
    json.Null();
  }
  json.Key("userReport");
  if (context.report != nullptr) {
    WriteReport(*context.report, json);
  } else {
    json.Null();
  }
  json.Key("sdkUpdates").BeginArray().EndArray();
  json.Key("resolvedWith").BeginArray().EndArray();
  WriteNeighbours(context, json);
  json.EndObject();
}

}  // namespace mishap

#include "api/event_entries.h"

#include <algorithm>

#include "api/entry_parts.h"

namespace mishap {
namespace {

bool HasSystemFrames(const Stacktrace& stacktrace) {
  auto is_system = [](const Frame& frame) { return !frame.in_app.value_or(false); };
  auto& frames = stacktrace.frames;
  return std::any_of(frames.begin(), frames.end(), is_system) &&
         !std::all_of(frames.begin(), frames.end(), is_system);
}

bool HasSystemFrames(const Event& event) {
  return std::any_of(event.exceptions.begin(), event.exceptions.end(), [](const Exception& e) {
    return e.stacktrace && HasSystemFrames(*e.stacktrace);
  });
}

void WriteThreads(const Event& event, JsonWriter& json) {
  json.BeginObject().Field("type", "threads").Key("data").BeginObject();
  json.Key("values").BeginArray();
  for (const auto& thread : event.threads) {
    json.BeginObject().Key("id").Raw(thread.id.text);
    TextOrNull(json, "name", thread.name);
    BoolOrFalse(json, "current", thread.current);
    BoolOrFalse(json, "crashed", thread.crashed);
    TextOrNull(json, "state", thread.state);
    json.Key("heldLocks").Raw(OtherJson(thread.other, "held_locks"));
    json.Key("stacktrace");
    StacktraceOrNull(json, thread.stacktrace);
    json.Key("rawStacktrace").Null().EndObject();
  }
  json.EndArray().EndObject().EndObject();
}

void WriteExceptions(const Event& event, JsonWriter& json) {
  json.BeginObject().Field("type", "exception").Key("data").BeginObject();
  json.Key("values").BeginArray();
  for (const auto& exception : event.exceptions) WriteException(exception, json);
  json.EndArray().Field("hasSystemFrames", HasSystemFrames(event));
  json.Key("excOmitted").Null().EndObject().EndObject();
}

void WriteMessage(const LogEntry& entry, JsonWriter& json) {
  json.BeginObject().Field("type", "message").Key("data").BeginObject();
  json.Field("formatted", entry.formatted.empty() ? entry.message : entry.formatted);
  TextOrNull(json, "message", entry.message);
  json.Key("params").Raw(entry.params.text).EndObject().EndObject();
}

void WriteBreadcrumbs(const Event& event, JsonWriter& json) {
  json.BeginObject().Field("type", "breadcrumbs").Key("data").BeginObject();
  json.Key("values").BeginArray();
  for (const auto& crumb : event.breadcrumbs) {
    json.BeginObject().Key("timestamp");
    crumb.timestamp ? json.Time(*crumb.timestamp) : json.Null();
    json.Field("type", crumb.type.empty() ? "default" : crumb.type);
    TextOrNull(json, "category", crumb.category);
    json.Field("level", crumb.level.empty() ? "info" : crumb.level);
    TextOrNull(json, "message", crumb.message);
    json.Key("data").Raw(ObjectOrNull(crumb.data.text));
    json.Key("event_id").Raw(OtherJson(crumb.other, "event_id")).EndObject();
  }
  json.EndArray().EndObject().EndObject();
}

void WritePairs(const std::vector<NamedText>& pairs, JsonWriter& json) {
  json.BeginArray();
  for (const auto& [name, value] : pairs) {
    json.BeginArray().String(name).String(value).EndArray();
  }
  json.EndArray();
}

void WriteRequest(const HttpRequest& request, JsonWriter& json) {
  json.BeginObject().Field("type", "request").Key("data").BeginObject();
  json.Key("apiTarget").Raw(OtherJson(request.other, "api_target"));
  TextOrNull(json, "method", request.method);
  // Clients insist on an absolute URL or none.
  bool absolute = request.url.find("://") != std::string::npos;
  TextOrNull(json, "url", absolute ? request.url : std::string());
  json.Key("query");
  WritePairs(request.query_string, json);
  TextOrNull(json, "fragment", request.fragment);
  json.Key("data").Raw(request.data.text).Key("headers");
  WritePairs(request.headers, json);
  json.Key("cookies");
  WritePairs(request.cookies, json);
  json.Key("env").Raw(ObjectOrNull(request.env.text));
  TextOrNull(json, "inferredContentType", request.inferred_content_type);
  json.EndObject().EndObject();
}

void WriteRaw(std::string_view type, std::string_view data, JsonWriter& json) {
  json.BeginObject().Field("type", type).Key("data").Raw(data).EndObject();
}

void WriteDebugMeta(const Event& event, JsonWriter& json) {
  auto images = MemberOf(event.debug_meta.text, "images");
  json.BeginObject().Field("type", "debugmeta").Key("data").BeginObject();
  json.Key("images").Raw(images.empty() ? "[]" : images).EndObject().EndObject();
}

}  // namespace

void WriteEntries(const Event& event, JsonWriter& json) {
  json.BeginArray();
  if (!event.exceptions.empty()) {
    WriteExceptions(event, json);
  } else if (event.stacktrace) {
    json.BeginObject().Field("type", "stacktrace").Key("data");
    WriteStacktrace(*event.stacktrace, json);
    json.EndObject();
  }
  if (!event.threads.empty()) WriteThreads(event, json);
  if (event.logentry) WriteMessage(*event.logentry, json);
  if (!event.frame_template.empty()) {
    json.BeginObject().Field("type", "template").Key("data");
    WriteTemplate(event.frame_template.text, json);
    json.EndObject();
  }
  for (std::string_view type : {"csp", "hpkp", "expectct", "expectstaple", "nel"}) {
    auto report = OtherJson(event.other, type);
    if (!report.empty()) WriteRaw(type, report, json);
  }
  if (!event.breadcrumbs.empty()) WriteBreadcrumbs(event, json);
  if (event.request) WriteRequest(*event.request, json);
  if (!event.debug_meta.empty()) WriteDebugMeta(event, json);
  auto spans = OtherJson(event.other, "spans");
  if (!spans.empty()) WriteRaw("spans", spans, json);
  json.EndArray();
}

void WriteStacktrace(const Stacktrace& stacktrace, JsonWriter& json) {
  json.BeginObject().Key("frames").BeginArray();
  for (const auto& frame : stacktrace.frames) WriteFrame(frame, json);
  json.EndArray().Key("framesOmitted").Raw(OtherJson(stacktrace.other, "frames_omitted"));
  json.Key("registers").Raw(OtherJson(stacktrace.other, "registers"));
  json.Field("hasSystemFrames", HasSystemFrames(stacktrace)).EndObject();
}

}  // namespace mishap

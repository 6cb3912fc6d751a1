#include "api/explore/event_cell.h"

#include <algorithm>
#include <charconv>

#include "api/short_id.h"
#include "base/bytes.h"
#include "event/derived_tags.h"

namespace mishap {
namespace {

void WriteText(std::string_view text, JsonWriter& json) {
  text.empty() ? json.Null() : json.String(text);
}

std::string_view TagOf(const EventCells& cells, std::string_view key) {
  for (const auto& [name, value] : cells.tags) {
    if (name == key) return value;
  }
  return {};
}

std::string MessageOf(const Event& event) {
  if (!event.logentry) return {};
  return event.logentry->formatted.empty() ? event.logentry->message : event.logentry->formatted;
}

void WriteFrameCell(const Frame& frame, std::string_view key, JsonWriter& json) {
  if (key == "lineno") {
    frame.lineno ? json.Int(*frame.lineno) : json.Null();
  } else if (key == "in_app") {
    frame.in_app ? json.Bool(*frame.in_app) : json.Null();
  } else {
    WriteText(key == "filename"   ? frame.filename
              : key == "abs_path" ? frame.abs_path
              : key == "module"   ? frame.module
              : key == "function" ? frame.function
                                  : frame.package,
              json);
  }
}

void WriteStackCell(const Event& event, std::string_view key, JsonWriter& json) {
  json.BeginArray();
  for (const auto& exception : event.exceptions) {
    if (!exception.stacktrace) continue;
    for (const auto& frame : exception.stacktrace->frames) WriteFrameCell(frame, key, json);
  }
  json.EndArray();
}

void WriteExceptionCell(const Event& event, bool type, JsonWriter& json) {
  json.BeginArray();
  for (const auto& exception : event.exceptions) {
    json.String(type ? exception.type : exception.value);
  }
  json.EndArray();
}

Timestamp BucketOf(Timestamp at, std::int64_t micros) {
  return {at.micros - at.micros % micros};
}

std::int64_t NumberOf(std::string_view text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

const ProjectRow* ProjectWithId(const std::vector<ProjectRow>& projects, std::int64_t id) {
  for (const auto& project : projects) {
    if (project.id.value == id) return &project;
  }
  return nullptr;
}

std::string ShortIdOf(IssueId issue, const ProjectRow& project) {
  return FormatShortId(project.slug, issue.value % kIssuesPerProject);
}

// What the cell shows of somebody, as pages name them.
std::string_view UserDisplay(const Event& event) {
  if (!event.user) return {};
  const auto& user = *event.user;
  for (const auto* text : {&user.email, &user.username, &user.id, &user.ip_address}) {
    if (!text->empty()) return *text;
  }
  return {};
}

void WriteHandled(const EventCells& cells, bool wanted, JsonWriter& json) {
  const auto handled = TagOf(cells, "handled");
  handled.empty() ? json.Null() : json.Bool((handled == "yes") == wanted);
}

// Columns that the event's own row or its title answer; false: another one.
bool WriteOwnCell(const EventField& field, const EventCells& cells, JsonWriter& json) {
  switch (field.cell) {
    case EventCell::kId:
      json.String(ToHex(cells.row.id));
      return true;
    case EventCell::kTimestamp:
      json.Time(cells.row.occurred_at);
      return true;
    case EventCell::kReceived:
      json.Time(cells.row.received_at);
      return true;
    case EventCell::kHour:
      json.Time(BucketOf(cells.row.received_at, kMicrosPerHour));
      return true;
    case EventCell::kDay:
      json.Time(BucketOf(cells.row.received_at, kMicrosPerDay));
      return true;
    case EventCell::kProject:
      json.String(cells.project.slug);
      return true;
    case EventCell::kProjectId:
      json.Int(cells.project.id.value);
      return true;
    case EventCell::kIssue:
      json.String(ShortIdOf(cells.row.issue, cells.project));
      return true;
    case EventCell::kIssueId:
      json.Int(cells.row.issue.value);
      return true;
    case EventCell::kTitle:
      json.String(cells.title.title);
      return true;
    case EventCell::kCulprit:
      json.String(cells.title.culprit);
      return true;
    case EventCell::kLocation:
      WriteText(cells.title.metadata_filename, json);
      return true;
    default:
      return false;
  }
}

}  // namespace

EventCells CellsOf(const Event& event, const StoredEventRow& row, const ProjectRow& project) {
  const auto main = event.exceptions.empty() ? 0 : event.exceptions.size() - 1;
  return {event, row, project, MakeTitle(event, main), AllTags(event)};
}

void WriteEventCell(const EventField& field, const EventCells& cells, JsonWriter& json) {
  if (WriteOwnCell(field, cells, json)) return;
  const auto& event = cells.event;
  switch (field.cell) {
    case EventCell::kMessage:
      json.String(MessageOf(event));
      return;
    case EventCell::kType:
      json.String(event.type.empty() ? "default" : event.type);
      return;
    case EventCell::kPlatform:
      json.String(event.platform.empty() ? "other" : event.platform);
      return;
    case EventCell::kEnvironment:
      json.String(event.environment);
      return;
    case EventCell::kUserDisplay:
      WriteText(UserDisplay(event), json);
      return;
    case EventCell::kSdkVersion:
      WriteText(event.sdk ? event.sdk->version : "", json);
      return;
    case EventCell::kErrorType:
    case EventCell::kErrorValue:
      WriteExceptionCell(event, field.cell == EventCell::kErrorType, json);
      return;
    case EventCell::kHandled:
    case EventCell::kUnhandled:
      WriteHandled(cells, field.cell == EventCell::kHandled, json);
      return;
    case EventCell::kStack:
      WriteStackCell(event, field.key, json);
      return;
    case EventCell::kHttpMethod:
      WriteText(event.request ? event.request->method : "", json);
      return;
    default:
      WriteText(TagOf(cells, field.key), json);
  }
}

void WriteGroupCell(const EventField& field, const std::optional<std::string>& value,
                    const std::vector<ProjectRow>& projects, double window_s, JsonWriter& json) {
  if (!value) {
    json.Null();
    return;
  }
  const auto number = NumberOf(*value);
  switch (field.function) {
    case EventFunction::kCount:
    case EventFunction::kCountUnique:
      json.Int(number);
      return;
    case EventFunction::kEpm:
    case EventFunction::kEps:
      json.Double(static_cast<double>(number) /
                  (field.function == EventFunction::kEpm ? window_s / 60 : window_s));
      return;
    case EventFunction::kNone:
      break;
    default:
      json.String(*value);
      return;
  }
  const bool is_project = field.cell == EventCell::kProject || field.cell == EventCell::kIssue;
  if (field.cell == EventCell::kProjectId || field.cell == EventCell::kIssueId) {
    json.Int(number);
  } else if (is_project) {
    const bool is_issue = field.cell == EventCell::kIssue;
    const auto* project =
        ProjectWithId(projects, is_issue ? ProjectOf(IssueId{number}).value : number);
    if (!project) {
      json.Null();
    } else {
      json.String(is_issue ? ShortIdOf({number}, *project) : project->slug);
    }
  } else if (field.cell == EventCell::kHandled) {
    json.Bool(*value == "yes");
  } else if (field.group && field.group->kind == GroupColumnKind::kLevel) {
    json.String(LevelName(static_cast<Level>(number)));
  } else {
    json.String(*value);
  }
}

}  // namespace mishap

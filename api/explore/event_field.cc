#include "api/explore/event_field.h"

#include <algorithm>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::size_t kFieldBytesMax = 200;

struct Column {
  std::string_view name;
  EventCell cell;
  std::string_view type;
  std::string_view key;  // of a tag or of a frame
  std::optional<GroupColumnKind> group;
};

using G = GroupColumnKind;
const Column kColumns[] = {
    {"id", EventCell::kId, "string", "", std::nullopt},
    {"timestamp", EventCell::kTimestamp, "date", "", std::nullopt},
    {"received", EventCell::kReceived, "date", "", std::nullopt},
    {"title", EventCell::kTitle, "string", "", G::kTitle},
    {"message", EventCell::kMessage, "string", "", std::nullopt},
    {"type", EventCell::kType, "string", "", G::kType},
    {"event.type", EventCell::kType, "string", "", G::kType},
    {"culprit", EventCell::kCulprit, "string", "", G::kCulprit},
    {"location", EventCell::kLocation, "string", "", G::kLocation},
    {"level", EventCell::kTag, "string", "level", G::kLevel},
    {"platform", EventCell::kPlatform, "string", "", G::kPlatform},
    {"platform.name", EventCell::kPlatform, "string", "", G::kPlatform},
    {"project", EventCell::kProject, "string", "", G::kProject},
    {"project.name", EventCell::kProject, "string", "", G::kProject},
    {"project.id", EventCell::kProjectId, "integer", "", G::kProject},
    {"issue", EventCell::kIssue, "string", "", G::kIssue},
    {"issue.id", EventCell::kIssueId, "integer", "", G::kIssue},
    {"release", EventCell::kTag, "string", "release", G::kRelease},
    {"environment", EventCell::kEnvironment, "string", "", G::kEnvironment},
    {"user.display", EventCell::kUserDisplay, "string", "", std::nullopt},
    {"user.ip", EventCell::kTag, "string", "user.ip_address", G::kTag},
    {"sdk.version", EventCell::kSdkVersion, "string", "", std::nullopt},
    {"error.type", EventCell::kErrorType, "array", "", G::kErrorType},
    {"error.value", EventCell::kErrorValue, "array", "", G::kErrorValue},
    {"error.handled", EventCell::kHandled, "boolean", "handled", G::kTag},
    {"error.unhandled", EventCell::kUnhandled, "boolean", "", std::nullopt},
    {"error.mechanism", EventCell::kTag, "string", "mechanism", G::kTag},
    {"stack.filename", EventCell::kStack, "array", "filename", std::nullopt},
    {"stack.abs_path", EventCell::kStack, "array", "abs_path", std::nullopt},
    {"stack.module", EventCell::kStack, "array", "module", std::nullopt},
    {"stack.function", EventCell::kStack, "array", "function", std::nullopt},
    {"stack.package", EventCell::kStack, "array", "package", std::nullopt},
    {"stack.lineno", EventCell::kStack, "array", "lineno", std::nullopt},
    {"stack.in_app", EventCell::kStack, "array", "in_app", std::nullopt},
    {"http.method", EventCell::kHttpMethod, "string", "", std::nullopt},
    {"http.url", EventCell::kTag, "string", "url", G::kTag},
    {"timestamp.to_hour", EventCell::kHour, "date", "", G::kHour},
    {"timestamp.to_day", EventCell::kDay, "date", "", G::kDay},
};

tl::unexpected<Error> Invalid(const std::string& text) {
  return Fail(Reason::kInvalidArgument, "Invalid query. " + text);
}

bool IsKeyCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-' || c == ':';
}

Result<EventField> ColumnField(std::string_view text) {
  EventField out;
  out.text = text;
  out.type = "string";
  const bool is_tag = text.starts_with("tags[") && text.ends_with(']');
  if (!is_tag) {
    for (const auto& column : kColumns) {
      if (column.name != text) continue;
      out.type = column.type;
      out.cell = column.cell;
      out.key = column.key;
      if (column.group) out.group = GroupColumn{*column.group, ""};
      if (column.group == G::kTag) out.group->key = column.key;
      return out;
    }
  }
  out.key = is_tag ? text.substr(5, text.size() - 6) : text;
  if (out.key.empty() || !std::all_of(out.key.begin(), out.key.end(), IsKeyCharacter)) {
    return Invalid("\"" + std::string(text) +
                   "\" is no column: expected a name such as title, or tags[name].");
  }
  out.group = GroupColumn{G::kTag, out.key};
  return out;
}

Result<EventField> Unique(EventField out, std::string_view argument) {
  auto column = ColumnField(argument);
  if (!column) return column;
  if (argument == "user" || argument == "user.display") column->group = GroupColumn{G::kUser, ""};
  if (!column->group) {
    return Invalid("count_unique(" + std::string(argument) + ") is not supported: events keep " +
                   std::string(argument) + " in their payload only.");
  }
  out.function = EventFunction::kCountUnique;
  out.group = column->group;
  return out;
}

Result<EventField> FunctionField(std::string_view name, std::string_view argument,
                                 std::string_view text) {
  EventField out;
  out.text = text;
  out.type = "integer";
  if (name == "count" && argument.empty()) {
    out.function = EventFunction::kCount;
  } else if (name == "count_unique" && !argument.empty()) {
    return Unique(std::move(out), argument);
  } else if ((name == "last_seen" && argument.empty()) ||
             (name == "max" && argument == "timestamp")) {
    out.function = EventFunction::kLast;
    out.type = "date";
  } else if ((name == "first_seen" && argument.empty()) ||
             (name == "min" && argument == "timestamp")) {
    out.function = EventFunction::kFirst;
    out.type = "date";
  } else if (name == "latest_event" && argument.empty()) {
    out.function = EventFunction::kLatestEvent;
    out.type = "string";
  } else if ((name == "epm" || name == "eps") && argument.empty()) {
    out.function = name == "epm" ? EventFunction::kEpm : EventFunction::kEps;
    out.type = "number";
  } else {
    return Invalid("\"" + std::string(text) +
                   "\" is no function of events: expected count(), count_unique(column), "
                   "last_seen(), min(timestamp), max(timestamp), latest_event(), epm() or eps().");
  }
  return out;
}

// Letters only: "-count_unique_user" is how older clients write "-count_unique(user)".
std::string Letters(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '(' || c == '.' || c == ',') c = '_';
    if (c != ')') out += c;
  }
  while (out.ends_with('_')) out.pop_back();
  return out;
}

}  // namespace

Result<EventField> ParseEventField(std::string_view asked) {
  std::string text;
  for (char c : asked) {
    if (c != ' ') text += c;
  }
  if (text.empty()) return Invalid("A field is empty.");
  if (text.size() > kFieldBytesMax) return Invalid("A field is longer than 200 bytes.");
  const auto open = text.find('(');
  if (open == std::string::npos || text.starts_with("tags[")) return ColumnField(text);
  if (!text.ends_with(')')) return Invalid("\"" + text + "\" has no closing parenthesis.");
  const std::string_view view = text;
  return FunctionField(view.substr(0, open), view.substr(open + 1, view.size() - open - 2), text);
}

Result<std::vector<EventField>> ParseEventFields(const std::vector<std::string>& texts) {
  std::vector<EventField> out;
  for (const auto& text : texts) {
    if (text.empty()) continue;
    auto field = ParseEventField(text);
    if (!field) return Fail(field.error());
    const bool again = std::any_of(
        out.begin(), out.end(), [&](const EventField& other) { return other.text == field->text; });
    if (!again) out.push_back(std::move(*field));
  }
  if (out.empty()) return Fail(Reason::kInvalidArgument, "No columns selected");
  if (out.size() > kEventFieldsMax) {
    return Fail(Reason::kInvalidArgument,
                "You can view up to 20 fields at a time. Please delete some and try again.");
  }
  return out;
}

Result<std::optional<EventOrder>> ParseEventOrder(std::string_view text,
                                                  const std::vector<EventField>& fields) {
  if (text.empty()) return std::optional<EventOrder>();
  EventOrder order;
  order.descending = text.starts_with('-');
  auto name = text.substr(order.descending ? 1 : 0);
  for (const auto& field : fields) {
    if (field.text == name || Letters(field.text) == Letters(name)) {
      order.field = static_cast<std::size_t>(&field - fields.data());
      return std::optional(order);
    }
  }
  return Fail(Reason::kInvalidArgument,
              "Cannot sort by a field that is not selected: \"" + std::string(name) + "\".");
}

}  // namespace mishap

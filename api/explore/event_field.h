// The fields of /events/ (web-api 2.12): columns such as "title" or "browser.name", aggregates such
// as "count()" or "count_unique(user)". Pure: what they are, not what they hold.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/explore/event_groups.h"

namespace mishap {

inline constexpr std::size_t kEventFieldsMax = 20;

enum class EventCell {
  kId,
  kTimestamp,
  kReceived,
  kTitle,
  kMessage,
  kType,
  kCulprit,
  kLocation,
  kPlatform,
  kProject,
  kProjectId,
  kIssue,
  kIssueId,
  kEnvironment,
  kUserDisplay,
  kSdkVersion,
  kErrorType,
  kErrorValue,
  kHandled,
  kUnhandled,
  kStack,  // a member of the frames; `key`
  kHttpMethod,
  kHour,
  kDay,
  kTag,  // `key`
};

enum class EventFunction { kNone, kCount, kCountUnique, kFirst, kLast, kLatestEvent, kEpm, kEps };

struct EventField {
  std::string text;  // as the answer names it: as asked, without blanks inside
  std::string type;  // string, integer, number, boolean, date, array
  EventFunction function = EventFunction::kNone;
  EventCell cell = EventCell::kTag;  // of a column
  std::string key;
  // What it is grouped or counted by; absent: stands in the events only.
  std::optional<GroupColumn> group;
};

// A column that no list names is a tag. Errors: invalid_argument "Invalid query. ...".
Result<EventField> ParseEventField(std::string_view text);
// 1 to kEventFieldsMax of them, each once. Errors: invalid_argument.
Result<std::vector<EventField>> ParseEventFields(const std::vector<std::string>& texts);

inline bool IsAggregate(const EventField& field) {
  return field.function != EventFunction::kNone;
}

// "-count()", "-count" and "count_unique_user" name a field among `fields`; its place and whether
// downwards. An empty text: nullopt. Errors: invalid_argument (not among the fields).
struct EventOrder {
  std::size_t field = 0;
  bool descending = false;
};
Result<std::optional<EventOrder>> ParseEventOrder(std::string_view text,
                                                  const std::vector<EventField>& fields);

}  // namespace mishap

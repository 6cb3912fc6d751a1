// Names of the closed enums of this room, as they stand on the wire and in the database.
#include "base/bytes.h"
#include "event/event.h"
#include "event/outcome.h"
#include "event/record.h"

namespace mishap {

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarning:
      return "warning";
    case Level::kError:
      return "error";
    case Level::kFatal:
      return "fatal";
  }
  return "error";
}

std::optional<Level> ParseLevel(std::string_view text) {
  struct Spelling {
    std::string_view text;
    Level level;
  };
  static constexpr Spelling kSpellings[] = {
      {"error", Level::kError},     {"warning", Level::kWarning}, {"info", Level::kInfo},
      {"fatal", Level::kFatal},     {"debug", Level::kDebug},     {"log", Level::kInfo},
      {"warn", Level::kWarning},    {"critical", Level::kFatal},  {"err", Level::kError},
      {"trace", Level::kDebug},     {"notice", Level::kInfo},     {"alert", Level::kFatal},
      {"emergency", Level::kFatal}, {"panic", Level::kFatal},     {"emerg", Level::kFatal},
      {"sample", Level::kDebug},    {"10", Level::kDebug},        {"20", Level::kInfo},
      {"30", Level::kWarning},      {"40", Level::kError},        {"50", Level::kFatal},
  };
  text = TrimAscii(text);
  for (const Spelling& spelling : kSpellings) {
    if (EqualsIgnoreCase(text, spelling.text)) return spelling.level;
  }
  return std::nullopt;
}

std::string_view CategoryName(Category category) {
  switch (category) {
    case Category::kDefault:
      return "default";
    case Category::kError:
      return "error";
    case Category::kTransaction:
      return "transaction";
    case Category::kSecurity:
      return "security";
    case Category::kAttachment:
      return "attachment";
    case Category::kSession:
      return "session";
    case Category::kProfile:
      return "profile";
    case Category::kReplay:
      return "replay";
    case Category::kMonitor:
      return "monitor";
    case Category::kFeedback:
      return "feedback";
    case Category::kSpan:
      return "span";
    case Category::kLogItem:
      return "log_item";
    case Category::kTraceMetric:
      return "trace_metric";
    case Category::kMetricBucket:
      return "metric_bucket";
    case Category::kInternal:
      return "internal";
  }
  return "default";
}

std::optional<Category> CategoryNamed(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(Category::kInternal); ++i) {
    const auto category = static_cast<Category>(i);
    if (CategoryName(category) == name) return category;
  }
  return std::nullopt;
}

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return "accepted";
    case Outcome::kFiltered:
      return "filtered";
    case Outcome::kRateLimited:
      return "rate_limited";
    case Outcome::kInvalid:
      return "invalid";
    case Outcome::kAbuse:
      return "abuse";
    case Outcome::kClientDiscard:
      return "client_discard";
  }
  return "invalid";
}

std::string_view RecordTypeName(RecordType type) {
  switch (type) {
    case RecordType::kEvent:
      return "event";
    case RecordType::kOutcomes:
      return "outcomes";
    case RecordType::kSessionUpdate:
      return "session_update";
    case RecordType::kSessionAggregate:
      return "session_aggregate";
    case RecordType::kCheckIn:
      return "check_in";
    case RecordType::kClientReport:
      return "client_report";
    case RecordType::kFeedback:
      return "feedback";
    case RecordType::kAttachmentRef:
      return "attachment_ref";
  }
  return "unknown";
}

std::string_view Event::Tag(std::string_view key) const {
  for (const auto& [name, value] : tags) {
    if (name == key) return value;
  }
  return {};
}

}  // namespace mishap

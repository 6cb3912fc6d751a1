#include "api/time_window.h"

#include <cstdlib>
#include <string>

namespace mishap {
namespace {

std::int64_t UnitMicros(char unit) {
  switch (unit) {
    case 's':
      return kMicrosPerSecond;
    case 'm':
      return 60 * kMicrosPerSecond;
    case 'h':
      return kMicrosPerHour;
    case 'd':
      return kMicrosPerDay;
    case 'w':
      return 7 * kMicrosPerDay;
    default:
      return 0;
  }
}

Result<Timestamp> Before(Timestamp now, const std::string& period, std::string_view name) {
  auto micros = ParsePeriod(period);
  if (!micros) {
    return Fail(Reason::kInvalidArgument, "Invalid " + std::string(name) + ": \"" + period +
                                              "\". Expected a number and s, m, h, d or w.");
  }
  return Timestamp{now.micros - *micros};
}

Result<TimeWindow> Checked(Timestamp start, Timestamp end) {
  if (start > end) return Fail(Reason::kInvalidArgument, "start must be before end");
  return TimeWindow{start, end, false};
}

Result<TimeWindow> RelativeWindow(const QueryParams& query, Timestamp now) {
  auto start = Before(now, query.GetOr("statsPeriodStart", ""), "statsPeriodStart");
  if (!start) return Fail(start.error());
  if (query.GetOr("statsPeriodEnd", "").empty()) return Checked(*start, now);
  auto end = Before(now, query.GetOr("statsPeriodEnd", ""), "statsPeriodEnd");
  if (!end) return Fail(end.error());
  return Checked(*start, *end);
}

Result<TimeWindow> AbsoluteWindow(const std::string& start_text, const std::string& end_text) {
  if (start_text.empty() || end_text.empty()) {
    return Fail(Reason::kInvalidArgument, "start and end are both required");
  }
  auto start = ParseInstant(start_text);
  auto end = ParseInstant(end_text);
  if (!start || !end) {
    return Fail(Reason::kInvalidArgument,
                "Invalid date: \"" + (start ? end_text : start_text) + "\". Expected ISO 8601.");
  }
  return Checked(*start, *end);
}

}  // namespace

std::optional<std::int64_t> ParsePeriod(std::string_view text) {
  if (text.size() < 2 || text.size() > 10) return std::nullopt;
  auto number = ParseDigits(text.substr(0, text.size() - 1));
  auto unit = UnitMicros(text.back());
  if (!number || unit == 0) return std::nullopt;
  constexpr std::int64_t kLongest = 36'525 * kMicrosPerDay;
  if (*number > kLongest / unit) return std::nullopt;
  return *number * unit;
}

std::optional<Timestamp> ParseInstant(std::string_view text) {
  bool numeric = !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
  if (numeric) return TimestampFromSeconds(std::strtod(std::string(text).c_str(), nullptr));
  if (auto time = ParseTimestamp(text)) return time;
  // An unescaped "+02:00" arrives as " 02:00".
  auto blank = text.rfind(' ');
  if (blank == std::string_view::npos || blank < 11) return std::nullopt;
  std::string repaired(text);
  repaired[blank] = '+';
  return ParseTimestamp(repaired);
}

Result<TimeWindow> ParseTimeWindow(const QueryParams& query, Timestamp now) {
  auto period = query.GetOr("statsPeriod", "");
  if (!period.empty() && period != "auto") {
    auto start = Before(now, period, "statsPeriod");
    if (!start) return Fail(start.error());
    return TimeWindow{*start, now, false};
  }
  if (!query.GetOr("statsPeriodStart", "").empty()) return RelativeWindow(query, now);
  auto start = query.GetOr("start", "");
  auto end = query.GetOr("end", "");
  if (!start.empty() || !end.empty()) return AbsoluteWindow(start, end);
  return TimeWindow{{now.micros - kDefaultWindowMicros}, now, true};
}

}  // namespace mishap

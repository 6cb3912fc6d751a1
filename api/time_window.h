// The time window of a request (web-api 0.7): statsPeriod, statsPeriodStart/End, start and end.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "api/query_params.h"
#include "base/clock.h"
#include "base/result.h"

namespace mishap {

struct TimeWindow {
  Timestamp start;
  Timestamp end;
  bool is_default = false;  // the request named none

  bool operator==(const TimeWindow&) const = default;
};

inline constexpr std::int64_t kDefaultWindowMicros = 90 * kMicrosPerDay;

// "14d" -> microseconds. s, m, h, d, w; nullopt for anything else and beyond 100 years.
std::optional<std::int64_t> ParsePeriod(std::string_view text);
// start or end: ISO 8601 or epoch seconds.
std::optional<Timestamp> ParseInstant(std::string_view text);
// Errors: invalid_argument with the text for the client.
Result<TimeWindow> ParseTimeWindow(const QueryParams& query, Timestamp now);

}  // namespace mishap

// Values of search terms: patterns, numbers, times, booleans. Pure; errors carry no column, the
// caller knows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "storage/search/search_tree.h"

namespace mishap {

// "a*b" with stars as wildcards; "\*" is a star. Runs of stars are one.
TextPattern ParsePattern(std::string_view text);
// Nothing but stars: any value.
bool IsAnyValue(const TextPattern& pattern);

// An operator in front of a value, taken off it; kEqual without one.
SearchOp TakeOperator(std::string_view& text);

// "500", "-1.5", "2k", "1m", "1b", with an operator before it. nullopt for anything else.
std::optional<NumberTest> ParseNumberTest(std::string_view text);

// "-24h" (within the last day), "+7d" (longer ago), "2026-05-01" (that UTC day),
// "2026-05-01T10:00:00Z" (five minutes before to six after), ">=2026-05-01".
// is_negated: "!=", nullopt for anything else.
struct TimeTest {
  TimeRange range;
  bool is_negated = false;
};
std::optional<TimeTest> ParseTimeTest(std::string_view text, Timestamp now);

std::optional<bool> ParseBool(std::string_view text);

}  // namespace mishap

#include "api/search/search_values.h"

#include <algorithm>
#include <charconv>

#include "api/time_window.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::int64_t kMicrosPerMinute = 60 * kMicrosPerSecond;
constexpr double kNumberMax = 1e15;

struct OpWord {
  std::string_view word;
  SearchOp op;
};
constexpr OpWord kOps[] = {
    {">=", SearchOp::kGreaterOrEqual}, {"<=", SearchOp::kLessOrEqual}, {"!=", SearchOp::kNotEqual},
    {">", SearchOp::kGreater},         {"<", SearchOp::kLess},         {"=", SearchOp::kEqual}};

bool IsDayOnly(std::string_view text) {
  return text.size() == 10 && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

// YYYY-MM-DD[...]: ParseTimestamp takes more than the language does.
bool LooksLikeDate(std::string_view text) {
  return text.size() >= 10 && text[4] == '-' && text[7] == '-' &&
         (text.size() == 10 || text[10] == 'T' || text[10] == ' ');
}

std::optional<TimeTest> RelativeTest(std::string_view text, Timestamp now) {
  auto unit = text.back();
  if (unit == 's') return std::nullopt;
  auto micros = ParsePeriod(text.substr(1));
  if (!micros) return std::nullopt;
  const Timestamp at{now.micros - *micros};
  TimeTest test;
  if (text.front() == '-') {
    test.range.from = at;
  } else {
    test.range.until = Timestamp{at.micros + 1};
  }
  return test;
}

}  // namespace

TextPattern ParsePattern(std::string_view text) {
  TextPattern pattern;
  pattern.pieces.emplace_back();
  bool after_star = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '*') {
      if (!after_star) pattern.pieces.emplace_back();
      after_star = true;
      continue;
    }
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '*') ++i;
    pattern.pieces.back() += text[i];
    after_star = false;
  }
  return pattern;
}

bool IsAnyValue(const TextPattern& pattern) {
  return !pattern.IsExact() && std::all_of(pattern.pieces.begin(), pattern.pieces.end(),
                                           [](const std::string& piece) { return piece.empty(); });
}

SearchOp TakeOperator(std::string_view& text) {
  for (const auto& [word, op] : kOps) {
    if (!text.starts_with(word)) continue;
    text.remove_prefix(word.size());
    return op;
  }
  return SearchOp::kEqual;
}

std::optional<NumberTest> ParseNumberTest(std::string_view text) {
  NumberTest test;
  test.op = TakeOperator(text);
  double scale = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 'k':
      case 'K':
        scale = 1e3;
        break;
      case 'm':
      case 'M':
        scale = 1e6;
        break;
      case 'b':
      case 'B':
        scale = 1e9;
        break;
      default:
        break;
    }
    if (scale != 1) text.remove_suffix(1);
  }
  auto digits = text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits.find_first_not_of("0123456789.") != std::string_view::npos ||
      digits.front() == '.' || digits.back() == '.') {
    return std::nullopt;
  }
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), test.value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  test.value *= scale;
  if (test.value > kNumberMax || test.value < -kNumberMax) return std::nullopt;
  return test;
}

std::optional<TimeTest> ParseTimeTest(std::string_view text, Timestamp now) {
  if (text.size() > 1 && (text.front() == '-' || text.front() == '+')) {
    return RelativeTest(text, now);
  }
  bool has_operator =
      !text.empty() && std::string_view("<>=!").find(text.front()) != std::string_view::npos;
  auto op = TakeOperator(text);
  if (!LooksLikeDate(text)) return std::nullopt;
  auto at = ParseTimestamp(text);
  if (!at) return std::nullopt;
  TimeTest test;
  test.is_negated = has_operator && op == SearchOp::kNotEqual;
  switch (op) {
    case SearchOp::kGreater:
      test.range.from = Timestamp{at->micros + 1};
      return test;
    case SearchOp::kGreaterOrEqual:
      test.range.from = *at;
      return test;
    case SearchOp::kLess:
      test.range.until = *at;
      return test;
    case SearchOp::kLessOrEqual:
      test.range.until = Timestamp{at->micros + 1};
      return test;
    default:
      break;
  }
  if (IsDayOnly(text)) {
    test.range = {*at, Timestamp{at->micros + kMicrosPerDay}};
  } else {
    test.range = {Timestamp{at->micros - 5 * kMicrosPerMinute},
                  Timestamp{at->micros + 6 * kMicrosPerMinute}};
  }
  return test;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "1" || EqualsIgnoreCase(text, "true")) return true;
  if (text == "0" || EqualsIgnoreCase(text, "false")) return false;
  return std::nullopt;
}

}  // namespace mishap

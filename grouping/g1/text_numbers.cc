// Numbers, versions, sizes and durations.
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

struct Unit {
  std::string_view name;
  bool duration;
  bool glued_only;  // one letter: "5s" is a duration, "5 s" may be anything
};

constexpr std::array<Unit, 56> kUnits{{
    {"ms", true, false},
    {"us", true, false},
    {"\xC2\xB5s", true, false},
    {"\xCE\xBCs", true, false},
    {"ns", true, false},
    {"s", true, false},
    {"sec", true, false},
    {"secs", true, false},
    {"second", true, false},
    {"seconds", true, false},
    {"min", true, false},
    {"mins", true, false},
    {"minute", true, false},
    {"minutes", true, false},
    {"m", true, true},
    {"h", true, true},
    {"hr", true, false},
    {"hrs", true, false},
    {"hour", true, false},
    {"hours", true, false},
    {"d", true, true},
    {"day", true, false},
    {"days", true, false},
    {"week", true, false},
    {"weeks", true, false},
    {"msec", true, false},
    {"msecs", true, false},
    {"millis", true, false},
    {"millisecond", true, false},
    {"milliseconds", true, false},
    {"microseconds", true, false},
    {"nanoseconds", true, false},
    {"B", false, false},
    {"byte", false, false},
    {"bytes", false, false},
    {"Bytes", false, false},
    {"KB", false, false},
    {"kB", false, false},
    {"kb", false, false},
    {"KiB", false, false},
    {"MB", false, false},
    {"mb", false, false},
    {"MiB", false, false},
    {"GB", false, false},
    {"gb", false, false},
    {"GiB", false, false},
    {"TB", false, false},
    {"TiB", false, false},
    {"PB", false, false},
    {"Ki", false, true},
    {"Mi", false, true},
    {"Gi", false, true},
    {"Ti", false, true},
    {"K", false, true},
    {"M", false, true},
    {"G", false, true},
}};

// Digits with an optional fraction; 0 if there are none.
std::size_t PlainNumber(std::string_view s, std::size_t at) {
  std::size_t length = RunLength(s, at, IsDigit);
  if (length == 0) return 0;
  const std::size_t dot = at + length;
  if (dot + 1 < s.size() && s[dot] == '.' && IsDigit(s[dot + 1])) {
    length += 1 + RunLength(s, dot + 1, IsDigit);
  }
  return length;
}

}  // namespace

std::size_t MatchUnit(std::string_view s, std::size_t at, bool glued, std::string_view& token) {
  if (at >= s.size() || (!IsLetter(s[at]) && ClassOf(s[at]) != kWordOther)) return 0;
  const std::size_t length = RunLength(
      s, at, [](char c) { return IsLetter(c) || (ClassOf(c) == kWordOther && c != '_'); });
  const std::string_view word = s.substr(at, length);
  if (length == 0 || length > 12) return 0;  // longer than any unit
  for (const Unit& unit : kUnits) {
    if (unit.name[0] != word[0]) continue;
    if (unit.name != word || (unit.glued_only && !glued)) continue;
    token = unit.duration ? "dur" : "size";
    return length;
  }
  return 0;
}

Quantity MatchQuantity(std::string_view s, std::size_t at) {
  const std::size_t number = PlainNumber(s, at);
  if (number == 0) return {};
  std::size_t end = at + number;
  const bool glued = end < s.size() && s[end] != ' ';
  if (!glued) ++end;
  Quantity result;
  std::size_t unit = MatchUnit(s, end, glued, result.token);
  if (unit == 0) return {};
  end += unit;
  while (glued && result.token == "dur") {  // 1h30m5.2s
    const std::size_t more = PlainNumber(s, end);
    std::string_view token;
    const std::size_t more_unit = more == 0 ? 0 : MatchUnit(s, end + more, true, token);
    if (more_unit == 0 || token != "dur") break;
    end += more + more_unit;
  }
  if (!EndsAtBorder(s, end)) return {};
  result.length = end - at;
  return result;
}

// "PT0.123S", "P3DT4H"
std::size_t MatchIsoDuration(std::string_view s, std::size_t at) {
  std::size_t end = at + 1;
  bool any = false;
  while (end < s.size()) {
    if (s[end] == 'T') ++end;
    const std::size_t number = PlainNumber(s, end);
    if (number == 0) break;
    end += number;
    if (end >= s.size() || std::string_view("YMWDHS").find(s[end]) == std::string_view::npos) {
      return 0;
    }
    ++end;
    any = true;
  }
  return any && EndsAtBorder(s, end) ? end - at : 0;
}

std::size_t MatchVersion(std::string_view s, std::size_t at) {
  std::size_t end = at;
  if (s[end] == 'v' || s[end] == 'V') ++end;
  std::size_t parts = 0;
  while (true) {
    const std::size_t digits = RunLength(s, end, IsDigit);
    if (digits == 0) return 0;
    end += digits;
    ++parts;
    if (end + 1 >= s.size() || s[end] != '.' || !IsDigit(s[end + 1])) break;
    ++end;
  }
  if (parts < 3) return 0;
  static constexpr std::array<std::string_view, 12> kSuffixes{
      "alpha", "beta", "rc", "dev", "pre", "snapshot", "post", "final", "ga", "a", "b", "m"};
  std::size_t suffix = end;
  if (suffix < s.size() && (s[suffix] == '-' || s[suffix] == '+' || s[suffix] == '.')) ++suffix;
  const std::size_t letters = RunLength(s, suffix, IsLetter);
  for (std::string_view known : kSuffixes) {
    if (!EqualsLower(s.substr(suffix, letters), known)) continue;
    std::size_t tail = suffix + letters;
    if (tail + 1 < s.size() && s[tail] == '.' && IsDigit(s[tail + 1])) ++tail;
    tail += RunLength(s, tail, IsDigit);
    if (EndsAtBorder(s, tail)) return tail - at;
  }
  return EndsAtBorder(s, end) ? end - at : 0;
}

std::size_t MatchNumber(std::string_view s, std::size_t at) {
  std::size_t end = at + RunLength(s, at, IsDigit);
  if (end == at) return 0;
  if (end - at <= 3) {
    while (end + 3 < s.size() + 0 && s[end] == ',' && RunLength(s, end + 1, IsDigit) == 3) end += 4;
  }
  if (end + 1 < s.size() && s[end] == '.' && IsDigit(s[end + 1])) {
    end += 1 + RunLength(s, end + 1, IsDigit);
  }
  if (end + 1 < s.size() && (s[end] == 'e' || s[end] == 'E')) {
    const std::size_t sign = s[end + 1] == '-' || s[end + 1] == '+' ? 1 : 0;
    const std::size_t digits = RunLength(s, end + 1 + sign, IsDigit);
    if (digits > 0) end += 1 + sign + digits;
  }
  return EndsAtBorder(s, end) ? end - at : 0;
}

}  // namespace mishap::g1

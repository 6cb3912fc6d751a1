// Values that a text names: key='alpha', retry=true, {"id": 5}. And placeholders that stand in a
// text already.
#include <algorithm>
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kJsonKeyBytesMax = 64;

std::size_t JsonWord(std::string_view s, std::size_t at) {
  for (std::string_view word : {"true", "false", "null", "True", "False", "None"}) {
    if (s.substr(at, word.size()) == word && EndsAtBorder(s, at + word.size())) return word.size();
  }
  return 0;
}

std::size_t JsonValue(std::string_view s, std::size_t at) {
  if (at >= s.size()) return 0;
  if (s[at] == '"' || s[at] == '\'') return MatchQuoted(s, at);
  if (s[at] == '<') return MatchPlaceholder(s, at);
  if (const std::size_t word = JsonWord(s, at); word > 0) return word;
  const std::size_t sign = s[at] == '-' ? 1 : 0;
  const std::size_t number = MatchNumber(s, at + sign);
  return number == 0 ? 0 : sign + number;
}

}  // namespace

std::size_t MatchQuoted(std::string_view s, std::size_t at) {
  const char quote = s[at];
  for (std::size_t i = at + 1; i < s.size(); ++i) {
    if (s[i] == '\\')
      ++i;
    else if (s[i] == quote)
      return i + 1 - at;
  }
  return 0;
}

std::size_t MatchEqualsValue(std::string_view s, std::size_t at) {
  if (at >= s.size()) return 0;
  if (s[at] == '"' || s[at] == '\'') return MatchQuoted(s, at);
  for (std::string_view word : {"true", "false"}) {
    if (StartsWithLower(s.substr(at), word) && EndsAtBorder(s, at + word.size())) {
      return word.size();
    }
  }
  return 0;
}

std::size_t MatchSpacedValue(std::string_view s, std::size_t at, char before) {
  static constexpr std::size_t kLongest = 256;
  if (at + 3 >= s.size()) return 0;
  if (before == ' ' && s[at + 1] == ' ' && (s[at + 2] == '\'' || s[at + 2] == '"')) {
    return MatchQuoted(s, at + 2);
  }
  if (before != ')' || s[at + 1] != '(') return 0;
  const auto close = s.substr(0, std::min(s.size(), at + kLongest)).find(')', at + 2);
  return close == std::string_view::npos ? 0 : close - at - 2;
}

std::size_t MatchSqlValue(std::string_view s, std::size_t at, std::string_view done) {
  if (s[at] != '\'') return 0;
  const auto ends = [&](std::string_view tail) {
    return done.size() >= tail.size() && EqualsLower(done.substr(done.size() - tail.size()), tail);
  };
  for (std::string_view tail :
       {" in (", "values (", " like ", " ilike ", "duplicate entry ", "(<kv>, "}) {
    if (ends(tail)) return MatchQuoted(s, at);
  }
  return 0;
}

JsonPair MatchJsonPair(std::string_view s, std::size_t at) {
  const char quote = s[at];
  std::size_t end = at + 1;
  while (end < s.size() && end - at <= kJsonKeyBytesMax &&
         (IsWord(s[end]) || s[end] == '-' || s[end] == '.')) {
    ++end;
  }
  if (end >= s.size() || s[end] != quote || end == at + 1) return {};
  ++end;
  if (end < s.size() && s[end] == ' ') ++end;
  if (end >= s.size() || s[end] != ':') return {};
  ++end;
  if (end < s.size() && s[end] == ' ') ++end;
  const std::size_t value = JsonValue(s, end);
  return value == 0 ? JsonPair{} : JsonPair{end - at, value};
}

std::size_t MatchPlaceholder(std::string_view s, std::size_t at) {
  static constexpr std::array<std::string_view, 17> kNames{
      "jwt", "email", "trace", "uuid", "date", "mac", "ip", "ver", "host",
      "hex", "size",  "dur",   "kv",   "num",  "id",  "v",  "url"};
  const std::size_t length = RunLength(s.substr(0, std::min(s.size(), at + 8)), at + 1, IsLower);
  const std::string_view name = s.substr(at + 1, length);
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) return 0;
  const std::size_t end = at + 1 + length;
  if (end < s.size() && s[end] == '>') return length + 2;
  if (name != "url" || s.substr(end, 2) != ":/") return 0;
  const std::size_t close = s.find_first_of("> ", end);
  return close != std::string_view::npos && s[close] == '>' ? close + 1 - at : 0;
}

}  // namespace mishap::g1

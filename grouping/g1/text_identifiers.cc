// Ids without meaning to a reader: traces, UUIDs, hex, random strings, and paths, which carry them
// inside.
#include <algorithm>

#include "grouping/g1/chars.h"
#include "grouping/g1/content_hash.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

// Bytes of the groups of hex digits with the given lengths, joined by '-'; 0 if `s` has something
// else there.
template <std::size_t N>
std::size_t HexGroups(std::string_view s, std::size_t at, const std::size_t (&lengths)[N]) {
  std::size_t end = at;
  for (std::size_t i = 0; i < N; ++i) {
    if (i > 0 && (end >= s.size() || s[end++] != '-')) return 0;
    if (RunLength(s.substr(0, std::min(s.size(), end + lengths[i] + 1)), end, IsHex) !=
        lengths[i]) {
      return 0;
    }
    end += lengths[i];
  }
  return EndsAtBorder(s, end) ? end - at : 0;
}

bool EndsPath(char c) {
  return IsBlank(c) || std::string_view("\"'`<>()[]{},;|").find(c) != std::string_view::npos;
}

// One segment without what varies: digit runs, long hex, UUIDs and random names become '*'.
void AppendSegment(std::string_view segment, std::string& out) {
  // Of Python's tempfile and of mktemp.
  const bool temporary = segment.substr(0, 3) == "tmp" && RunLength(segment, 0, IsWord) == 11;
  if (temporary && segment.size() == 11) {
    out.push_back('*');
    return;
  }
  for (std::size_t i = 0; i < segment.size();) {
    if (!IsAlnum(segment[i])) {
      out.push_back(segment[i++]);
      continue;
    }
    std::size_t length = MatchUuid(segment, i);
    if (length == 0) {
      const std::size_t run = RunLength(segment, i, IsAlnum);
      const std::string_view word = segment.substr(i, run);
      const bool digit = std::any_of(word.begin(), word.end(), IsDigit);
      const bool hex = run >= 7 && digit && RunLength(word, 0, IsHex) == run;
      if (hex || (digit && LooksRandom(word))) length = run;
    }
    if (length > 0) {
      out.push_back('*');
      i += length;
      continue;
    }
    while (i < segment.size() && IsAlnum(segment[i])) {
      const std::size_t digits = RunLength(segment, i, IsDigit);
      out.push_back(digits > 0 ? '*' : segment[i]);
      i += digits > 0 ? digits : 1;
    }
  }
}

// "Posts-Ck81_xYz.css": what a bundler wrote, without the hash of its content. False: no hash.
bool AppendAsset(std::string_view segment, std::string& out) {
  const auto dot = segment.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view extension = segment.substr(dot + 1);
  if (extension != "js" && extension != "css" && extension != "mjs" && extension != "map") {
    return false;
  }
  bool hashed = false;
  const std::string_view stem = CutBundleHash(segment.substr(0, dot), true, hashed);
  if (!hashed || stem.empty()) return false;
  AppendSegment(stem, out);
  out.append("-*").append(segment.substr(dot));
  return true;
}

}  // namespace

std::size_t MatchTraceId(std::string_view s, std::size_t at) {
  if (s.substr(at, 3) == "00-") return HexGroups(s, at, {2, 32, 16, 2});
  if (s.substr(at, 2) == "1-") return HexGroups(s, at, {1, 8, 24});
  return 0;
}

std::size_t MatchUuid(std::string_view s, std::size_t at) {
  return HexGroups(s, at, {8, 4, 4, 4, 12});
}

std::size_t MatchHex(std::string_view s, std::size_t at) {
  if (s[at] == '0' && at + 1 < s.size() && (s[at + 1] == 'x' || s[at + 1] == 'X')) {
    const std::size_t hex = RunLength(s, at + 2, IsHex);
    return hex > 0 && EndsAtBorder(s, at + 2 + hex) ? 2 + hex : 0;
  }
  const std::size_t length = RunLength(s, at, IsHex);
  if (length < 7 || length > 128 || !EndsAtBorder(s, at + length)) return 0;
  bool digit = false;
  bool upper = false;
  bool lower = false;
  for (char c : s.substr(at, length)) {
    digit = digit || IsDigit(c);
    upper = upper || IsUpper(c);
    lower = lower || IsLower(c);
  }
  if (!digit || upper == lower) return 0;
  return upper && length < 8 ? 0 : length;
}

std::size_t MatchPath(std::string_view s, std::size_t at, std::size_t& run_end) {
  std::size_t end = at;
  const bool drive = s[at] != '/';
  if (drive) end += 2;  // the caller saw the letter and the colon
  while (end < s.size() && !EndsPath(s[end])) ++end;
  run_end = end;
  while (end > at && std::string_view(".,:!?").find(s[end - 1]) != std::string_view::npos) --end;
  const std::string_view path = s.substr(at, end - at);
  std::size_t segments = 0;
  for (std::size_t i = drive ? 2 : 0; i + 1 < path.size(); ++i) {
    const bool slash = path[i] == '/' || path[i] == '\\';
    if (slash && path[i + 1] != '/' && path[i + 1] != '\\') ++segments;
  }
  return segments >= (drive ? 1U : 2U) ? end - at : 0;
}

void AppendPath(std::string_view path, std::string& out) {
  if (const auto query = path.find('?'); query != std::string_view::npos) {
    if (path.find('=', query) != std::string_view::npos) path = path.substr(0, query);
  }
  if (path.front() != '/') out.push_back('/');
  bool home = false;
  for (std::size_t from = 0; from <= path.size();) {
    const std::size_t end = std::min(path.find_first_of("/\\", from), path.size());
    const std::string_view segment = path.substr(from, end - from);
    if (home && !segment.empty()) {
      out.push_back('*');
    } else if (end == path.size() && AppendAsset(segment, out)) {
      break;
    } else {
      AppendSegment(segment, out);
    }
    home = segment == "home" || segment == "Users";
    if (end < path.size()) out.push_back('/');
    from = end + 1;
  }
}

bool LooksRandom(std::string_view run) {
  const bool padded = run.size() > 1 && run.back() == '=';
  if (run.size() < 8) return false;
  std::size_t digits = 0;
  std::size_t changes = 0;
  std::size_t digit_changes = 0;
  bool upper = false;
  bool lower = false;
  bool crockford = true;
  char before = '\0';
  for (char c : run) {
    digits += IsDigit(c) ? 1 : 0;
    upper = upper || IsUpper(c);
    lower = lower || IsLower(c);
    const bool known = IsDigit(c) || (IsUpper(c) && c != 'I' && c != 'L' && c != 'O' && c != 'U');
    crockford = crockford && known;
    if (IsAlnum(c) && before != '\0' && IsAlnum(before)) {
      const bool digit_change = IsDigit(c) != IsDigit(before);
      // A capital that begins a word is no change: camelCase names are not random.
      changes += digit_change || (IsUpper(c) && IsLower(before)) ? 1 : 0;
      digit_changes += digit_change ? 1 : 0;
    }
    before = c;
  }
  if (crockford && run.size() == 26 && digits > 0) return true;
  if (padded && digits > 0 && upper && lower) return true;
  return digits >= 2 && changes >= 4 && digit_changes >= 2 && ((upper && lower) || digits >= 4);
}

}  // namespace mishap::g1

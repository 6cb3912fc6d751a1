// Addresses of all kinds: URLs, e-mail, hosts, IP and MAC addresses, and the tokens that travel
// with them.
#include <algorithm>
#include <array>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kSchemeBytesMax = 20;
constexpr std::size_t kEmailLocalBytesMax = 64;
constexpr std::size_t kHostBytesMax = 253;
constexpr std::size_t kUrlSegmentsMax = 4;
constexpr std::size_t kBracketBytesMax = 64;

bool IsBase64Url(char c) {
  return IsAlnum(c) || c == '-' || c == '_';
}
bool EndsUrl(char c) {
  switch (c) {
    case '"':
    case '\'':
    case '`':
    case '<':
    case '>':
    case ')':
    case ']':
    case '}':
      return true;
    default:
      return IsBlank(c);
  }
}
bool IsHostChar(char c) {
  return IsAlnum(c) || c == '-' || c == '_';
}

// Ends of names that are hosts with two labels already.
constexpr std::array<std::string_view, 46> kTopLevels{
    "com", "net",  "org",   "edu",         "gov",      "mil",    "io",  "dev", "de",  "uk",
    "fr",  "es",   "nl",    "ch",          "ru",       "cn",     "jp",  "kr",  "br",  "ca",
    "au",  "eu",   "se",    "fi",          "dk",       "cz",     "pt",  "gr",  "ie",  "nz",
    "za",  "mx",   "tr",    "ua",          "ro",       "hu",     "biz", "tv",  "xyz", "arpa",
    "lan", "corp", "local", "localdomain", "internal", "example"};
// Ends that are names of properties and files as well ("logger.info", "arr.at"): these ask for
// three labels.
constexpr std::array<std::string_view, 28> kRiskyTopLevels{
    "info", "app", "co", "store", "site",    "test", "home", "at",     "in",   "is",
    "no",   "be",  "it", "us",    "me",      "to",   "int",  "online", "tech", "cloud",
    "ai",   "pl",  "id", "svc",   "cluster", "name", "host", "invalid"};

template <std::size_t N>
bool Holds(const std::array<std::string_view, N>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

bool EndsAtBorder(std::string_view s, std::size_t end) {
  return end >= s.size() || !IsWord(s[end]);
}

std::size_t MatchJwt(std::string_view s, std::size_t at, std::size_t& run_end) {
  if (s.substr(at, 3) != "eyJ") return 0;
  std::size_t end = at;
  for (int part = 0; part < 3; ++part) {
    if (part > 0 && (end >= s.size() || s[end++] != '.')) return 0;
    const std::size_t length = RunLength(s, end, IsBase64Url);
    if (part == 0) run_end = end + length;
    if (length < 4) return 0;
    end += length;
  }
  return end - at;
}

std::size_t MatchUrl(std::string_view s, std::size_t at) {
  if (!IsLetter(s[at])) return 0;
  std::size_t end = at;
  while (end < s.size() && end - at < kSchemeBytesMax &&
         (IsAlnum(s[end]) || s[end] == '+' || s[end] == '-' || s[end] == '.')) {
    ++end;
  }
  if (s.substr(end, 3) != "://") return 0;
  end += 3;
  const std::size_t begin = end;
  if (end < s.size() && s[end] == '[') {  // "http://[::1]:80/", "ftp://[Filtered]@host/"
    const auto close = s.substr(0, std::min(s.size(), end + kBracketBytesMax)).find(']', end);
    if (close != std::string_view::npos) end = close + 1;
  }
  end += RunLength(s, end, [](char c) { return !EndsUrl(c); });
  while (end > begin && std::string_view(".,;:!?").find(s[end - 1]) != std::string_view::npos) {
    --end;
  }
  return end > begin ? end - at : 0;
}

void AppendUrl(std::string_view url, std::string& out) {
  url.remove_prefix(url.find("://") + 3);
  const std::size_t slash = std::min(url.find_first_of("/?#"), url.size());
  url.remove_prefix(slash);
  url = url.substr(0, url.find_first_of("?#"));
  out += "<url:";
  std::size_t segments = 0;
  bool home = false;
  for (std::size_t from = 0; from < url.size() && segments < kUrlSegmentsMax;) {
    const std::size_t begin = from + 1;
    const std::size_t end = std::min(url.find('/', begin), url.size());
    const std::string_view segment = url.substr(begin, end - begin);
    from = end;
    if (segment.empty()) continue;
    const bool plain =
        !home && segment.size() >= 2 && segment.size() <= 20 &&
        RunLength(segment, 0, [](char c) { return IsLetter(c) || c == '_'; }) == segment.size();
    out += '/';
    out += plain ? segment : std::string_view("*");
    home = segment == "home" || segment == "Users";
    ++segments;
  }
  if (segments == 0) out += '/';
  out += '>';
}

std::size_t MatchEmail(std::string_view s, std::size_t at) {
  std::size_t end = at;
  while (end < s.size() && end - at <= kEmailLocalBytesMax &&
         (IsAlnum(s[end]) || std::string_view("._%+-").find(s[end]) != std::string_view::npos)) {
    ++end;
  }
  if (end == at || end >= s.size() || s[end] != '@') return 0;
  std::size_t label = ++end;
  bool dotted = false;
  while (end < s.size() && end - label <= kHostBytesMax && (IsHostChar(s[end]) || s[end] == '.')) {
    ++end;
  }
  while (end > label && !IsAlnum(s[end - 1])) --end;
  const std::string_view domain = s.substr(label, end - label);
  const std::size_t dot = domain.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    const std::size_t letters = RunLength(domain, dot + 1, IsLetter);
    dotted = letters >= 2 && letters == domain.size() - dot - 1;
  }
  return dotted && EndsAtBorder(s, end) ? end - at : 0;
}

std::size_t MatchMac(std::string_view s, std::size_t at) {
  if (at + 17 > s.size()) return 0;
  const char joiner = s[at + 2];
  if (joiner != ':' && joiner != '-') return 0;
  for (std::size_t i = 0; i < 17; ++i) {
    const bool joint = i % 3 == 2;
    if (joint ? s[at + i] != joiner : !IsHex(s[at + i])) return 0;
  }
  if (!EndsAtBorder(s, at + 17) || (at + 17 < s.size() && s[at + 17] == joiner)) return 0;
  return 17;
}

std::size_t MatchIpv4(std::string_view s, std::size_t at) {
  std::size_t end = at;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (end >= s.size() || s[end++] != '.')) return 0;
    const std::size_t digits = RunLength(s, end, IsDigit);
    if (digits == 0 || digits > 3) return 0;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + (s[end + i] - '0');
    if (value > 255) return 0;
    end += digits;
  }
  if (!EndsAtBorder(s, end)) return 0;
  return end + 1 < s.size() && s[end] == '.' && IsWord(s[end + 1]) ? 0 : end - at;
}

std::size_t MatchIpv6(std::string_view s, std::size_t at) {
  static constexpr std::size_t kLongest = 45;
  if (s.substr(at, 4) == "::1:") {  // loopback and a port, as node writes it
    const std::size_t port = RunLength(s, at + 4, IsDigit);
    if (port >= 2 && port <= 5 && EndsAtBorder(s, at + 4 + port)) return 3;
  }
  std::size_t end = at;
  std::size_t colons = 0;
  bool digit = false;
  while (end < s.size() && end - at <= kLongest && (IsHex(s[end]) || s[end] == ':')) {
    colons += s[end] == ':' ? 1 : 0;
    digit = digit || IsDigit(s[end]);
    ++end;
  }
  if (colons < 2 || !digit || end - at > kLongest || !EndsAtBorder(s, end)) return 0;
  if (end < s.size() && s[end] == '(') return 0;
  int groups = 0;
  bool gap = false;
  for (std::size_t i = at; i < end;) {
    if (s.substr(i, 2) == "::" && i + 2 <= end) {
      if (gap || (i + 2 < end && s[i + 2] == ':')) return 0;
      gap = true;
      i += 2;
      continue;
    }
    if (s[i] == ':') {
      if (i == at || i + 1 == end) return 0;
      ++i;
      continue;
    }
    const std::size_t hex = RunLength(s.substr(0, end), i, IsHex);
    if (hex > 4) return 0;
    ++groups;
    i += hex;
  }
  if (gap ? groups > 7 : groups != 8) return 0;
  if (s[end - 1] == ':' && end < s.size() && !IsBlank(s[end])) return 0;
  return end - at;
}

std::size_t MatchHost(std::string_view s, std::size_t at, std::size_t& run_end) {
  std::size_t end = at;
  while (end < s.size() && (IsHostChar(s[end]) || s[end] == '.')) ++end;
  run_end = end;
  while (end > at && s[end - 1] == '.') --end;
  if (end - at > kHostBytesMax || (end < s.size() && (s[end] == '(' || IsWord(s[end])))) return 0;
  const std::string_view run = s.substr(at, end - at);
  const auto dots = std::count(run.begin(), run.end(), '.');
  if (dots == 0 || run.find("..") != std::string_view::npos) return 0;
  const std::string_view last = run.substr(run.rfind('.') + 1);
  if (Holds(kTopLevels, last) || (dots >= 2 && Holds(kRiskyTopLevels, last))) return end - at;
  return 0;
}

}  // namespace mishap::g1

// Codes that mean something (HTTP 404, errno 13, SQLSTATE, HRESULT) and vendors' error numbers:
// they stay in the text.
#include <algorithm>
#include <array>
#include <cstdint>
#include <initializer_list>

#include "grouping/g1/chars.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kKeywordBytesMax = 12;

// Skips one blank and `word` (lower case) if they follow.
std::size_t SkipWord(std::string_view s, std::size_t at, std::string_view word) {
  if (at + 1 + word.size() > s.size() || s[at] != ' ') return at;
  if (!EqualsLower(s.substr(at + 1, word.size()), word)) return at;
  const std::size_t end = at + 1 + word.size();
  return end < s.size() && IsLetter(s[end]) ? at : end;
}

// Lengths of the keywords below by first letter, as bits: nearly every word of a text is refused
// here.
constexpr std::uint32_t LengthsOf(char first) {
  const auto bits = [](std::initializer_list<unsigned> lengths) {
    std::uint32_t set = 0;
    for (unsigned length : lengths) set |= 1U << length;
    return set;
  };
  switch (first) {
    case 's':
      return bits({6, 8, 10, 11});
    case 'h':
      return bits({4, 7});
    case 'e':
      return bits({3, 4, 5, 6, 7, 8, 9, 10});
    case 'r':
      return bits({2, 6, 8, 10, 11});
    case 'c':
      return bits({4, 6});
    case 'n':
    case 'w':
      return bits({8});
    default:
      return 0;
  }
}

bool EndsWithLower(std::string_view s, std::string_view tail) {
  return s.size() >= tail.size() && EqualsLower(s.substr(s.size() - tail.size()), tail);
}

// "got 404 from stock", "replied with 503": a status of HTTP where no word says so. 0: a mere
// number.
std::size_t MatchGotStatus(std::string_view s, std::size_t at) {
  std::size_t end = at;
  const char first = ToLower(s[at]);
  if (first != 'g' && (first != 'r' || at + 1 >= s.size() || ToLower(s[at + 1]) != 'e')) return 0;
  for (std::string_view word : {"got ", "received ", "replied ", "responded "}) {
    if (first != word[0] || !StartsWithLower(s.substr(at), word)) continue;
    end += word.size();
    if (StartsWithLower(s.substr(end), "with ")) end += 5;
  }
  if (end == at || end >= s.size() || (s[end] != '4' && s[end] != '5')) return 0;
  if (RunLength(s, end, IsDigit) != 3 || !EndsAtBorder(s, end + 3)) return 0;
  end += 3;
  if (end == s.size()) return end - at;
  if (std::string_view(",;:)]").find(s[end]) != std::string_view::npos) return end - at;
  for (std::string_view word :
       {"from", "for", "on", "when", "while", "response", "error", "status"}) {
    if (SkipWord(s, end, word) != end) return end - at;
  }
  return 0;
}

// Behind the keyword and the words that may follow it; 0: no keyword.
std::size_t SkipKeyword(std::string_view s, std::size_t at) {
  std::size_t end = at;
  while (end < s.size() && (IsLetter(s[end]) || s[end] == '_')) ++end;
  const std::size_t length = end - at;
  if (length > kKeywordBytesMax || (LengthsOf(ToLower(s[at])) >> length & 1U) == 0) return 0;
  std::array<char, kKeywordBytesMax> buffer{};
  for (std::size_t i = 0; i < length; ++i) buffer[i] = ToLower(s[at + i]);
  const std::string_view word(buffer.data(), length);

  static constexpr std::array<std::string_view, 18> kAlone{
      "errno",     "signal",     "hresult",     "ntstatus",    "sqlstate",   "rc",
      "wsaerror",  "returncode", "winerror",    "status_code", "statuscode", "error_code",
      "errorcode", "errcode",    "return_code", "exit_code",   "exitcode",   "err"};
  if (word == "err") return SkipWord(s, end, "code");
  if (std::find(kAlone.begin(), kAlone.end(), word) != kAlone.end()) return end;
  if (word == "status") return SkipWord(s, end, "code");
  if (word == "error") {
    const std::size_t code = SkipWord(s, end, "code");
    return code != end ? code : SkipWord(s, end, "number");
  }
  if (word == "http") {
    if (end + 1 < s.size() && s[end] == '/' && IsDigit(s[end + 1])) {
      end += 2;
      if (end + 1 < s.size() && s[end] == '.' && IsDigit(s[end + 1])) end += 2;
    }
    return end;
  }
  if (word == "code") {
    const std::string_view before = s.substr(0, at);
    const bool told = EndsWithLower(before, "with ") || EndsWithLower(before, "(") ||
                      EndsWithLower(before, "close ");
    if (told && end + 1 < s.size() && s[end] == ' ' && IsDigit(s[end + 1])) return end;
    std::size_t mark = end;
    while (mark < s.size() && mark < end + 2 && s[mark] == ' ') ++mark;
    return mark < s.size() && (s[mark] == ':' || s[mark] == '=') ? end : 0;
  }
  if (word == "closed") {  // of a WebSocket: "closed with 1006"
    const std::size_t with = SkipWord(s, end, "with");
    return with != end ? with : 0;
  }
  static constexpr std::array<std::string_view, 7> kResults{
      "exit", "exited", "return", "returned", "result", "resulted", "response"};
  if (std::find(kResults.begin(), kResults.end(), word) == kResults.end()) return 0;
  end = SkipWord(s, end, "with");
  const std::size_t code = SkipWord(s, end, "code");
  return code != end ? code : SkipWord(s, end, "status");
}

// Bytes of the code at `at`: 0x and 8 hex digits, 5 capitals and digits, or 1 to 5 digits with or
// without a minus.
std::size_t CodeLength(std::string_view s, std::size_t at, bool glued) {
  if (s.substr(at, 2) == "0x" || s.substr(at, 2) == "0X") {
    return RunLength(s, at + 2, IsHex) == 8 && EndsAtBorder(s, at + 10) ? 10 : 0;
  }
  const auto capital = [](char c) { return IsUpper(c) || IsDigit(c); };
  if (!glued && RunLength(s, at, capital) == 5 && EndsAtBorder(s, at + 5) &&
      std::any_of(s.begin() + static_cast<std::ptrdiff_t>(at),
                  s.begin() + static_cast<std::ptrdiff_t>(at) + 5, IsDigit) &&
      RunLength(s, at, IsDigit) < 5) {
    return 5;
  }
  const std::size_t sign = s.substr(at, 1) == "-" ? 1 : 0;
  const std::size_t digits = RunLength(s, at + sign, IsDigit);
  const std::size_t end = at + sign + digits;
  if (digits == 0 || digits > 5 || !EndsAtBorder(s, end)) return 0;
  if (end + 1 < s.size() && (IsDigit(s[end + 1]) || s[end + 1] == '<') &&
      std::string_view(".,:/-").find(s[end]) != std::string_view::npos) {
    return 0;  // an address, a date, a large number
  }
  std::string_view unit;
  const bool blank = end < s.size() && s[end] == ' ';
  if (blank && MatchUnit(s, end + 1, false, unit) > 0) return 0;  // "returned 512 bytes"
  return end - at;
}

}  // namespace

std::size_t MatchCode(std::string_view s, std::size_t at) {
  std::size_t end = SkipKeyword(s, at);
  if (end == 0) return MatchGotStatus(s, at);
  if (end < s.size() && IsLetter(s[end])) return 0;
  const std::size_t keyword_end = end;
  for (int i = 0; i < 3 && end < s.size(); ++i) {
    const char c = s[end];
    if (c != ' ' && c != ':' && c != '=' && c != '#' && c != '(' && c != '[') break;
    ++end;
  }
  if (end >= s.size()) return 0;
  const std::size_t code = CodeLength(s, end, end == keyword_end);
  return code == 0 ? 0 : end + code - at;
}

std::size_t MatchVendorCode(std::string_view s, std::size_t at) {
  static constexpr std::array<std::string_view, 20> kPrefixes{
      "ORA", "TNS", "PLS", "SP2", "RMAN", "SQL",    "DB",     "CS",    "TS",    "BC",
      "NU",  "CA",  "MSB", "ERR", "E",    "NETSDK", "AADSTS", "PGRST", "WSREP", "W"};
  std::size_t end = at + RunLength(s.substr(0, std::min(s.size(), at + 8)), at, IsUpper);
  if (s.substr(at, 3) == "SP2") end = at + 3;
  const std::string_view prefix = s.substr(at, end - at);
  if (prefix != "F" && std::find(kPrefixes.begin(), kPrefixes.end(), prefix) == kPrefixes.end()) {
    return 0;
  }
  if (end < s.size() && s[end] == '-') ++end;
  const std::size_t digits = RunLength(s, end, IsDigit);
  if (digits < 3 || digits > 6 || !EndsAtBorder(s, end + digits)) return 0;
  return end + digits - at;
}

std::size_t MatchReplyCode(std::string_view s, std::size_t at) {
  if (s[at] < '2' || s[at] > '5' || at + 5 >= s.size() || s[at + 3] != ' ') return 0;
  const std::string_view reason = s.substr(at + 4);
  if (IsDigit(reason[0])) {  // "550 5.1.1"
    return reason[0] == s[at] && reason[1] == '.' && reason.size() > 4 && IsDigit(reason[2]) &&
                   Contains(reason.substr(3, 3), ".")
               ? 3
               : 0;
  }
  static constexpr std::array<std::string_view, 16> kReasons{
      "Not Found",    "Internal Server", "Service Unavail", "Bad Gateway",
      "Gateway Time", "Bad Request",     "Unauthorized",    "Forbidden",
      "Conflict",     "Too Many Req",    "Unprocessable",   "Method Not All",
      "Gone",         "Client Error",    "Server Error",    "Payload Too"};
  return IsUpper(reason[0]) && std::any_of(kReasons.begin(), kReasons.end(),
                                           [&](std::string_view known) {
                                             return reason.substr(0, known.size()) == known;
                                           })
             ? 3
             : 0;
}

bool IsStatusHex(std::string_view hex) {
  if (hex.size() != 10) return false;
  return StartsWithLower(hex, "0x800") || StartsWithLower(hex, "0xc000");
}

}  // namespace mishap::g1

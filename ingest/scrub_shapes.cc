#include "ingest/scrub_shapes.h"

#include <arpa/inet.h>

#include <string>

namespace mishap {

// Digits of a card number that starts at text[0], or 0. Blanks and dashes may stand between digits.
std::size_t CardLength(std::string_view text) {
  std::size_t wanted = 0;
  const bool two = text.size() > 1;
  if (text[0] == '3' && two && (text[1] == '4' || text[1] == '7')) wanted = 15;
  if (text[0] == '4') wanted = 16;
  if (text[0] == '5' && two && text[1] >= '1' && text[1] <= '5') wanted = 16;
  if (text.starts_with("65") || text.starts_with("6011")) wanted = 16;
  std::size_t digits = 0;
  std::size_t i = 0;
  while (wanted != 0 && i < text.size() && digits < wanted) {
    if (IsDigit(text[i])) {
      ++digits;
    } else if ((text[i] != ' ' && text[i] != '-') || !IsDigit(text[i - 1])) {
      return 0;
    }
    ++i;
  }
  bool ends = i == text.size() || !IsAlnum(text[i]);
  return wanted != 0 && digits == wanted && ends ? i : 0;
}

// 078-05-1120
std::size_t SocialSecurityLength(std::string_view text) {
  constexpr std::string_view kShape = "ddd-dd-dddd";
  if (text.size() < kShape.size()) return 0;
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    if (kShape[i] == 'd' ? !IsDigit(text[i]) : text[i] != '-') return 0;
  }
  bool ends =
      text.size() == kShape.size() || (!IsAlnum(text[kShape.size()]) && text[kShape.size()] != '-');
  return ends ? kShape.size() : 0;
}

// Country, check digits, 11 to 30 letters and digits; the check digits must be right, or every hex
// id would do.
std::size_t BankAccountLength(std::string_view text) {
  // Capitals only: one in a hundred lower-case hex ids passes the check digits by chance.
  auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() < 15 || !is_capital(text[0]) || !is_capital(text[1]) || !IsDigit(text[2]) ||
      !IsDigit(text[3])) {
    return 0;
  }
  std::size_t end = 4;
  while (end < text.size() && end <= 34 && (is_capital(text[end]) || IsDigit(text[end]))) ++end;
  if (end < 15 || end > 34 || (end < text.size() && IsAlnum(text[end]))) return 0;
  unsigned remainder = 0;
  for (std::size_t i = 0; i < end; ++i) {
    char c = LowerOf(text[(i + 4) % end]);
    unsigned value = static_cast<unsigned>(IsDigit(c) ? c - '0' : c - 'a' + 10);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder == 1 ? end : 0;
}

// An IP address at text[0].
std::size_t AddressLength(std::string_view text) {
  std::size_t end = 0;
  std::size_t colons = 0;
  std::size_t dots = 0;
  while (end < text.size() && end < 46) {
    char c = text[end];
    bool hex = IsDigit(c) || (LowerOf(c) >= 'a' && LowerOf(c) <= 'f');
    if (!hex && c != ':' && c != '.') break;
    colons += c == ':';
    dots += c == '.';
    ++end;
  }
  while (end > 0 &&
         (text[end - 1] == '.' || (text[end - 1] == ':' && !text.substr(0, end).ends_with("::")))) {
    dots -= text[--end] == '.';
  }
  if (colons < 2 && dots != 3) return 0;
  std::string candidate(text.substr(0, colons < 2 ? text.substr(0, end).find(':') : end));
  unsigned char bytes[16];
  bool valid = inet_pton(colons < 2 ? AF_INET : AF_INET6, candidate.c_str(), bytes) == 1;
  return valid ? candidate.size() : 0;
}

// Between "-----BEGIN ... KEY-----" and "-----END": [start, end) of the body.
std::pair<std::size_t, std::size_t> PemBody(std::string_view text) {
  if (!text.starts_with("-----BEGIN ")) return {0, 0};
  std::size_t close = text.find("-----", 11);
  if (close == std::string_view::npos || close > 80) return {0, 0};
  if (text.substr(0, close).find("KEY") == std::string_view::npos) return {0, 0};
  std::size_t start = close + 5;
  std::size_t end = text.find("-----END", start);
  if (end == std::string_view::npos) end = text.size();
  return {start, end};
}

// text starts with "//": length of "user:password" behind it, or 0.
std::size_t UrlCredentialsLength(std::string_view text) {
  std::size_t colon = 0;
  for (std::size_t i = 2; i < text.size(); ++i) {
    char c = text[i];
    if (c == '@') return colon != 0 ? i - 2 : 0;
    if (c == ':' && colon == 0) colon = i;
    if (IsBlank(c) || c == '/' || c == '"' || c == '<' || c == '\'' || c == '?') return 0;
  }
  return 0;
}

}  // namespace mishap

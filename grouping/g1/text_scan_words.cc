// What may begin with a letter or a digit, in the order in which it is tried.
#include <algorithm>

#include "grouping/g1/chars.h"
#include "grouping/g1/technical_words.h"
#include "grouping/g1/text_scanner.h"
#include "grouping/g1/text_tokens.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kGluedHexBytes = 12;

// "1st", "22nd", "11th"
bool IsOrdinal(std::string_view word) {
  if (word.size() < 3) return false;
  const std::string_view tail = word.substr(word.size() - 2);
  return RunLength(word, 0, IsDigit) == word.size() - 2 &&
         (tail == "st" || tail == "nd" || tail == "rd" || tail == "th");
}

}  // namespace

bool TextScanner::KeywordToken() {
  if (const std::size_t n = MatchCode(s_, at_); n > 0) return Keep(n, "code");
  if (IsUpper(s_[at_])) {
    if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
  }
  return false;
}

bool TextScanner::LetterWord(char c) {
  const std::size_t word = RunLength(s_, at_, IsWord);
  const std::size_t end = at_ + word;
  const char next = end < s_.size() ? s_[end] : '\0';
  const bool digit_follows = end + 1 < s_.size() && IsDigit(s_[end + 1]);
  const bool has_digit = std::any_of(s_.begin() + static_cast<std::ptrdiff_t>(at_),
                                     s_.begin() + static_cast<std::ptrdiff_t>(end), IsDigit);
  if (BeginsKeyword(c)) {
    if (const std::size_t n = MatchCode(s_, at_); n > 0) return Keep(n, "code");
  }
  if (IsUpper(c) && (has_digit || digit_follows)) {
    if (const std::size_t n = MatchVendorCode(s_, at_); n > 0) return Keep(n, "code");
  }
  if (has_digit || digit_follows) {
    if (const std::size_t n = MatchTechnicalWord(s_, at_); n > 0) return Keep(n, "word");
  }
  if (ShortHash(word)) return ReplaceNumber(0, word);
  if (c == 'P' && has_digit) {
    if (const std::size_t n = MatchIsoDuration(s_, at_); n > 0) return Replace(n, "dur");
  }
  if (has_digit && !IsLetter(c) && SkipCurrency()) return true;
  if (c == 'e' && JwtToken()) return true;
  if (next == ':' || next == '+' || next == '-' || next == '.') {
    if (const std::size_t n = MatchUrl(s_, at_); n > 0) return ReplaceUrl(n);
  }
  if (has_at_) {
    if (const std::size_t n = MatchEmail(s_, at_); n > 0) return Replace(n, "email");
  }
  if (IsHex(c) && HexWord(word, next)) return true;
  if (next == '-' && word > 9 && s_[end - 9] == '_') {  // "cart_550e8400-..."
    if (const std::size_t n = MatchUuid(s_, end - 8); n > 0) {
      Copy(word - 8);
      return Replace(n, "uuid");
    }
  }
  if (IsUpper(c) || c == 'd') {
    if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
  }
  if ((c == 'v' || c == 'V') && has_digit) {
    if (const std::size_t n = MatchVersion(s_, at_); n > 0) return Replace(n, "ver");
  }
  if (HostToken()) return true;
  if (word == 1 && next == ':' && IsLetter(c) && PathMayBegin() && end + 1 < s_.size() &&
      (s_[end + 1] == '\\' || s_[end + 1] == '/')) {
    std::size_t run_end = 0;
    if (const std::size_t n = MatchPath(s_, at_, run_end); n > 0) return ReplacePath(n);
  }
  if (IsHex(c) && has_digit) {
    if (const std::size_t n = MatchHex(s_, at_); n > 0) return Replace(n, "hex");
  }
  return false;
}

// Tokens that begin with a hex digit: UUID, MAC, IPv6.
bool TextScanner::HexWord(std::size_t word, char next) {
  if (word == 8 && next == '-') {
    if (const std::size_t n = MatchUuid(s_, at_); n > 0) return Replace(n, "uuid");
  }
  if (word == 2 && (next == ':' || next == '-')) {
    if (const std::size_t n = MatchMac(s_, at_); n > 0) return Replace(n, "mac");
  }
  if (next == ':' && word <= 4 && Before() != ':' && Before() != '.') {
    if (const std::size_t n = MatchIpv6(s_, at_); n > 0) return ReplaceAddress(n);
  }
  return false;
}

// "_CartState#0f3e9": Dart's short hash of an object, which may as well be digits only.
bool TextScanner::ShortHash(std::size_t word) const {
  if (word != 5 || Before() != '#' || !IsWord(Before(2))) return false;
  const std::string_view hash = s_.substr(at_, word);
  return std::all_of(hash.begin(), hash.end(), [](char c) { return IsHex(c) && !IsUpper(c); }) &&
         std::any_of(hash.begin(), hash.end(), IsDigit);
}

// A sign of money counts as a letter, being no ASCII: what stands behind it is a number.
bool TextScanner::SkipCurrency() {
  for (std::string_view sign : {"\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5"}) {
    if (s_.substr(at_, sign.size()) != sign) continue;
    if (at_ + sign.size() >= s_.size() || !IsDigit(s_[at_ + sign.size()])) return false;
    Copy(sign.size());
    return true;
  }
  return false;
}

bool TextScanner::JwtToken() {
  if (at_ < jwt_tried_) return false;
  const std::size_t n = MatchJwt(s_, at_, jwt_tried_);
  return n > 0 && Replace(n, "jwt");
}

bool TextScanner::HostToken() {
  if (at_ < host_tried_ || Before() == '.' || Before() == '-' || Before() == '@') return false;
  const std::size_t n = MatchHost(s_, at_, host_tried_);
  return n > 0 && Replace(n, "host");
}

bool TextScanner::DigitWord() {
  const std::size_t word = RunLength(s_, at_, IsWord);
  const char next = at_ + word < s_.size() ? s_[at_ + word] : '\0';
  if (Before() == '.') return false;
  if (GluedByMinus()) return GluedWord(word, next);
  if (has_at_) {
    if (const std::size_t n = MatchEmail(s_, at_); n > 0) return Replace(n, "email");
  }
  if (next == '-' && word <= 2) {
    if (const std::size_t n = MatchTraceId(s_, at_); n > 0) return Replace(n, "trace");
  }
  if (word == 8 && next == '-') {
    if (const std::size_t n = MatchUuid(s_, at_); n > 0) return Replace(n, "uuid");
  }
  if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
  if (HexWord(word, next)) return true;
  if (next == '.') {
    if (const std::size_t n = MatchIpv4(s_, at_); n > 0) return Replace(n, "ip");
    if (const std::size_t n = MatchVersion(s_, at_); n > 0) return Replace(n, "ver");
  }
  if (HostToken()) return true;
  if (const std::size_t n = word >= 3 ? MatchHex(s_, at_) : 0; n > 0) {
    return IsStatusHex(s_.substr(at_, n)) ? Keep(n, "code") : Replace(n, "hex");
  }
  if (word == 3) {
    if (const std::size_t n = MatchReplyCode(s_, at_); n > 0) return Keep(n, "code");
  }
  if (const Quantity q = MatchQuantity(s_, at_); q.length > 0) return Replace(q.length, q.token);
  if (const std::size_t n = MatchNumber(s_, at_); n > 0) return ReplaceNumber(0, n);
  if (IsOrdinal(s_.substr(at_, word)) || ShortHash(word)) return ReplaceNumber(0, word);
  return false;
}

// Digits behind a word and a minus. They belong to the word, and the second look knows what that
// may be; here only what it cannot see because the rest of the chunk has a token.
bool TextScanner::GluedWord(std::size_t word, char next) {
  if (word == 4 && (next == '-' || next == '.')) {  // "logs-2024.05.06"
    if (const std::size_t n = MatchDate(s_, at_); n > 0) return Replace(n, "date");
  }
  if (word >= kGluedHexBytes) {  // "i-0abc123def4567890"
    if (const std::size_t n = MatchHex(s_, at_); n > 0) return Replace(n, "hex");
  }
  const std::size_t behind = at_ + word + 1;
  if (next != '-' || behind >= s_.size() || RunLength(s_, at_, IsDigit) != word) return false;
  const bool number = word >= 4 && IsDigit(s_[behind]);  // "ORD-2024-000123"
  if (!number && MatchUuid(s_, behind) == 0) return false;
  DropMinus();
  return ReplaceNumber(0, word);
}

}  // namespace mishap::g1

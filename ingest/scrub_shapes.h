// The shapes of secrets at the start of a text: each returns the length of the match, or 0. Private
// to scrub*.cc.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

namespace mishap {

// ASCII only; no locale.
inline char LowerOf(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
inline bool IsAlpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool IsAlnum(char c) {
  return IsDigit(c) || IsAlpha(c);
}
inline bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A card number; blanks and dashes may stand between digits. text starts with a digit.
std::size_t CardLength(std::string_view text);
// A US social security number, 078-05-1120.
std::size_t SocialSecurityLength(std::string_view text);
// An IBAN with right check digits.
std::size_t BankAccountLength(std::string_view text);
// An IPv4 or IPv6 address.
std::size_t AddressLength(std::string_view text);
// Between "-----BEGIN ... KEY-----" and "-----END": [start, end) of the body.
std::pair<std::size_t, std::size_t> PemBody(std::string_view text);
// text starts with "//": length of "user:password" behind it.
std::size_t UrlCredentialsLength(std::string_view text);

}  // namespace mishap

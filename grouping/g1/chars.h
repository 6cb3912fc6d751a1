// Character classes of g1: one table, ASCII only, no locale. Bytes above 0x7F count as letters of a
// word.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace mishap::g1 {

enum CharClass : std::uint8_t {
  kDigit = 1,
  kUpper = 2,
  kLower = 4,
  kHexDigit = 8,     // 0-9 a-f A-F
  kWordOther = 16,   // '_' and bytes above 0x7F
  kBlank = 32,       // space, tab, CR, LF, VT, FF
  kSignal = 64,      // punctuation that can start or shape a variable part of a text
  kPlainMark = 128,  // every other byte
};

constexpr std::array<std::uint8_t, 256> MakeCharTable() {
  std::array<std::uint8_t, 256> table{};
  for (auto& entry : table) entry = kPlainMark;
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = kDigit | kHexDigit;
  for (unsigned c = 'A'; c <= 'Z'; ++c) table[c] = kUpper;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = kLower;
  for (unsigned c = 'A'; c <= 'F'; ++c) table[c] = kUpper | kHexDigit;
  for (unsigned c = 'a'; c <= 'f'; ++c) table[c] = kLower | kHexDigit;
  table['_'] = kWordOther;
  for (unsigned c = 0x80; c <= 0xFF; ++c) table[c] = kWordOther;
  for (char c : {' ', '\t', '\r', '\n', '\v', '\f'}) table[static_cast<unsigned char>(c)] = kBlank;
  for (char c : {'.', '/', '\\', '@', '=', ':', '<', '"', '\''}) {
    table[static_cast<unsigned char>(c)] = kSignal;
  }
  return table;
}
inline constexpr std::array<std::uint8_t, 256> kCharTable = MakeCharTable();

inline std::uint8_t ClassOf(char c) {
  return kCharTable[static_cast<unsigned char>(c)];
}
inline bool IsDigit(char c) {
  return (ClassOf(c) & kDigit) != 0;
}
inline bool IsUpper(char c) {
  return (ClassOf(c) & kUpper) != 0;
}
inline bool IsLower(char c) {
  return (ClassOf(c) & kLower) != 0;
}
inline bool IsLetter(char c) {
  return (ClassOf(c) & (kUpper | kLower)) != 0;
}
inline bool IsAlnum(char c) {
  return (ClassOf(c) & (kUpper | kLower | kDigit)) != 0;
}
inline bool IsHex(char c) {
  return (ClassOf(c) & kHexDigit) != 0;
}
inline bool IsBlank(char c) {
  return (ClassOf(c) & kBlank) != 0;
}
inline bool IsWord(char c) {
  return (ClassOf(c) & (kDigit | kUpper | kLower | kWordOther)) != 0;
}
inline char ToLower(char c) {
  return IsUpper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string_view Trim(std::string_view s) {
  while (!s.empty() && IsBlank(s.front())) s.remove_prefix(1);
  while (!s.empty() && IsBlank(s.back())) s.remove_suffix(1);
  return s;
}

inline bool EqualsLower(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (ToLower(text[i]) != lower[i]) return false;
  }
  return true;
}
inline bool StartsWithLower(std::string_view text, std::string_view lower) {
  return text.size() >= lower.size() && EqualsLower(text.substr(0, lower.size()), lower);
}
inline bool Contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
inline void AppendLower(std::string& out, std::string_view text) {
  for (char c : text) out.push_back(ToLower(c));
}

// Length of the run of characters satisfying `pred` that starts at `at`.
template <class Pred>
std::size_t RunLength(std::string_view s, std::size_t at, Pred pred) {
  std::size_t end = at;
  while (end < s.size() && pred(s[end])) ++end;
  return end - at;
}

}  // namespace mishap::g1

#include "grouping/g1/content_hash.h"

#include <algorithm>

#include "grouping/g1/chars.h"
#include "grouping/g1/technical_words.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kViteHashBytes = 8;

struct Letters {
  bool digit = false;
  bool upper = false;
  bool lower = false;
  bool mark = false;
};

Letters LettersOf(std::string_view token) {
  Letters seen;
  for (char c : token) {
    if (IsDigit(c))
      seen.digit = true;
    else if (IsUpper(c))
      seen.upper = true;
    else if (IsLower(c))
      seen.lower = true;
    else
      seen.mark = true;
  }
  return seen;
}

// "UserList": every capital begins a word of at least three letters.
bool IsCamelCase(std::string_view token) {
  std::size_t word = 3;
  for (char c : token) {
    if (IsUpper(c)) {
      if (word < 3) return false;
      word = 0;
    }
    ++word;
  }
  return word >= 3;
}

// "section1": a word that somebody numbered.
bool IsNumberedWord(std::string_view token) {
  const std::size_t letters = RunLength(token, 0, IsLower);
  return letters >= 4 && letters + 1 == token.size() && IsDigit(token.back());
}

// Base64url of 8 characters, which may hold no digit or a mark.
bool IsViteHash(std::string_view token, bool assets) {
  const Letters seen = LettersOf(token);
  if (!std::all_of(token.begin(), token.end(),
                   [](char c) { return IsAlnum(c) || c == '_' || c == '-'; })) {
    return false;
  }
  if (seen.mark) return seen.digit && seen.upper && seen.lower;
  if (seen.digit) return false;  // the general rule knows
  if (seen.upper && !seen.lower) return true;
  return seen.upper && (assets || !IsCamelCase(token));
}

bool IsBundleHash(std::string_view token) {
  if (IsHexHash(token)) return true;
  if (token.size() < 6 || token.size() > 32) return false;
  const Letters seen = LettersOf(token);
  return seen.digit && (seen.upper || seen.lower) && !IsTechnicalWord(token) &&
         !IsNumberedWord(token);
}

}  // namespace

bool IsHexHash(std::string_view token) {
  return token.size() >= 7 && token.size() <= 64 && RunLength(token, 0, IsHex) == token.size() &&
         std::any_of(token.begin(), token.end(), IsDigit);
}

std::string_view CutHexHash(std::string_view stem, bool& hashed) {
  while (true) {
    const auto at = stem.find_last_of(".-_~");
    if (at == std::string_view::npos || at == 0) return stem;
    if (!IsHexHash(stem.substr(at + 1))) return stem;
    stem = stem.substr(0, at);
    hashed = true;
  }
}

std::string_view CutBundleHash(std::string_view stem, bool assets, bool& hashed) {
  while (true) {
    if (stem.size() > 2 && stem.substr(stem.size() - 2) == "._") {  // Turbopack
      stem.remove_suffix(2);
      hashed = true;
    }
    if (stem.size() > kViteHashBytes + 1) {
      const std::size_t at = stem.size() - kViteHashBytes - 1;
      if ((stem[at] == '-' || stem[at] == '.') && IsViteHash(stem.substr(at + 1), assets)) {
        stem = stem.substr(0, at);
        hashed = true;
        continue;
      }
    }
    const auto at = stem.find_last_of(".-_~");
    // Turbopack's "_129c54._": nothing but a hash.
    if (at == 0 && hashed && IsBundleHash(stem.substr(1))) return {};
    if (at == std::string_view::npos || at == 0) return stem;
    if (!IsBundleHash(stem.substr(at + 1))) return stem;
    stem = stem.substr(0, at);
    hashed = true;
  }
}

}  // namespace mishap::g1

// Text with its variable parts replaced by placeholders (spec 10), so that "User 4711 has no cart"
// is one text for all users. One pass from left to right over hand-written matchers: linear for any
// input, no regular expressions, no locale.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mishap::g1 {

inline constexpr std::size_t kTextBytesMax = 8192;

// A recognised part of the text, for the explanation.
struct TextToken {
  std::uint32_t at = 0;    // byte offset in the cut text (CutText)
  std::uint32_t len = 0;   // bytes
  std::string_view token;  // "num", "url", ...; "code" and "word" are recognised but kept
};

// The first two lines that are not blank, white space runs as one blank, at most 8 KiB. `storage`
// keeps the result alive.
std::string_view CutText(std::string_view raw, std::string& storage);

// text: as CutText gives it. tokens: may be null. Appends to `out`.
void ParameteriseCut(std::string_view text, std::string& out, std::vector<TextToken>* tokens);

// Both in one call.
std::string Parameterise(std::string_view raw);

}  // namespace mishap::g1

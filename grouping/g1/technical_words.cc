#include "grouping/g1/technical_words.h"

#include <algorithm>
#include <array>

#include "grouping/g1/chars.h"

namespace mishap::g1 {
namespace {

constexpr std::size_t kWordBytesMax = 14;

// Sorted, lower case: searched by halves.
constexpr auto kWords = [] {
  std::array words{
#include "grouping/g1/technical_words.inc"
  };
  for (std::size_t i = 1; i < words.size();
       ++i) {  // insertion sort: std::sort of views at compile time
    for (std::size_t j = i; j > 0 && words[j] < words[j - 1]; --j) {
      const std::string_view other = words[j];
      words[j] = words[j - 1];
      words[j - 1] = other;
    }
  }
  return words;
}();

// By first letter: bit n for words of n bytes.
std::uint64_t LengthsOf(char first) {
  static constexpr auto kLengths = [] {
    std::array<std::uint64_t, 256> table{};
    for (std::string_view word : kWords) {
      table[static_cast<unsigned char>(word[0])] |= std::uint64_t{1} << word.size();
    }
    return table;
  }();
  return kLengths[static_cast<unsigned char>(first)];
}

// End of one more part behind `end`: a joiner and a word run. `end` itself if there is none.
std::size_t Extend(std::string_view text, std::size_t end) {
  if (end + 1 >= text.size()) return end;
  const char joiner = text[end];
  const bool joins = joiner == '-' || joiner == '/' || joiner == '.';
  const bool blank = joiner == ' ' && IsDigit(text[end + 1]);
  if ((!joins && !blank) || !IsAlnum(text[end + 1])) return end;
  return end + 1 + RunLength(text, end + 1, IsWord);
}

}  // namespace

bool IsTechnicalWord(std::string_view word) {
  if (word.empty() || word.size() > kWordBytesMax) return false;
  if ((LengthsOf(ToLower(word[0])) >> word.size() & 1U) == 0) return false;
  std::array<char, kWordBytesMax> lower{};
  std::transform(word.begin(), word.end(), lower.begin(), ToLower);
  return std::binary_search(kWords.begin(), kWords.end(),
                            std::string_view(lower.data(), word.size()));
}

std::size_t MatchTechnicalWord(std::string_view text, std::size_t at) {
  std::array<std::size_t, 4> ends{};
  std::size_t count = 0;
  std::size_t end =
      at + RunLength(text.substr(0, std::min(text.size(), at + kWordBytesMax + 1)), at, IsWord);
  while (count < ends.size() && end - at <= kWordBytesMax) {
    ends[count++] = end;
    const std::size_t longer = Extend(text, end);
    if (longer == end) break;
    end = longer;
  }
  while (count-- > 0) {
    if (ends[count] < text.size() && IsWord(text[ends[count]])) continue;
    if (IsTechnicalWord(text.substr(at, ends[count] - at))) return ends[count] - at;
  }
  return 0;
}

}  // namespace mishap::g1

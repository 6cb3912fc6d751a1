// Patterns of a project for variable parts of texts that g1 does not know: RE2 expressions, linear
// in any text, replaced before everything else.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "grouping/g1/parameterise.h"

namespace mishap::g1 {

inline constexpr std::size_t kTextPatternsMax = 32;
inline constexpr std::size_t kTextPatternBytesMax = 512;
inline constexpr std::size_t kPlaceholderBytesMax = 20;

class TextPatterns {
 public:
  TextPatterns();
  ~TextPatterns();
  TextPatterns(const TextPatterns&) = delete;
  TextPatterns& operator=(const TextPatterns&) = delete;

  // Empty: taken. Otherwise what is wrong with name or expression.
  std::string Add(std::string_view name, std::string_view expression);
  bool Empty() const { return patterns_.empty(); }

  // Appends `text` with every match replaced by <name>: leftmost first, of those that begin at one
  // place the pattern that was added first. tokens: where the placeholders stand in `out`; may be
  // null.
  void Replace(std::string_view text, std::string& out, std::vector<TextToken>* tokens) const;

 private:
  struct Pattern;
  std::vector<std::unique_ptr<Pattern>> patterns_;
};

}  // namespace mishap::g1

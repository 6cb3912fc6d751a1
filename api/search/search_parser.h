// A search as a tree of terms: what stands in parentheses, AND before OR. Knows the limits on size,
// terms and depth; the terms are given their meaning by search_binder.h.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api/search/search_lexer.h"

namespace mishap {

inline constexpr std::size_t kSearchBytesMax = 4096;
inline constexpr std::size_t kSearchTermsMax = 100;
inline constexpr std::size_t kSearchDepthMax = 20;

struct ParsedSearch {
  enum class Kind { kAnd, kOr, kTerm, kText };
  Kind kind = Kind::kAnd;
  std::vector<ParsedSearch> children;  // of kAnd and kOr
  SearchToken term;                    // of kTerm; of kText its text and column

  bool IsEmpty() const { return kind == Kind::kAnd && children.empty(); }
};

// Words side by side are one text. An empty or blank query is an empty conjunction. Errors:
// invalid_argument "... (column N)", without the common prefix.
Result<ParsedSearch> ParseSearch(std::string_view query);

}  // namespace mishap

// Splits a search into tokens: parentheses, AND, OR, `key:value` terms and words. Knows the grammar
// of web-api 3.1, not what the keys mean.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mishap {

inline constexpr std::size_t kSearchListMax = 100;

// One value of a term. `\*` stays as it stands (a star that is meant literally), `\"` is a quote.
struct SearchValue {
  std::string text;
  bool is_quoted = false;
  std::size_t column = 1;

  bool operator==(const SearchValue&) const = default;
};

struct SearchToken {
  enum class Kind { kOpen, kClose, kAnd, kOr, kTerm, kWord, kQuoted, kEnd };
  Kind kind = Kind::kEnd;
  std::size_t column = 1;  // of its first character, from 1, in characters
  std::string text;        // kWord and kQuoted: the text; otherwise as written

  // kTerm
  std::string key;
  bool is_negated = false;
  bool is_tag = false;  // tags[key] or "key": never one of the built-in keys
  bool is_list = false;
  std::vector<SearchValue> values;
};

// The tokens and a kEnd. Errors: invalid_argument, naming column and what was expected.
Result<std::vector<SearchToken>> LexSearch(std::string_view query);

}  // namespace mishap

// Splits a search into terms: `key:value`, `key:[a, b]`, quoted and bare text. Knows the grammar,
// not the keys.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace mishap {

struct SearchTerm {
  std::string key;  // empty: free text
  std::vector<std::string> values;
  bool is_list = false;
  bool is_quoted = false;
  bool is_negated = false;
  bool is_tag = false;     // written tags[key]
  std::size_t column = 1;  // where it begins, for messages
};

// Consecutive bare words are one phrase. Errors: invalid_argument without the common prefix.
Result<std::vector<SearchTerm>> SplitSearch(std::string_view query);

}  // namespace mishap

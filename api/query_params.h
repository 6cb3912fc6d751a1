// QueryParams: the query string of an API request as names and values (web-api 0.1). A stray
// leading '?', empty values, repeated names and unescaped punctuation are all normal here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace mishap {

class QueryParams {
 public:
  static QueryParams Parse(std::string_view raw);
  void Add(std::string_view name, std::string value);

  bool Has(std::string_view name) const;
  // First value; nullopt if the name is absent. An empty value is "".
  std::optional<std::string> Get(std::string_view name) const;
  std::string GetOr(std::string_view name, std::string_view fallback) const;
  std::vector<std::string> All(std::string_view name) const;
  // False if a name or value is not UTF-8 or holds NUL: PostgreSQL takes neither.
  bool IsText() const;
  // "1" and "true" are true, everything else and absence false.
  bool IsTrue(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

// UTF-8 without NUL.
bool IsStorableText(std::string_view text);

// Digits only, at most 18 of them; nullopt otherwise.
std::optional<std::int64_t> ParseDigits(std::string_view text);

}  // namespace mishap

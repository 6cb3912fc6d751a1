// The search of issue lists, the part that exists now (web-api 3): is, status, level, environment,
// release, tags and free text. Everything else of the language is refused with a text that names
// it, never taken for something else.
#pragma once

#include <string_view>

#include "base/result.h"
#include "storage/read_issues.h"

namespace mishap {

inline constexpr std::size_t kSearchBytesMax = 4096;
inline constexpr std::size_t kSearchTermsMax = 100;

// Adds the query's conditions to `filter`. Errors: invalid_argument "Error parsing search query:
// ...".
Status ParseIssueSearch(std::string_view query, IssueFilter& filter);

}  // namespace mishap

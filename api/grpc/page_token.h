// PageToken: where the next page of a list begins, as clients carry it (AIP-158): opaque, and bound
// to the query it came from. It opens nothing: every call is authorised by itself. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace mishap {

// What the position means is the list's own business (api/pagination.h).
struct PageToken {
  std::int64_t value = 0;
  std::int64_t offset = 0;
  std::string text;

  bool operator==(const PageToken&) const = default;
};

// query: the method and all arguments that must stay the same from page to page, in one text.
std::string WritePageToken(const PageToken& token, std::string_view query);
// Errors: invalid_argument (no token of ours, or of another query).
Result<PageToken> ReadPageToken(std::string_view text, std::string_view query);

}  // namespace mishap

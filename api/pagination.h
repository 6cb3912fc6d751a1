// Paging of lists (web-api 0.5): page sizes, cursors and the Link header. Cursors are keyset
// positions, so that paging neither skips nor repeats a row when new ones arrive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "api/query_params.h"
#include "base/result.h"
#include "net/http.h"

namespace mishap {

inline constexpr int kPageSizeMax = 100;  // larger wishes are clamped, not refused
inline constexpr int kHitsMax = 1000;     // X-Hits stops counting here

// "value:offset:is_prev". What value and offset mean is the list's own business: issues keep (sort
// key, issue id), events (received_at in microseconds, rows of that instant to skip), short lists
// (0, offset).
struct Cursor {
  std::int64_t value = 0;
  std::int64_t offset = 0;
  bool backwards = false;

  std::string ToString() const;
  bool operator==(const Cursor&) const = default;
};

// An absent or empty `cursor=` is the first page (nullopt). Errors: invalid_argument "Invalid
// cursor parameter."
Result<std::optional<Cursor>> ParseCursor(const QueryParams& query);

// `limit` or `per_page`, 1..kPageSizeMax. Errors: invalid_argument unless a positive integer.
Result<int> ParsePageSize(const QueryParams& query);

struct PageLinks {
  Cursor previous;
  bool has_previous = false;
  Cursor next;
  bool has_next = false;
};

// The Link header of a list. public_url: without a trailing slash. All parameters but the cursor
// are kept as the client wrote them; commas become %2C because clients split the header at each
// comma.
std::string LinkHeader(std::string_view public_url, const HttpMessageRequest& request,
                       const PageLinks& links);

// Cuts [offset, offset + size) out of a list that is wholly in memory (projects, keys,
// environments) and says what stands beside it.
struct OffsetPage {
  std::size_t begin = 0;
  std::size_t end = 0;
  PageLinks links;
};
OffsetPage CutPage(std::size_t total, const std::optional<Cursor>& cursor, int page_size);

}  // namespace mishap

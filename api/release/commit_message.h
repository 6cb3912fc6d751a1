// What a commit's message says about issues: "Fixes WEB-1, WEB-2 and WEB-3" (web-api 2.6). Pure.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "api/short_id.h"

namespace mishap {

// One message names no more issues than this; the others are passed over.
inline constexpr std::size_t kFixedIssuesMax = 50;

// The short ids that stand directly behind fix, fixes, fixed, close, closes, closed, resolve,
// resolves or resolved (any case, a colon may follow): one, or several with commas or "and" between
// them. Each once, in order. Whether there are such issues is not known here.
std::vector<ShortId> FixedIssuesOf(std::string_view message);

}  // namespace mishap

// What free-text search looks at, per issue: title, exception value, message and the main
// exception's frames (decisions 2.6). Lower case in ASCII; the query side lowers the same way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "event/event.h"

namespace mishap {

inline constexpr std::size_t kSearchTextBytesMax = 8192;

// One part a line, youngest frame first so that what crashed survives the cut, no part twice, valid
// UTF-8 as long as the event's texts are. main_exception: index into event.exceptions, ignored when
// there are none.
std::string MakeSearchText(const Event& event, std::string_view title, std::size_t main_exception);

}  // namespace mishap

// Names and values as URLs and cookies spell them.
#pragma once

#include <string_view>
#include <vector>

#include "event/event.h"

namespace mishap {

// "?a=1&b=two+words": percent-decoded, plus is a blank, a leading '?' is skipped, empty pieces too.
std::vector<NamedText> ParseQueryString(std::string_view text);
// "a=1; b=2": percent-decoded.
std::vector<NamedText> ParseCookies(std::string_view text);

}  // namespace mishap

// What stack.*, error.*, message and location searches look at, per hash row: lines "key=value" of
// its sample, in the event's own spelling. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "event/event.h"
#include "event/title.h"

namespace mishap {

inline constexpr std::size_t kSearchFactsBytesMax = 16'384;

// "\nkey=value\nkey=value\n", each line once; empty without any. Exceptions the raised one first,
// frames the youngest first, so that what crashed survives the cut. Line breaks in values become
// blanks, values are cut at 1,000 bytes.
std::string MakeSearchFacts(const Event& event, const EventTitle& title);

}  // namespace mishap

// The explanation of a decision as JSON (spec 16): a tree of what counts, and for everything that
// does not exactly one "why".
#pragma once

#include <string>

#include "event/event.h"
#include "grouping/g1/decision.h"

namespace mishap::g1 {

std::string WriteExplanation(const Event& event, const Decision& decision,
                             const GroupingKeys& keys);

}  // namespace mishap::g1

// What of a decision is compared with other issues: frames that may count, the crash first, type
// and words of the text.
#pragma once

#include "event/event.h"
#include "grouping/g1/decision.h"
#include "grouping/grouping.h"

namespace mishap::g1 {

SimilarSample SampleOf(const Decision& decision, const Event& event);

}  // namespace mishap::g1

// Tags that follow from an event's fields (ingest-protocol 7.9): level, environment, release, user,
// browser ... They are computed, never stored beside the fields they come from. Pure functions; the
// digest indexes what they return, the API shows it.
#pragma once

#include <vector>

#include "event/event.h"

namespace mishap {

// The derived tags alone, in a fixed order, none empty, values at most kTagValueCharsMax
// characters.
std::vector<NamedText> DerivedTags(const Event& event);
// All tags of an event sorted by key: its own and the derived; a derived one wins over a client's
// of the same key.
std::vector<NamedText> AllTags(const Event& event);

}  // namespace mishap

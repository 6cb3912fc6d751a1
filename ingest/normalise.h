// Normalising: from what an SDK sent to the one form Mishap keeps (docs/formats/event.md). Pure:
// the same event and context give the same result, and normalising twice changes nothing. Not here:
// parsing (event/event_json.h), scrubbing (scrub.h), and choosing an event's id when nobody sent
// one (the stage has randomness).
#pragma once

#include "event/event.h"
#include "ingest/event_stage.h"

namespace mishap {

// Bounds, defaults, clock drift, placement of stacks, addresses, messages, tags. What is dropped or
// changed on the way is noted in event.errors, what is shortened in event.meta.
void Normalize(Event& event, const EventContext& context);

}  // namespace mishap

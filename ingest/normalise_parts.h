// The steps of Normalize, in the order they run. Private to normalise*.cc.
#pragma once

#include "event/event.h"
#include "ingest/event_stage.h"
#include "ingest/normalise_notes.h"

namespace mishap {

void NormalizeIdentity(Event& event, const EventContext& context);  // id, platform, level, type
void NormalizeSdk(Event& event, const EventContext& context);
void NormalizeRequest(Event& event, MetaNotes& notes);
void NormalizeUser(Event& event, const EventContext& context, MetaNotes& notes);
void NormalizeVersions(Event& event);  // release, environment, dist
void NormalizeMessage(Event& event, MetaNotes& notes);
void NormalizeTimes(Event& event, const EventContext& context);
void NormalizeTags(Event& event);
void NormalizeStacks(Event& event, MetaNotes& notes);  // exceptions, threads, frames
void NormalizeUserAgent(Event& event);  // browser, os, device where the SDK sent none
void NormalizeContexts(Event& event, MetaNotes& notes);
void NormalizeFreeForm(Event& event, MetaNotes& notes);  // breadcrumbs, extra, modules

}  // namespace mishap

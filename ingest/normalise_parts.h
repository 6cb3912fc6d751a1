// The steps of Normalize, in the order they run. Private to normalise*.cc.
#pragma once

#include "event/event.h"
#include "ingest/event_stage.h"
#include "ingest/normalise_notes.h"

namespace mishap {

// id, platform, level, type
void NormalizeIdentity(Event& event, const EventContext& context, MetaNotes& notes);
void NormalizeSdk(Event& event, const EventContext& context);
void NormalizeRequest(Event& event, MetaNotes& notes);
void NormalizeUser(Event& event, const EventContext& context, MetaNotes& notes);
void NormalizeVersions(Event& event);  // release, environment, dist
void NormalizeMessage(Event& event, MetaNotes& notes);
void NormalizeTimes(Event& event, const EventContext& context);
void NormalizeTags(Event& event, MetaNotes& notes);
void NormalizeStacks(Event& event, MetaNotes& notes);  // exceptions, threads, frames
// exception: where it stands.
void NormalizeMechanism(Mechanism& mechanism, const MetaPath& exception, MetaNotes& notes);
void NormalizeUserAgent(Event& event);  // browser, os, device where the SDK sent none
void NormalizeContexts(Event& event, MetaNotes& notes);
void NormalizeFreeForm(Event& event, MetaNotes& notes);  // breadcrumbs, extra, modules

}  // namespace mishap

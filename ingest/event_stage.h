// EventStage: from an event item's JSON to the one form Mishap keeps (decode, normalise, scrub,
// write). The door sees only this border; each worker owns one stage with its own parser. Not here:
// compression and the spool record (door.cc).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "event/event.h"
#include "event/outcome.h"
#include "event/project_directory.h"

namespace mishap {

// What the request knows about an event beside its JSON.
struct EventContext {
  const ProjectEntry* project = nullptr;  // never null when a stage runs; lives as long as the call
  Timestamp received_at;                  // the door's clock
  std::optional<Timestamp> sent_at;       // the client's clock when it sent, for drift correction
  EventId envelope_event_id;              // nil: the event's own id, else a new one
  std::string client_ip;                  // peer, or X-Forwarded-For from a trusted proxy
  std::string sdk_json;                   // the envelope header's "sdk" object, or empty
  std::string sentry_client;              // "sentry.python/2.1.0", or empty
};

struct ReadyEvent {
  EventId id;
  Category category = Category::kError;
  std::string canonical_json;    // normalised and scrubbed
  std::string_view filtered_by;  // the project's filter that does not want it; empty: to be kept
};

class EventStage {
 public:
  virtual ~EventStage() = default;
  // Errors: invalid_json (not an object, too deep, syntax), too_large, internal.
  virtual Result<ReadyEvent> Run(std::string_view json, const EventContext& context) = 0;
  // The same for an event that came in another form and is already read. Errors: internal.
  virtual Result<ReadyEvent> RunRead(Event event, const EventContext& context) = 0;
};

// The stage of the product. `random` makes the id of an event that came without one; it must
// outlive the stage.
std::unique_ptr<EventStage> MakeEventStage(Random& random);

using EventStageFactory = std::function<std::unique_ptr<EventStage>()>;

}  // namespace mishap

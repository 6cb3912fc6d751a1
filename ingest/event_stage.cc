// The product's EventStage: read, normalise, scrub, write.
#include "ingest/event_stage.h"

#include "event/event_json.h"
#include "ingest/inbound_filter.h"
#include "ingest/normalise.h"
#include "ingest/scrub.h"

namespace mishap {
namespace {

// Version and variant bits of a random UUID: SDKs and databases look at them.
EventId RandomEventId(Random& random) {
  EventId id{random.Bytes16()};
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | 0x40);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

Category CategoryOf(const Event& event) {
  if (event.type == "error") return Category::kError;
  return event.type == "default" ? Category::kDefault : Category::kSecurity;
}

class NormalisingStage final : public EventStage {
 public:
  explicit NormalisingStage(Random& random) : random_(random) {}

  Result<ReadyEvent> Run(std::string_view json, const EventContext& context) override {
    Result<Event> event = reader_.Read(json);
    if (!event) return Fail(event.error());
    return RunRead(std::move(*event), context);
  }

  Result<ReadyEvent> RunRead(Event event, const EventContext& context) override {
    Normalize(event, context);
    if (event.id.IsNil()) event.id = RandomEventId(random_);
    std::string_view filter = FilterOf(event, *context.project, context.client_ip);
    if (!filter.empty()) return ReadyEvent{event.id, CategoryOf(event), {}, filter};
    Scrub(event, *context.project);
    return ReadyEvent{event.id, CategoryOf(event), WriteEventJson(event), {}};
  }

 private:
  EventReader reader_;
  Random& random_;
};

}  // namespace

std::unique_ptr<EventStage> MakeEventStage(Random& random) {
  return std::make_unique<NormalisingStage>(random);
}

}  // namespace mishap

// Events as messages.
#include "api/event_shape.h"
#include "api/grpc/resource_message.h"
#include "api/grpc/resource_name.h"
#include "api/grpc/rpc_call.h"
#include "event/derived_tags.h"

namespace mishap {

std::string EventMessage(const Event& event, const EventMessageParts& parts) {
  static const auto& type = ContractType("mishap.v1.StoredEvent");
  const auto& row = parts.row;
  const auto title = ShownTitle(event);
  auto named = [&](EventId id) { return EventName(parts.organization, parts.project, id); };
  std::string bytes;
  MessageWriter out(type, bytes);
  out.Text("name", named(row.id)).Text("event_id", ToHex(row.id));
  out.Text("issue", IssueName(parts.organization, row.issue));
  out.Time("received_at", row.received_at).Time("occurred_at", row.occurred_at);
  out.Text("title", title.title).Text("culprit", title.culprit);
  out.Text("message", ShownMessage(event)).Text("type", ShownType(event));
  out.Int("level", event.level ? static_cast<int>(*event.level) : 0);
  out.Text("platform", event.platform.empty() ? "other" : event.platform);
  out.Text("release", event.release).Text("environment", event.environment);
  out.Text("dist", event.dist);
  for (const auto& [key, value] : AllTags(event)) out.Entry("tags", key, value);
  out.Text("hash", row.hash).Text("event_json", parts.event_json);
  if (parts.neighbours) {
    const auto& [previous, next] = *parts.neighbours;
    if (previous) out.Text("previous_event", named(*previous));
    if (next) out.Text("next_event", named(*next));
  }
  return bytes;
}

}  // namespace mishap

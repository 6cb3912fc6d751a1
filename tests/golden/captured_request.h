// CapturedRequest: one request of a real SDK as tests keep it (request.http.json: method, path,
// headers, body_base64), and the events in it, decoded the way the door does. Shared by the golden
// suite and the tools that look at captures.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ingest/event_stage.h"

namespace mishap {

struct CapturedEvent {
  std::string json;
  EventContext context;  // without project and received_at
};

// The events of a request to /store/, /envelope/ or /security/, none for other requests. Errors:
// what the door would say.
Result<std::vector<CapturedEvent>> EventsOf(std::string_view request_json);

}  // namespace mishap

// The messages of proto/mishap/v1/ingest_service.proto: requests cut into events without reading
// those, answers written. Not here: what an event's bytes mean (proto_event.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/outcome.h"
#include "ingest/limits.h"
#include "ingest/rate_limiter.h"

namespace mishap {

// What a client sent in one message. The views point into it.
struct CaptureRequest {
  std::vector<std::string_view> events;  // bytes of mishap.v1.Event each
  bool wait_for_issues = false;
  std::optional<Timestamp> sent_at;
};

// Errors: invalid_argument (not protobuf, no event), too_large (more than capture_events_max).
Result<CaptureRequest> ReadCaptureRequest(std::string_view message, const IngestLimits& limits);
// A message of a stream; exactly one event.
Result<CaptureRequest> ReadCaptureStreamRequest(std::string_view message);

// What became of one event.
struct CaptureResult {
  EventId id;
  Outcome outcome = Outcome::kAccepted;
  std::string outcome_reason;          // empty for accepted
  Reason refusal = Reason::kInternal;  // why it was not taken; means nothing when Taken()
  std::string detail;
  std::string issue_short_id;

  // Accepted or filtered: the client did nothing wrong and need not send it again.
  bool Taken() const { return outcome == Outcome::kAccepted || outcome == Outcome::kFiltered; }
};

// Fields of CaptureResponse; a response is their concatenation.
void AppendCaptureResult(std::string& response, const CaptureResult& result);
void AppendRateLimit(std::string& response, const LimitHit& hit, const IngestLimits& limits);

}  // namespace mishap

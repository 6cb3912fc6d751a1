// Times: the client's clock corrected by what the envelope says, then held within what is possible.
#include <cstdlib>

#include "event/event_json.h"
#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"

namespace mishap {
namespace {

constexpr Timestamp kYear10000{253'402'300'800LL * kMicrosPerSecond};

// An offset that would leave the years we can write, 1970 to 9999, is not applied: of a clock that
// runs millennia ahead nothing can be learnt about a breadcrumb.
void Shift(Timestamp& time, std::int64_t micros) {
  std::int64_t moved = 0;
  if (__builtin_add_overflow(time.micros, micros, &moved)) return;
  if (moved >= 0 && moved < kYear10000.micros) time.micros = moved;
}

void ShiftAll(Event& event, std::int64_t micros) {
  if (event.timestamp.micros != 0) Shift(event.timestamp, micros);
  for (Breadcrumb& crumb : event.breadcrumbs) {
    if (crumb.timestamp) Shift(*crumb.timestamp, micros);
  }
}

void NoteTimes(Event& event, std::string_view type, Timestamp sdk_time, Timestamp server_time) {
  if (event.errors.size() >= kEventErrorsMax) return;
  EventError error;
  error.type = type;
  error.name = "timestamp";
  error.other.emplace_back("sdk_time", RawJson{QuotedJson(FormatTimestamp(sdk_time))});
  error.other.emplace_back("server_time", RawJson{QuotedJson(FormatTimestamp(server_time))});
  event.errors.push_back(std::move(error));
}

}  // namespace

void NormalizeTimes(Event& event, const EventContext& context) {
  const Timestamp received = context.received_at;
  event.received = received;
  if (context.sent_at) {
    std::int64_t drift = received.micros - context.sent_at->micros;
    if (drift >= kDriftMin || drift <= -kDriftMin) {
      ShiftAll(event, drift);
      NoteTimes(event, "clock_drift", *context.sent_at, received);
    }
  }
  if (event.timestamp.micros == 0) {
    event.timestamp = received;
    return;
  }
  std::string_view problem;
  if (event.timestamp.micros > received.micros + kFutureMax) problem = "future_timestamp";
  if (event.timestamp.micros < received.micros - kPastMax) problem = "past_timestamp";
  if (problem.empty()) return;
  NoteTimes(event, problem, event.timestamp, received);
  ShiftAll(event, received.micros - event.timestamp.micros);
  event.timestamp = received;
}

}  // namespace mishap

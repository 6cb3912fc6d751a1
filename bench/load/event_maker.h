// EventMaker: synthetic error events for load and fault runs. Event i of a seed is always the same,
// so that the oracle (tests/fault/oracle.cc) can make it again and compare. About 2.9 KiB: 8 frames
// with context, 6 of them in-app, 5 breadcrumbs, 3 tags. Never used to train a dictionary.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "base/ids.h"

namespace mishap::load {

struct EventShape {
  std::uint64_t seed = 1;
  std::uint32_t issues = 100;  // distinct stack traces
  std::uint32_t users = 100;   // distinct user ids
};

// What the oracle recomputes.
struct ExpectedEvent {
  EventId event_id;
  std::uint32_t issue = 0;      // 0..issues-1; equal issue <=> equal stack trace
  std::string exception_type;   // "Issue42Error"
  std::string exception_value;  // unique for the event
  std::string user_id;
  std::string breadcrumb_message;  // of the last breadcrumb
};

ExpectedEvent MakeExpected(const EventShape& shape, std::uint64_t index);

// The event's JSON, as sentry-python would shape it; timestamp: the client's clock.
std::string MakeEventJson(const EventShape& shape, std::uint64_t index, Timestamp timestamp);

// A whole envelope: header, item header with length, event, final line feed.
std::string MakeEnvelope(const EventShape& shape, std::uint64_t index, Timestamp timestamp);

}  // namespace mishap::load

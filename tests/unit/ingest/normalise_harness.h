// What the tests of normalising share: an event from JSON, normalised at a fixed time.
#pragma once

#include <gtest/gtest.h>

#include <string_view>

#include "event/event_json.h"
#include "ingest/normalise.h"

namespace mishap {

// 2026-05-01T10:00:00Z
inline constexpr Timestamp kArrival{1'777'629'600LL * kMicrosPerSecond};

inline Event ReadEvent(std::string_view json) {
  auto event = EventReader().Read(json);
  EXPECT_TRUE(event) << (event ? "" : event.error().detail);
  return event ? *event : Event{};
}

// Also checks what must hold for every event: a second time changes nothing, and writing loses
// nothing.
inline Event Normalized(std::string_view json, EventContext context = {}) {
  static const ProjectEntry kProject;
  context.project = &kProject;
  if (context.received_at == Timestamp{}) context.received_at = kArrival;
  Event event = ReadEvent(json);
  Normalize(event, context);
  context.sent_at.reset();  // the clock is corrected once
  Event again = event;
  Normalize(again, context);
  EXPECT_EQ(WriteEventJson(again), WriteEventJson(event)) << json.substr(0, 500);
  EXPECT_EQ(ReadEvent(WriteEventJson(event)), event) << json.substr(0, 500);
  return event;
}

inline std::vector<std::string> ErrorNames(const Event& event) {
  std::vector<std::string> names;
  for (const EventError& error : event.errors) names.push_back(error.type + " " + error.name);
  return names;
}

}  // namespace mishap

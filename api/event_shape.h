// An event as the API shows it, simple (lists) and in detail (web-api 2.9). Pure: everything comes
// in.
#pragma once

#include <optional>
#include <string>

#include "base/json_writer.h"
#include "event/event.h"
#include "event/title.h"
#include "storage/read_events.h"
#include "storage/read_issues.h"
#include "storage/typed/read_records.h"

namespace mishap {

// What an answer needs beside the event itself.
struct EventContext {
  const StoredEventRow& row;
  std::optional<EventNeighbours> neighbours;
  std::optional<ReleaseRow> release;
  const UserReportRow* report = nullptr;  // what its user wrote
};

// What names the event, as both forms show it.
EventTitle ShownTitle(const Event& event);
std::string ShownMessage(const Event& event);
std::string ShownType(const Event& event);

void WriteEventSimple(const Event& event, const StoredEventRow& row, JsonWriter& json);
void WriteEventDetail(const Event& event, const EventContext& context, JsonWriter& json);

// {"id","email","username","ip_address","name","geo","data"} or null.
void WriteEventUser(const Event& event, JsonWriter& json);
// {"version","shortVersion",...}: a release as far as the server knows it now.
void WriteRelease(const ReleaseRow& release, JsonWriter& json);

}  // namespace mishap

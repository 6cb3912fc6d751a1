// One value of an event's row in /events/ (web-api 2.12). Pure.
#pragma once

#include <vector>

#include "api/explore/event_field.h"
#include "base/json_writer.h"
#include "event/event.h"
#include "event/title.h"
#include "storage/read_projects.h"

namespace mishap {

struct EventCells {
  const Event& event;
  const StoredEventRow& row;
  const ProjectRow& project;
  EventTitle title;
  std::vector<NamedText> tags;  // all of them
};
// project: the row's.
EventCells CellsOf(const Event& event, const StoredEventRow& row, const ProjectRow& project);

// What is missing is null, a missing environment "".
void WriteEventCell(const EventField& field, const EventCells& cells, JsonWriter& json);
// The same of a group's value, as storage gives it.
void WriteGroupCell(const EventField& field, const std::optional<std::string>& value,
                    const std::vector<ProjectRow>& projects, double window_s, JsonWriter& json);

}  // namespace mishap

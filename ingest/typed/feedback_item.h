// What people wrote -> a typed record (ingest-protocol 5.6, 5.7): the item `user_report`, the form
// of the error page, and the item `feedback` once the event stage has made it an event.
#pragma once

#include "event/project_directory.h"
#include "event/typed_record.h"
#include "ingest/limits.h"
#include "ingest/typed/json_fields.h"

namespace mishap {

// {"event_id","name","email","comments"}. `event_id` (of the envelope's header) wins unless nil.
// Refused: payload (no event, no comments). Scrubbed by the project's rules.
ItemResult<Feedback> ReadUserReport(JsonValue item, const EventId& event_id, Timestamp received_at,
                                    const ProjectEntry& project, const IngestLimits& limits);

// The same from texts of a form.
struct ReportForm {
  std::string_view name;
  std::string_view email;
  std::string_view comments;
};
ItemResult<Feedback> MakeUserReport(const ReportForm& form, const EventId& event_id,
                                    std::string_view source, Timestamp received_at,
                                    const ProjectEntry& project, const IngestLimits& limits);

// From the canonical JSON of the feedback's own event, which is scrubbed already. Refused: payload
// (no message), too_large:feedback. `payload` is the caller's to set.
ItemResult<Feedback> ReadFeedbackEvent(JsonValue event, const EventId& id, Timestamp received_at,
                                       const IngestLimits& limits);

}  // namespace mishap

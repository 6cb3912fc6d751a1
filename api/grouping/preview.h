// A preview of a changed grouping over the events a project has stored; read only. For the API and
// the command line.
#pragma once

#include <cstdint>
#include <functional>

#include "base/json_writer.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "grouping/preview.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct PreviewRequest {
  GroupingSetup now;   // what the project groups by
  GroupingSetup next;  // what it would
  std::int64_t events_max = 100'000;
};

// done events of about `total`. False: stop here; the report covers what was read.
using PreviewProgress = std::function<bool(std::int64_t done, std::int64_t total)>;

// next: compiled request.next. Errors: those of the session.
Result<PreviewReport> RunGroupingPreview(Session& session, const Scope& scope, ProjectId project,
                                         const PreviewRequest& request, const GroupingVersion& next,
                                         const PayloadCodec& codec, EventReader& reader,
                                         const PreviewProgress& progress);

void WritePreview(const PreviewReport& report, JsonWriter& out);

}  // namespace mishap

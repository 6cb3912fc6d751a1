// EventFile: an event from a file as people have it, without a server: as an SDK sends it (JSON,
// legacy store body, envelope; also gzipped), as the API gives it back, or a browser's report.
// Decoded, normalised and scrubbed as the door would. Not here: what is then done with it.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/random.h"
#include "base/result.h"
#include "event/event.h"
#include "event/event_json.h"
#include "event/json_tree.h"
#include "ingest/event_stage.h"
#include "ingest/inflate/inflate.h"
#include "ingest/limits.h"

namespace mishap {

inline constexpr std::size_t kEventFileBytesMax = 200u << 20;
inline constexpr std::size_t kRulesFileBytesMax = 1u << 20;

// All of a file; "-" is standard input. Errors: not_found (missing, a directory, not readable),
// too_large. The detail begins with the path.
Result<std::string> ReadWholeFile(const std::string& path, std::size_t bytes_max);

class EventFileReader {
 public:
  // `random` must outlive the reader.
  EventFileReader(Random& random, Timestamp now);

  // Of an envelope its first event item, of a list of reports the first. Errors: those of
  // ReadWholeFile, and what the door would say; the detail begins with the path.
  Result<Event> Read(const std::string& path);

 private:
  Result<std::string> EventJson(std::string_view bytes, EventContext& around);
  Result<std::string> FirstOfEnvelope(std::string_view body, EventContext& around);
  Result<std::string> FirstReport(std::string_view body);

  const Timestamp now_;
  const IngestLimits limits_;
  Inflater inflater_;
  JsonTree tree_;
  std::unique_ptr<EventStage> stage_;
  EventReader reader_;
};

}  // namespace mishap

// Envelope: the container an SDK posts. Header facts we use and the items, as slices of the request
// body.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "event/dsn.h"

namespace mishap {

struct EnvelopeItem {
  std::string type;
  std::string content_type;
  std::string filename;
  std::string attachment_type;
  std::string release;       // "sentry_release", of a browser's report
  std::string environment;   // "sentry_environment", the same
  std::string_view payload;  // into the body: valid while the body lives
};

struct Envelope {
  EventId event_id;  // nil if absent or invalid
  std::optional<Dsn> dsn;
  std::optional<Timestamp> sent_at;
  std::string sdk_json;  // the header's "sdk" object as JSON text, or empty
  std::vector<EnvelopeItem> items;
};

}  // namespace mishap

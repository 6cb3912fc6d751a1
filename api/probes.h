// Probes: is the process alive, may traffic come (web-api and decisions 3.14). Cheap enough for an
// io thread; what they ask is given by wiring. Also the metrics page of the admin listener.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/metrics.h"
#include "net/http.h"

namespace mishap {

struct ProbeSources {
  // May this process take events? Must not need the database.
  std::function<bool()> ready_ingest;
  // May it answer queries? May use a cached answer; must not block.
  std::function<bool()> ready_api;
  // A JSON object: spool, database, versions. Empty: {}.
  std::function<std::string()> health;
};

// /livez, /readyz[?role=api|ingest], /healthz, /api/relay/healthcheck/{live,ready}; a final slash
// does not matter.
bool IsProbe(std::string_view path);
HttpMessageResponse AnswerProbe(const HttpMessageRequest& request, const ProbeSources& sources);

// GET /metrics in Prometheus' text form; anything else 404. For the admin listener only.
HttpMessageResponse AnswerMetrics(const HttpMessageRequest& request, const Metrics& metrics);

}  // namespace mishap

// From the config to the options of each part, and the few lines that open listeners. Used by
// wiring.cc only.
#pragma once

#include <memory>
#include <string>

#include "api/api_front.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/result.h"
#include "digest/digest_status.h"
#include "ingest/event_stage.h"
#include "ingest/intake/intake.h"
#include "net/http_server.h"
#include "server/config.h"
#include "spool/artifact_files.h"
#include "spool/spool.h"
#include "storage/connection.h"

namespace mishap {

ConnectionSettings DirectoryConnection(const std::string& conninfo);
ConnectionSettings ApiConnection(const std::string& conninfo);
// Errors: invalid_argument (trusted proxies).
// The API's front; a login ends first-run.json (decisions 3.8).
ArtifactPort ArtifactPortOf(ArtifactFiles& files);
ApiFront ApiFrontOf(const Config& config, const std::string& public_url);
// A text as the project's rules leave it; by the default rules where it is not known yet.
std::string ScrubbedFor(const ProjectDirectory& directory, ProjectId project, std::string text);
Result<IngestOptions> IngestOptionsOf(const Config& config);
EventStageFactory EventStages(Random& random);

Result<std::unique_ptr<HttpServer>> ListenForClients(const Config& config, HttpHandle handle,
                                                     Metrics& metrics);
struct AdminListener {
  std::unique_ptr<HttpServer> server;
  std::string listen;  // HOST:PORT as asked for
};
// "auto": port 9321 of loopback, any free one when that is taken.
Result<AdminListener> ListenForAdmin(const Config& config, HttpHandle handle, Metrics& metrics);

// "http://HOST:PORT" of a listener: a wildcard is shown as loopback, IPv6 in brackets.
std::string UrlOf(const std::string& listen, std::uint16_t port);

// /healthz. Nothing in it that strangers may not see.
std::string HealthJson(const SpoolStats& spool, std::uint64_t damaged_ranges, bool writable,
                       const DigestStatus& digest, bool database_ready, bool draining);

}  // namespace mishap

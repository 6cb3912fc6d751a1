// Routes of the ingest doors: which door a path means (ingest-protocol 1.2). Slashes are forgiven,
// case is not.
#pragma once

#include <string>
#include <string_view>

namespace mishap {

enum class IngestEndpoint {
  kEnvelope,     // /api/{project}/envelope/
  kStore,        // /api/{project}/store/ and /api/store/
  kTunnel,       // /tunnel: an envelope whose header says whose it is
  kSecurity,     // /api/{project}/security/ and /csp-report/
  kNel,          // /api/{project}/nel/
  kMinidump,     // /api/{project}/minidump/
  kCron,         // /api/{project}/cron/{slug}/ and /cron/{slug}/{key}/
  kAttachments,  // /api/{project}/events/{event_id}/attachments/
  kErrorPage,    // /api/embed/error-page/: the script of the user's report and its form
  kUnsupported,  // anything else below /api/{project}/: 404 with CORS
  kNone,         // not ours: the API, the page, probes
};

struct IngestRoute {
  IngestEndpoint endpoint = IngestEndpoint::kNone;
  std::string project = {};   // as it stands in the path; empty for /api/store/ and /tunnel
  std::string slug = {};      // of /cron/, not decoded
  std::string key = {};       // public key in the path; empty: elsewhere
  std::string event_id = {};  // of /events/{event_id}/attachments/
};

// path: without query. prefix: the path the server is mounted under ("" or "/mishap").
IngestRoute RouteIngest(std::string_view path, std::string_view prefix = "");

// True for every path the ingest door answers, be it with 404.
bool IsIngestPath(std::string_view path, std::string_view prefix = "");

}  // namespace mishap

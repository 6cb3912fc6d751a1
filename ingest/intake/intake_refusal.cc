// Intake: what a project is told of a request that comes to nothing.
#include "ingest/intake/intake_visit.h"
#include "ingest/verdict.h"

namespace mishap {
namespace {

std::string_view DoorName(IngestEndpoint endpoint) {
  switch (endpoint) {
    case IngestEndpoint::kEnvelope:
      return "envelope";
    case IngestEndpoint::kStore:
      return "store";
    case IngestEndpoint::kTunnel:
      return "tunnel";
    case IngestEndpoint::kSecurity:
      return "security";
    case IngestEndpoint::kNel:
      return "nel";
    case IngestEndpoint::kMinidump:
      return "minidump";
    case IngestEndpoint::kCron:
      return "cron";
    case IngestEndpoint::kAttachments:
      return "attachments";
    case IngestEndpoint::kErrorPage:
      return "error-page";
    default:
      return "";
  }
}

}  // namespace

// Before admission the project of the URL counts, if there is one.
void Intake::NoteRefusal(const Visit& visit, const Error& error) {
  RefusedRequest refused;
  refused.at = visit.received_at;
  refused.door = DoorName(visit.job.route.endpoint);
  refused.method = visit.job.request.method;
  refused.key = MaskedKey(visit.credentials.public_key);
  refused.ip = ClientIp(visit);
  refused.sdk = visit.credentials.sentry_client;
  ProjectId project = visit.ledger ? visit.admitted.project->id : visit.url_project;
  if (!project) {  // the credentials were wrong already
    if (auto named = ParseProjectId(visit.job.route.project)) project = *named;
  }
  shared_.NoteRefusal(project, std::move(refused), error);
}

void IngestShared::NoteRefusal(ProjectId project, RefusedRequest refused, const Error& error) {
  const auto snapshot = ports.directory.Current();
  const ProjectEntry* known = snapshot->FindProject(project);
  if (known == nullptr) return;  // nobody's
  if (known->scrub_ip_addresses) refused.ip.clear();
  refused.status = VerdictOf(error.reason).http_status;
  refused.reason = error.reason;
  refused.detail = error.detail;
  refusals.Add(project, std::move(refused));
}

}  // namespace mishap

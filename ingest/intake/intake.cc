#include "ingest/intake/intake.h"

#include <xxhash.h>

#include <algorithm>

#include "base/bytes.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/store_body.h"

namespace mishap {
namespace {

constexpr std::string_view kEnvelopeMediaType = "application/x-sentry-envelope";

bool IsEnvelopeMediaType(std::string_view content_type) {
  return EqualsIgnoreCase(TrimAscii(content_type.substr(0, content_type.find(';'))),
                          kEnvelopeMediaType);
}

bool IsPacked(const HttpMessageRequest& request) {
  return !TrimAscii(request.Header("Content-Encoding")).empty() || LooksLikeGzip(request.body);
}

// Items whose counts would double if the envelope came again.
bool HasRepeatable(const Envelope& envelope) {
  return std::any_of(envelope.items.begin(), envelope.items.end(), [](const EnvelopeItem& item) {
    return item.type == "sessions" || item.type == "client_report";
  });
}

RepeatId BodyId(std::string_view body) {
  const XXH128_canonical_t bytes = [&] {
    XXH128_canonical_t out;
    XXH128_canonicalFromHash(&out, XXH3_128bits(body.data(), body.size()));
    return out;
  }();
  RepeatId id;
  std::copy(std::begin(bytes.digest), std::end(bytes.digest), id.bytes.begin());
  return id;
}

}  // namespace

Intake::Intake(IngestShared& shared, std::unique_ptr<EventStage> stage)
    : shared_(shared),
      limits_(shared.options.limits),
      stage_(std::move(stage)),
      inflater_(limits_, &shared.inflated),
      envelopes_(limits_) {}

void Intake::Serve(IngestJob& job) {
  ServeOne(job);
  inflater_.Release();
}

void Intake::ServeOne(IngestJob& job) {
  Visit visit(job);
  visit.started = shared_.ports.clock.Steady();
  visit.received_at = shared_.ports.clock.Now();
  Status status = Identify(visit);
  if (status) status = ReadAndTake(visit);
  const std::uint64_t work = inflater_.TakeWork();
  if (visit.ledger) {
    shared_.limiter.AddWork(visit.admitted, static_cast<std::int64_t>(work), visit.received_at);
  }
  if (!status) return Refuse(visit, status.error());
  // What is not over a limit was taken: then the answer only warns.
  if (!visit.hits.empty() && visit.records.empty() && !visit.never_429) {
    return Refuse(visit, Error{Reason::kRateLimited, "rate limited"});
  }
  if (visit.item_error && visit.items_kept == 0) return Refuse(visit, *visit.item_error);
  // One bad event beside things we keep is told by its outcome only; alone it is the answer. Too
  // large always is.
  bool alone = visit.items_kept == 0;
  const bool limited =
      visit.event_error && visit.event_error->reason == Reason::kRateLimited;  // Append says 429
  if (visit.event_error && !limited && (alone || visit.event_error->reason == Reason::kTooLarge)) {
    return Refuse(visit, *visit.event_error);
  }
  if (limited) NoteRefusal(visit, *visit.event_error);
  Append(visit);
}

// Credentials and project of the request's head; admits at once if there is a key, before any work
// on the body.
Status Intake::Identify(Visit& visit) {
  const IngestJob& job = visit.job;
  visit.query = ParseQuery(job.request.query);
  auto credentials = ReadCredentials(job.request, visit.query, job.route.key);
  if (!credentials) return Fail(credentials.error());
  visit.credentials = std::move(*credentials);
  if (!job.route.project.empty()) {
    auto project = ParseProjectId(job.route.project);
    if (!project) return Fail(project.error());
    visit.url_project = *project;
  }
  if (visit.credentials.public_key.empty()) return {};
  return AdmitVisit(visit);
}

Status Intake::AdmitVisit(Visit& visit) {
  if (visit.credentials.public_key.empty()) {
    return Fail(Reason::kUnauthenticated, "missing authorization information");
  }
  const HttpMessageRequest& request = visit.job.request;
  std::string_view origin = request.Header("Origin");
  if (origin.empty()) origin = request.Header("Referer");
  auto admitted =
      Admit(shared_.ports.directory, {visit.credentials.public_key, visit.url_project, origin});
  if (!admitted) return Fail(admitted.error());
  visit.admitted = std::move(*admitted);
  visit.ledger.emplace(visit.admitted.project->id, visit.admitted.key->id, visit.received_at);
  return CheckWork(visit);
}

// Before a body is decompressed: has the key had its share of that?
Status Intake::CheckWork(Visit& visit) {
  if (!IsPacked(visit.job.request) && !visit.IsMinidump()) return {};
  auto hit = shared_.limiter.OverWork(visit.admitted, limits_.inflated_bytes_per_minute_max,
                                      visit.received_at);
  if (!hit) return {};
  AddHit(visit.hits, *hit);
  return Fail(Reason::kRateLimited, "rate limited");
}

Result<Envelope> Intake::ReadEnvelope(Visit& visit) {
  const HttpMessageRequest& request = visit.job.request;
  if (visit.IsPixel()) return ReadStore(visit, QueryValue(visit.query, "sentry_data"));
  bool store = visit.job.route.endpoint == IngestEndpoint::kStore &&
               !IsEnvelopeMediaType(request.Header("Content-Type"));
  const bool keyless = !visit.ledger && IsPacked(request);
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                store     ? limits_.store_body_bytes_max
                                : keyless ? limits_.keyless_envelope_bytes_max
                                          : limits_.envelope_bytes_max);
  if (!body) return Fail(body.error());
  if (store) return ReadStore(visit, *body);
  auto envelope = envelopes_.Parse(*body);
  // Without either two clients may well send the same bytes.
  const bool unique = envelope && (envelope->sent_at || !envelope->event_id.IsNil());
  if (unique && HasRepeatable(*envelope)) visit.body_id = BodyId(*body);
  return envelope;
}

Result<Envelope> Intake::ReadStore(Visit&, std::string_view body) {
  auto json = DecodeStoreBody(body, limits_.event_bytes_max, inflater_, scratch_);
  if (!json) return Fail(json.error());
  Envelope envelope;
  EnvelopeItem& item = envelope.items.emplace_back();
  item.type = IsTransaction(*json, json_) ? "transaction" : "event";
  item.payload = *json;
  return envelope;
}

Status Intake::ReadAndTake(Visit& visit) {
  if (visit.job.request.body_too_large) {
    return Fail(Reason::kTooLarge, "the request body is larger than this server takes");
  }
  if (visit.IsReport()) return TakeReports(visit);
  if (visit.IsCron()) return TakeCronCall(visit);
  if (visit.IsFiles()) return TakeFiles(visit);
  if (visit.IsErrorPage()) return TakeErrorPage(visit);
  if (visit.IsMinidump()) return TakeMinidump(visit);
  auto envelope = ReadEnvelope(visit);
  if (!envelope) return Fail(envelope.error());
  if (envelope->dsn) {
    Status agreed = CheckEnvelopeDsn(*envelope->dsn, visit.url_project, visit.credentials);
    if (!agreed) return agreed;
    // The dsn's project counts where the URL names none.
    if (!visit.url_project && !visit.ledger) visit.url_project = envelope->dsn->project;
  }
  if (!visit.ledger) {
    if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  } else if (envelope->dsn && envelope->dsn->project != visit.admitted.project->id) {
    return Fail(Reason::kInvalidEnvelope,
                "the project of the envelope header's dsn is not the one of the key");
  }
  visit.answer_id = envelope->event_id;
  return TakeItems(visit, *envelope);
}

}  // namespace mishap

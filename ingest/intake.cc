#include "ingest/intake.h"

#include <fmt/format.h>

#include "base/bytes.h"
#include "event/record.h"
#include "ingest/answer.h"
#include "ingest/client_report.h"
#include "ingest/intake_visit.h"
#include "ingest/item_type.h"
#include "ingest/store_body.h"
#include "ingest/verdict.h"

namespace mishap {
namespace {

constexpr std::string_view kUnsupportedItem = "unsupported-item";
constexpr std::string_view kEnvelopeMediaType = "application/x-sentry-envelope";

bool IsEnvelopeMediaType(std::string_view content_type) {
  return EqualsIgnoreCase(TrimAscii(content_type.substr(0, content_type.find(';'))),
                          kEnvelopeMediaType);
}

}  // namespace

void PendingAppends::Begin() {
  std::lock_guard lock(mutex_);
  ++count_;
}

void PendingAppends::End() {
  std::lock_guard lock(mutex_);
  if (--count_ == 0) changed_.notify_all();
}

void PendingAppends::WaitForNone() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return count_ == 0; });
}

IngestShared::IngestShared(const IngestPorts& p, IngestOptions o)
    : ports(p),
      options(std::move(o)),
      ack_seconds(p.metrics.GetHistogram("mishap_ingest_ack_seconds",
                                         "From a worker's start to the durable answer")) {}

void IngestShared::CountOutcomes(const std::vector<OutcomeCount>& counts) {
  for (const OutcomeCount& count : counts) {
    ports.metrics
        .GetCounter("mishap_ingest_outcomes_total", "Outcomes the doors settled",
                    fmt::format("outcome=\"{}\",category=\"{}\"", OutcomeName(count.outcome),
                                CategoryName(count.category)))
        .Add(count.quantity);
  }
}

// What is left to do when the spool has answered; lives until then.
struct Intake::PendingAnswer {
  IngestShared& shared;
  HttpRespond respond;
  HttpMessageResponse answer;
  std::vector<OutcomeCount> settled;
  std::vector<OutcomeCount> lost;  // instead, if the spool refuses
  std::chrono::steady_clock::time_point started;

  void Finish(const Status& status) {
    shared.CountOutcomes(status ? settled : lost);
    if (status) {
      respond(std::move(answer));
    } else {
      shared.ports.outcomes.Add(lost);
      respond(ErrorAnswer(status.error(), shared.options.limits, shared.ports.random));
    }
    shared.ack_seconds.Observe(
        std::chrono::duration<double>(shared.ports.clock.Steady() - started).count());
    shared.appends.End();
  }
};

Intake::Intake(IngestShared& shared, std::unique_ptr<EventStage> stage)
    : shared_(shared),
      limits_(shared.options.limits),
      stage_(std::move(stage)),
      inflater_(limits_),
      envelopes_(limits_) {}

void Intake::Serve(IngestJob& job) {
  Visit visit(job);
  visit.started = shared_.ports.clock.Steady();
  visit.received_at = shared_.ports.clock.Now();
  Status status = Identify(visit);
  if (status) status = ReadAndTake(visit);
  if (!status) return Refuse(visit, status.error());
  // Of several reports some may have been in time.
  if (visit.retry_after_s > 0 && visit.records.empty()) {
    return Refuse(visit, Error{Reason::kRateLimited, "rate limited"});
  }
  // One bad event beside things we keep is told by its outcome only; alone it is the answer. Too
  // large always is.
  bool alone = visit.items_kept == 0;
  if (visit.event_error && (alone || visit.event_error->reason == Reason::kTooLarge)) {
    return Refuse(visit, *visit.event_error);
  }
  Append(visit);
}

// Credentials and project of the request's head; admits at once if there is a key, before any work
// on the body.
Status Intake::Identify(Visit& visit) {
  const IngestJob& job = visit.job;
  visit.query = ParseQuery(job.request.query);
  auto credentials = ReadCredentials(job.request, visit.query);
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
  return {};
}

Result<Envelope> Intake::ReadEnvelope(Visit& visit) {
  const HttpMessageRequest& request = visit.job.request;
  if (visit.IsPixel()) return ReadStore(visit, QueryValue(visit.query, "sentry_data"));
  bool store = visit.job.route.endpoint == IngestEndpoint::kStore &&
               !IsEnvelopeMediaType(request.Header("Content-Type"));
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                store ? limits_.store_body_bytes_max : limits_.envelope_bytes_max);
  if (!body) return Fail(body.error());
  return store ? ReadStore(visit, *body) : envelopes_.Parse(*body);
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
  TakeItems(visit, *envelope);
  return {};
}

// The event first: what becomes of it decides about its attachments.
void Intake::TakeItems(Visit& visit, const Envelope& envelope) {
  Ledger& ledger = *visit.ledger;
  const EnvelopeItem* main = nullptr;
  for (const EnvelopeItem& item : envelope.items) {
    ItemType type = ItemTypeNamed(item.type);
    if (type != ItemType::kEvent && type != ItemType::kTransaction) continue;
    if (main == nullptr) {
      main = &item;
    } else {
      ledger.Add(CategoryOf(type), Outcome::kInvalid, "duplicate_item", 1);
    }
  }
  if (main != nullptr && ItemTypeNamed(main->type) == ItemType::kEvent) {
    if (Status taken = TakeEvent(visit, envelope, main->payload); !taken) {
      visit.event_error = taken.error();
    }
  } else if (main != nullptr) {
    ledger.Add(Category::kTransaction, Outcome::kFiltered, kUnsupportedItem, 1);
  }
  for (const EnvelopeItem& item : envelope.items) TakeOther(visit, item);
  if (envelope.items.empty()) {
    ledger.Add(Category::kDefault, Outcome::kInvalid, "empty_envelope", 1);
  }
}

std::string Intake::ClientIp(const Visit& visit) const {
  const HttpMessageRequest& request = visit.job.request;
  return ClientAddress(request.peer_ip, request.Header("X-Forwarded-For"),
                       shared_.options.trusted_proxies);
}

Status Intake::TakeEvent(Visit& visit, const Envelope& envelope, std::string_view json) {
  Ticket ticket(*visit.ledger, visit.category);
  if (json.size() > limits_.event_bytes_max) {
    ticket.Settle(Outcome::kInvalid, "too_large:event");
    return Fail(Reason::kTooLarge, fmt::format("the event is {} bytes, the limit is {}",
                                               json.size(), limits_.event_bytes_max));
  }
  visit.retry_after_s = shared_.limiter.Take(*visit.admitted.key, 1, visit.received_at);
  if (visit.retry_after_s > 0) {
    ticket.Settle(Outcome::kRateLimited, VerdictOf(Reason::kRateLimited).outcome_reason);
    return Fail(Reason::kRateLimited, "rate limited");
  }
  EventContext context;
  context.project = visit.admitted.project;
  context.received_at = visit.received_at;
  context.sent_at = envelope.sent_at;
  context.envelope_event_id = envelope.event_id;
  context.client_ip = ClientIp(visit);
  context.sdk_json = envelope.sdk_json;
  context.sentry_client = visit.credentials.sentry_client;
  auto ready = stage_->Run(json, context);
  if (!ready) {
    Verdict verdict = VerdictOf(ready.error().reason);
    ticket.Settle(verdict.outcome, verdict.outcome_reason);
    return Fail(ready.error());
  }
  if (!ready->filtered_by.empty()) {
    ticket.Settle(Outcome::kFiltered, ready->filtered_by);
    visit.answer_id = ready->id;  // the client did nothing wrong
    return {};
  }
  EventRecord record;
  record.event_id = ready->id;
  record.received_at = visit.received_at;
  record.key = visit.admitted.key->id;
  record.category = ready->category;
  record.payload = shared_.ports.codec.Compress(ready->canonical_json);
  visit.records.push_back(
      {RecordType::kEvent, visit.admitted.project->id, EncodeEventRecord(record)});
  visit.answer_id = ready->id;
  ++visit.items_kept;
  ticket.HandOn();  // Append gives it its outcome should the spool refuse
  return {};
}

void Intake::TakeOther(Visit& visit, const EnvelopeItem& item) {
  ItemType type = ItemTypeNamed(item.type);
  if (type == ItemType::kEvent || type == ItemType::kTransaction) return;
  if (type == ItemType::kAttachment) return TakeAttachment(visit, item);
  Ticket ticket(*visit.ledger, CategoryOf(type));
  if (type != ItemType::kClientReport) return ticket.Settle(Outcome::kFiltered, kUnsupportedItem);
  if (++visit.client_reports > limits_.client_reports_max) {
    return ticket.Settle(Outcome::kInvalid, "too_large:client_report");
  }
  Status added = AddClientReport(item.payload, limits_, json_, *visit.ledger);
  if (added) {
    ++visit.items_kept;
    ticket.Settle(Outcome::kAccepted, "");
  } else {
    Verdict verdict = VerdictOf(added.error().reason);
    ticket.Settle(verdict.outcome, verdict.outcome_reason);
  }
}

// Counted in bytes, at least one. Not stored by this version.
void Intake::TakeAttachment(Visit& visit, const EnvelopeItem& item) {
  std::size_t bytes = std::max<std::size_t>(1, item.payload.size());
  Ticket ticket(*visit.ledger, Category::kAttachment, static_cast<std::int64_t>(bytes));
  ++visit.attachments;
  visit.attachment_bytes += bytes;
  bool too_large = bytes > limits_.attachment_bytes_max ||
                   visit.attachments > limits_.attachments_max ||
                   visit.attachment_bytes > limits_.attachments_bytes_max;
  if (too_large) return ticket.Settle(Outcome::kInvalid, "too_large:attachment");
  if (visit.retry_after_s > 0) {
    return ticket.Settle(Outcome::kRateLimited, VerdictOf(Reason::kRateLimited).outcome_reason);
  }
  ticket.Settle(Outcome::kFiltered, kUnsupportedItem);
}

// All that was kept and all that was settled, in one group of the spool; the answer comes when it
// is durable.
void Intake::Append(Visit& visit) {
  std::vector<OutcomeCount> settled = visit.ledger->Take();
  const ProjectId project = visit.admitted.project->id;
  std::vector<OutcomeCount> lost = settled;
  if (!visit.records.empty()) {
    Ledger refused(project, visit.admitted.key->id, visit.received_at);
    refused.Add(visit.category, Outcome::kInvalid, "internal",
                static_cast<std::int64_t>(visit.records.size()));
    lost.push_back(refused.Take().front());
  }
  if (!settled.empty()) {
    visit.records.push_back(
        {RecordType::kOutcomes, project, EncodeOutcomesRecord(OutcomesRecord{settled})});
  }
  auto pending = std::make_unique<PendingAnswer>(
      PendingAnswer{shared_, std::move(visit.job.respond), visit.Answer(), std::move(settled),
                    std::move(lost), visit.started});
  shared_.appends.Begin();
  PendingAnswer* raw = pending.get();
  Status appended = shared_.ports.spool.Append(std::move(visit.records), [raw](Status status) {
    std::unique_ptr<PendingAnswer> owned(raw);
    owned->Finish(status);
  });
  if (appended) {
    static_cast<void>(pending.release());  // the spool's callback owns it; it may be gone already
  } else {
    pending->Finish(appended);
  }
}

// The request as a whole comes to nothing. Whose it was is known only after admission.
void Intake::Refuse(Visit& visit, const Error& error) {
  if (visit.ledger) {
    Verdict verdict = VerdictOf(error.reason);
    if (visit.ledger->Counts().empty()) {
      visit.ledger->Add(visit.category, verdict.outcome, verdict.outcome_reason, 1);
    }
    std::vector<OutcomeCount> counts = visit.ledger->Take();
    shared_.CountOutcomes(counts);
    shared_.ports.outcomes.Add(counts);
  }
  if (visit.retry_after_s > 0 && error.reason == Reason::kRateLimited) {
    return visit.job.respond(RateLimitedAnswer(visit.retry_after_s, limits_));
  }
  visit.job.respond(ErrorAnswer(error, limits_, shared_.ports.random));
}

}  // namespace mishap

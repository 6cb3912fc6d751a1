#include "ingest/intake.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "base/bytes.h"
#include "event/record.h"
#include "ingest/answer.h"
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

bool HasAttachment(const Envelope& envelope) {
  return std::any_of(envelope.items.begin(), envelope.items.end(),
                     [](const EnvelopeItem& item) { return item.type == "attachment"; });
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

// The event first: what becomes of it decides about its attachments.
Status Intake::TakeItems(Visit& visit, const Envelope& envelope) {
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
  if (main == nullptr) TakeDumpOfEnvelope(visit, envelope);
  for (const EnvelopeItem& item : envelope.items) TakeOther(visit, envelope, item);
  EventId owner = envelope.event_id.IsNil() ? visit.answer_id : envelope.event_id;
  if (owner.IsNil() && HasAttachment(envelope)) {
    owner = EventId{shared_.ports.random.Bytes16()};  // nobody named it: they belong together
  }
  for (const EnvelopeItem& item : envelope.items) {
    if (ItemTypeNamed(item.type) != ItemType::kAttachment) continue;
    if (Status taken = TakeAttachment(visit, item, owner); !taken) return taken;
  }
  // A client that sends one bad thing is told; beside others it is told by the outcome only.
  if (envelope.items.size() != 1) visit.item_error.reset();
  if (envelope.items.empty()) {
    ledger.Add(Category::kDefault, Outcome::kInvalid, "empty_envelope", 1);
  }
  return {};
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
  if (!Passes(visit, visit.category, 1, ticket)) {
    visit.event_limited = true;
    return Fail(Reason::kRateLimited, "rate limited");
  }
  const EventContext context = ContextOf(visit, envelope);
  auto ready = stage_->Run(json, context);
  if (!ready || !ready->filtered_by.empty()) {
    shared_.limiter.GiveBack(visit.admitted, visit.category, 1, visit.received_at);
  }
  if (!ready) {
    Verdict verdict = VerdictOf(ready.error().reason);
    ticket.Settle(verdict.outcome, verdict.outcome_reason);
    return Fail(ready.error());
  }
  if (!ready->filtered_by.empty()) {
    visit.event_filter = ready->filtered_by;
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
  Keep(visit, RecordType::kEvent, EncodeEventRecord(record), ready->category, 1, ticket);
  visit.answer_id = ready->id;
  return {};
}

EventContext Intake::ContextOf(const Visit& visit, const Envelope& envelope) const {
  EventContext context;
  context.project = visit.admitted.project;
  context.received_at = visit.received_at;
  context.sent_at = envelope.sent_at;
  context.envelope_event_id = envelope.event_id;
  context.client_ip = ClientIp(visit);
  context.sdk_json = envelope.sdk_json;
  context.sentry_client = visit.credentials.sentry_client;
  return context;
}

bool Intake::Passes(Visit& visit, Category category, std::int64_t quantity, Ticket& ticket) {
  auto hit = shared_.limiter.Take(visit.admitted, category, quantity, visit.received_at);
  if (!hit) return true;
  ticket.Settle(Outcome::kRateLimited, hit->reason);
  if (std::find(visit.hits.begin(), visit.hits.end(), *hit) == visit.hits.end()) {
    visit.hits.push_back(std::move(*hit));
  }
  return false;
}

void Intake::Keep(Visit& visit, RecordType type, std::string payload, Category category,
                  std::int64_t quantity, Ticket& ticket) {
  visit.records.push_back({type, visit.admitted.project->id, std::move(payload)});
  Ledger refused(visit.admitted.project->id, visit.admitted.key->id, visit.received_at);
  refused.Add(category, Outcome::kInvalid, "internal", quantity);
  visit.handed_on.push_back(refused.Take().front());
  ++visit.items_kept;
  ticket.HandOn();  // Append gives it its outcome should the spool refuse
}

void Intake::KeepTyped(Visit& visit, TypedBody body, Ticket& ticket) {
  const TypedRecord record{visit.admitted.key->id, visit.received_at, std::move(body)};
  Keep(visit, TypeOf(record.body), EncodeTypedRecord(record), CategoryOf(record.body),
       QuantityOf(record.body), ticket);
}

void Intake::DropItem(Visit& visit, std::string_view outcome_reason, Ticket& ticket) {
  ticket.Settle(Outcome::kInvalid, outcome_reason);
  visit.item_error =
      Error{Reason::kInvalidArgument,
            fmt::format("the item is not what its type says, or too old ({})", outcome_reason)};
}

void Intake::TakeOther(Visit& visit, const Envelope& envelope, const EnvelopeItem& item) {
  const ItemType type = ItemTypeNamed(item.type);
  switch (type) {
    case ItemType::kEvent:
    case ItemType::kTransaction:
      return;
    case ItemType::kAttachment:
      return;  // last, when it is known what became of the event
    case ItemType::kSession:
      return TakeSession(visit, envelope, item);
    case ItemType::kCheckIn:
      return TakeCheckIn(visit, item);
    case ItemType::kUserReport:
      return TakeUserReport(visit, envelope, item);
    case ItemType::kFeedback:
      return TakeFeedback(visit, envelope, item);
    case ItemType::kClientReport:
      return TakeClientReport(visit, item);
    default:
      Ticket(*visit.ledger, CategoryOf(type)).Settle(Outcome::kFiltered, kUnsupportedItem);
  }
}

HttpMessageResponse Intake::AnswerOf(const Visit& visit) const {
  if (visit.event_limited && !visit.never_429 && !visit.IsReport()) {
    return RateLimitedAnswer(visit.hits, limits_);
  }
  HttpMessageResponse answer = visit.Answer();
  if (!visit.never_429) AddRateLimits(visit.hits, limits_, answer);
  return answer;
}

// All that was kept and all that was settled, in one group of the spool; the answer comes when it
// is durable.
void Intake::Append(Visit& visit) {
  std::vector<OutcomeCount> settled = visit.ledger->Take();
  const ProjectId project = visit.admitted.project->id;
  std::vector<OutcomeCount> lost = settled;
  lost.insert(lost.end(), visit.handed_on.begin(), visit.handed_on.end());
  if (!settled.empty()) {
    visit.records.push_back(
        {RecordType::kOutcomes, project, EncodeOutcomesRecord(OutcomesRecord{settled})});
  }
  auto pending = std::make_unique<PendingAnswer>(
      PendingAnswer{shared_, std::move(visit.job.respond), AnswerOf(visit), std::move(settled),
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
  if (!visit.hits.empty() && error.reason == Reason::kRateLimited) {
    return visit.job.respond(RateLimitedAnswer(visit.hits, limits_));
  }
  visit.job.respond(ErrorAnswer(error, limits_, shared_.ports.random));
}

}  // namespace mishap

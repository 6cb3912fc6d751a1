// Intake's way of the items of an envelope: the event first, then what belongs to it, then the
// rest; each to a record or an outcome.
#include <fmt/format.h>

#include <algorithm>

#include "event/record.h"
#include "ingest/intake/intake.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/item_type.h"
#include "ingest/verdict.h"

namespace mishap {
namespace {

constexpr std::string_view kUnsupportedItem = "unsupported-item";

bool HasAttachment(const Envelope& envelope) {
  return std::any_of(envelope.items.begin(), envelope.items.end(),
                     [](const EnvelopeItem& item) { return item.type == "attachment"; });
}

bool IsMain(ItemType type) {
  return type == ItemType::kEvent || type == ItemType::kTransaction || type == ItemType::kSecurity;
}

}  // namespace

// What the envelope is about: its first event, transaction or browser's report. It may have one.
void Intake::TakeMain(Visit& visit, const Envelope& envelope) {
  const EnvelopeItem* main = nullptr;
  for (const EnvelopeItem& item : envelope.items) {
    const ItemType type = ItemTypeNamed(item.type);
    if (!IsMain(type)) continue;
    if (main == nullptr) {
      main = &item;
    } else {
      visit.ledger->Add(CategoryOf(type), Outcome::kInvalid, "duplicate_item", 1);
    }
  }
  if (main == nullptr) return TakeDumpOfEnvelope(visit, envelope);
  Status taken;
  switch (ItemTypeNamed(main->type)) {
    case ItemType::kEvent:
      taken = TakeEvent(visit, envelope, main->payload);
      break;
    case ItemType::kSecurity:
      taken = TakeReportItem(visit, envelope, *main);
      break;
    default:
      visit.ledger->Add(Category::kTransaction, Outcome::kFiltered, kUnsupportedItem, 1);
  }
  if (!taken) visit.event_error = taken.error();
}

// The event first: what becomes of it decides about its attachments.
Status Intake::TakeItems(Visit& visit, const Envelope& envelope) {
  TakeMain(visit, envelope);
  for (const EnvelopeItem& item : envelope.items) TakeOther(visit, envelope, item);
  EventId owner = envelope.event_id.IsNil() ? visit.answer_id : envelope.event_id;
  if (owner.IsNil() && HasAttachment(envelope)) {
    owner = EventId{shared_.ports.random.Bytes16()};  // nobody named it: they belong together
    visit.answer_id = owner;
  }
  for (const EnvelopeItem& item : envelope.items) {
    if (ItemTypeNamed(item.type) != ItemType::kAttachment) continue;
    if (Status taken = TakeAttachment(visit, item, owner); !taken) return taken;
  }
  // A client that sends one bad thing is told; beside others it is told by the outcome only.
  if (envelope.items.size() != 1) visit.item_error.reset();
  if (envelope.items.empty()) {
    visit.ledger->Add(Category::kDefault, Outcome::kInvalid, "empty_envelope", 1);
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
  AddHit(visit.hits, *hit);
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
    case ItemType::kSecurity:
    case ItemType::kAttachment:
      return;  // TakeMain's; files come last, when it is known what became of the event
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

}  // namespace mishap

// Intake's way of what is not an event: sessions, check-ins, feedback, client reports; each item to
// a typed record or an outcome. Also the two small doors of their own: /cron/ and the error page.
#include <fmt/format.h>

#include <cstring>

#include "base/bytes.h"
#include "event/dsn.h"
#include "ingest/client_report.h"
#include "ingest/intake/intake.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/item_type.h"
#include "ingest/typed/check_in_item.h"
#include "ingest/typed/feedback_item.h"
#include "ingest/typed/session_item.h"
#include "ingest/verdict.h"

namespace mishap {

// Of the n-th repeatable item in the envelope.
RepeatId Intake::NextRepeat(Visit& visit) const {
  RepeatId id = visit.body_id;
  if (id.IsNil()) return id;
  std::uint64_t tail = 0;
  std::memcpy(&tail, id.bytes.data() + 8, sizeof tail);
  tail += ++visit.repeats_named;
  std::memcpy(id.bytes.data() + 8, &tail, sizeof tail);
  return id;
}

void Intake::TakeSession(Visit& visit, const Envelope& envelope, const EnvelopeItem& item) {
  Ticket ticket(*visit.ledger, Category::kSession);
  if (++visit.sessions > limits_.sessions_max || item.payload.size() > limits_.sessions_bytes_max) {
    return ticket.Settle(Outcome::kInvalid, "too_large:session");
  }
  auto root = json_.Parse(item.payload);
  if (!root || !root->IsObject()) return DropItem(visit, "invalid_json", ticket);
  const ItemTimes times{visit.received_at, envelope.sent_at};
  TypedBody body;
  if (item.type == "sessions") {
    auto aggregate = ReadSessions(*root, times, limits_);
    if (!aggregate) return DropItem(visit, aggregate.error(), ticket);
    aggregate->repeat = NextRepeat(visit);
    body = std::move(*aggregate);
  } else {
    auto update = ReadSession(*root, times, limits_, shared_.ports.random);
    if (!update) return DropItem(visit, update.error(), ticket);
    body = std::move(*update);
  }
  if (Passes(visit, Category::kSession, 1, ticket)) KeepTyped(visit, std::move(body), ticket);
}

void Intake::TakeCheckIn(Visit& visit, const EnvelopeItem& item) {
  Ticket ticket(*visit.ledger, Category::kMonitor);
  if (item.payload.size() > limits_.check_in_bytes_max) {
    return ticket.Settle(Outcome::kInvalid, "too_large:check_in");
  }
  auto root = json_.Parse(item.payload);
  if (!root || !root->IsObject()) return DropItem(visit, "invalid_json", ticket);
  auto check = ReadCheckIn(*root, shared_.ports.random);
  if (!check) return DropItem(visit, check.error(), ticket);
  if (Passes(visit, Category::kMonitor, 1, ticket)) KeepTyped(visit, std::move(*check), ticket);
}

void Intake::TakeUserReport(Visit& visit, const Envelope& envelope, const EnvelopeItem& item) {
  Ticket ticket(*visit.ledger, Category::kFeedback);
  if (item.payload.size() > limits_.event_bytes_max) {
    return ticket.Settle(Outcome::kInvalid, "too_large:feedback");
  }
  auto root = json_.Parse(item.payload);
  if (!root || !root->IsObject()) return DropItem(visit, "invalid_json", ticket);
  auto report =
      ReadUserReport(*root, envelope.event_id, visit.received_at, *visit.admitted.project, limits_);
  if (!report) return DropItem(visit, report.error(), ticket);
  if (Passes(visit, Category::kFeedback, 1, ticket)) KeepTyped(visit, std::move(*report), ticket);
}

// An event in all but grouping: through the same stage, then no issue but a row of its own.
void Intake::TakeFeedback(Visit& visit, const Envelope& envelope, const EnvelopeItem& item) {
  Ticket ticket(*visit.ledger, Category::kFeedback);
  if (item.payload.size() > limits_.event_bytes_max) {
    return ticket.Settle(Outcome::kInvalid, "too_large:feedback");
  }
  auto ready = stage_->Run(item.payload, ContextOf(visit, envelope));
  if (!ready) return DropItem(visit, VerdictOf(ready.error().reason).outcome_reason, ticket);
  if (visit.answer_id.IsNil()) visit.answer_id = ready->id;
  if (!ready->filtered_by.empty()) return ticket.Settle(Outcome::kFiltered, ready->filtered_by);
  auto root = json_.Parse(ready->canonical_json);
  if (!root) return DropItem(visit, "invalid_json", ticket);
  auto feedback = ReadFeedbackEvent(*root, ready->id, visit.received_at, limits_);
  if (!feedback) return DropItem(visit, feedback.error(), ticket);
  if (!Passes(visit, Category::kFeedback, 1, ticket)) return;
  feedback->payload = shared_.ports.codec.Compress(ready->canonical_json);
  KeepTyped(visit, std::move(*feedback), ticket);
}

void Intake::TakeClientReport(Visit& visit, const EnvelopeItem& item) {
  Ticket ticket(*visit.ledger, Category::kInternal);
  if (++visit.client_reports > limits_.client_reports_max) {
    return ticket.Settle(Outcome::kInvalid, "too_large:client_report");
  }
  auto report = ReadClientReport(item.payload, visit.received_at, limits_, json_);
  if (!report) {
    return DropItem(visit, VerdictOf(report.error().reason).outcome_reason, ticket);
  }
  report->repeat = NextRepeat(visit);
  KeepTyped(visit, std::move(*report), ticket);
}

// GET or POST /cron/{slug}/: a check-in of the query and of a JSON body, if there is one.
Status Intake::TakeCronCall(Visit& visit) {
  if (!visit.ledger) {
    if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  }
  const HttpMessageRequest& request = visit.job.request;
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                limits_.check_in_bytes_max);
  if (!body) return Fail(body.error());
  std::optional<JsonValue> json;
  if (!TrimAscii(*body).empty()) {
    auto root = json_.Parse(*body);
    if (!root) return Fail(root.error());
    if (!root->IsObject()) return Fail(Reason::kInvalidJson, "the body is not a JSON object");
    json = *root;
  }
  Ticket ticket(*visit.ledger, Category::kMonitor);
  auto check = ReadCronCall(PercentDecode(visit.job.route.slug, false), visit.query, json,
                            shared_.ports.random);
  if (!check) {
    ticket.Settle(Outcome::kInvalid, check.error());
    return Fail(Reason::kInvalidArgument,
                "a check-in needs the monitor's slug and status=in_progress, ok or error");
  }
  if (!Passes(visit, Category::kMonitor, 1, ticket)) return {};
  visit.answer_id = EventId{check->id.bytes};
  KeepTyped(visit, std::move(*check), ticket);
  return {};
}

// POST of the form that the page's script shows (error_page.cc): who, and about which event, stands
// in the query.
Status Intake::TakeErrorPage(Visit& visit) {
  auto dsn = ParseDsn(QueryValue(visit.query, "dsn"));
  if (!dsn) return Fail(Reason::kInvalidArgument, "dsn= is missing or no DSN");
  if (Status agreed = CheckEnvelopeDsn(*dsn, {}, visit.credentials); !agreed) return agreed;
  visit.url_project = dsn->project;
  if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  const HttpMessageRequest& request = visit.job.request;
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                limits_.report_body_bytes_max);
  if (!body) return Fail(body.error());
  const QueryParameters form = ParseQuery(*body);
  Ticket ticket(*visit.ledger, Category::kFeedback);
  auto id = ParseId128<EventId>(QueryValue(visit.query, "eventId"));
  const ReportForm fields{QueryValue(form, "name"), QueryValue(form, "email"),
                          QueryValue(form, "comments")};
  auto report = MakeUserReport(fields, id ? *id : EventId{}, "error_page", visit.received_at,
                               *visit.admitted.project, limits_);
  if (!report) {
    ticket.Settle(Outcome::kInvalid, report.error());
    return Fail(Reason::kInvalidArgument, "eventId= and comments are required");
  }
  if (Passes(visit, Category::kFeedback, 1, ticket)) KeepTyped(visit, std::move(*report), ticket);
  return {};
}

}  // namespace mishap

// Intake's way of reports browsers send by themselves: several events from one body, which is a
// request's own or an envelope's item.
#include <fmt/format.h>

#include "base/bytes.h"
#include "ingest/intake/intake.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/security_report.h"
#include "ingest/verdict.h"

namespace mishap {
namespace {

constexpr std::string_view kAgentHintPrefix = "Sec-CH-UA";

std::vector<NamedText> AgentHeaders(const HttpMessageRequest& request) {
  std::vector<NamedText> kept;
  for (const auto& [name, value] : request.headers) {
    bool hint = EqualsIgnoreCase(std::string_view(name).substr(0, kAgentHintPrefix.size()),
                                 kAgentHintPrefix);
    if (hint || EqualsIgnoreCase(name, "User-Agent")) kept.emplace_back(name, value);
  }
  return kept;
}

// A relay has made an event of it already.
bool IsReportEvent(JsonValue root) {
  bool found = false;
  if (!root.IsObject()) return found;
  root.EachMember([&](std::string_view key, JsonValue value) {
    const bool named = key == "csp" || key == "hpkp" || key == "expectct" || key == "expectstaple";
    found = found || (named && value.IsObject());
  });
  return found;
}

}  // namespace

ReportSource Intake::SourceOf(const Visit& visit) const {
  ReportSource source;
  source.client_ip = ClientIp(visit);
  source.headers = AgentHeaders(visit.job.request);
  return source;
}

// The body of /security/ or /nel/.
Status Intake::TakeReports(Visit& visit) {
  const HttpMessageRequest& request = visit.job.request;
  if (!visit.ledger) {
    if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  }
  if (!IsReportMediaType(request.Header("Content-Type"))) {
    return Fail(Reason::kUnsupportedEncoding,
                "Content-Type must be application/json, application/csp-report, "
                "application/reports+json or another type reports are sent as");
  }
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                limits_.report_body_bytes_max);
  if (!body) return Fail(body.error());
  ReportSource source = SourceOf(visit);
  source.release = QueryValue(visit.query, "sentry_release");
  source.environment = QueryValue(visit.query, "sentry_environment");
  const bool nel = visit.job.route.endpoint == IngestEndpoint::kNel;
  return TakeReportsOf(visit, {}, *body, nel ? ReportDoor::kNel : ReportDoor::kSecurity, source);
}

// An item "security", "raw_security" or "nel": a browser's report as it came, or already an event.
Status Intake::TakeReportItem(Visit& visit, const Envelope& envelope, const EnvelopeItem& item) {
  visit.category = Category::kSecurity;
  if (item.payload.size() > limits_.report_body_bytes_max) {
    visit.ledger->Add(Category::kSecurity, Outcome::kInvalid, "too_large:security_report", 1);
    return Fail(Reason::kTooLarge, fmt::format("the report is {} bytes, the limit is {}",
                                               item.payload.size(), limits_.report_body_bytes_max));
  }
  auto root = json_.Parse(item.payload);
  if (root && IsReportEvent(*root)) return TakeEvent(visit, envelope, item.payload);
  ReportSource source = SourceOf(visit);
  source.release = item.release;
  source.environment = item.environment;
  const ReportDoor door = item.type == "nel" ? ReportDoor::kNel : ReportDoor::kSecurity;
  return TakeReportsOf(visit, envelope, item.payload, door, source);
}

// Every report in `body` becomes an event; the envelope's id is the first one's.
Status Intake::TakeReportsOf(Visit& visit, const Envelope& envelope, std::string_view body,
                             ReportDoor door, const ReportSource& source) {
  Ledger& ledger = *visit.ledger;
  auto drop = [&](std::int64_t count, std::string_view reason) {
    if (count > 0) ledger.Add(Category::kSecurity, Outcome::kInvalid, reason, count);
  };
  auto reports = ReadSecurityReports(body, door, source, limits_.reports_max, json_);
  if (!reports) {
    drop(1, VerdictOf(reports.error().reason).outcome_reason);
    return Fail(reports.error());
  }
  drop(reports->other_types, "security_report_type");
  drop(reports->invalid, "security_report");
  drop(reports->over, "too_large:security_report");
  if (reports->events.empty()) {
    if (reports->other_types + reports->invalid == 0) drop(1, "security_report_type");
    return Fail(Reason::kInvalidArgument,
                door == ReportDoor::kNel ? "the body holds no network-error report"
                                         : "the body holds no security report of a known kind");
  }
  Envelope about;
  about.event_id = envelope.event_id;
  about.sent_at = envelope.sent_at;
  EventId first;
  for (const std::string& event : reports->events) {
    if (Status taken = TakeEvent(visit, about, event); !taken) visit.event_error = taken.error();
    if (first.IsNil()) first = visit.answer_id;
    about.event_id = {};
  }
  visit.answer_id = first;
  return {};
}

}  // namespace mishap

// Intake's way of reports browsers send by themselves: several events from one body, no envelope.
#include <fmt/format.h>

#include "base/bytes.h"
#include "ingest/intake.h"
#include "ingest/intake_visit.h"
#include "ingest/security_report.h"

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

}  // namespace

Status Intake::TakeReports(Visit& visit) {
  const HttpMessageRequest& request = visit.job.request;
  if (!visit.ledger) {
    if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  }
  Ledger& ledger = *visit.ledger;
  if (!IsReportMediaType(request.Header("Content-Type"))) {
    return Fail(Reason::kUnsupportedEncoding,
                "Content-Type must be application/json, application/csp-report, "
                "application/reports+json or another type reports are sent as");
  }
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                limits_.report_body_bytes_max);
  if (!body) return Fail(body.error());
  ReportSource source;
  source.release = QueryValue(visit.query, "sentry_release");
  source.environment = QueryValue(visit.query, "sentry_environment");
  source.client_ip = ClientIp(visit);
  source.headers = AgentHeaders(request);
  ReportDoor door =
      visit.job.route.endpoint == IngestEndpoint::kNel ? ReportDoor::kNel : ReportDoor::kSecurity;
  auto reports = ReadSecurityReports(*body, door, source, limits_.reports_max, json_);
  if (!reports) return Fail(reports.error());
  auto drop = [&](std::int64_t count, std::string_view reason) {
    if (count > 0) ledger.Add(Category::kSecurity, Outcome::kInvalid, reason, count);
  };
  drop(reports->other_types, "security_report_type");
  drop(reports->invalid, "security_report");
  drop(reports->over, "too_large:security_report");
  if (reports->events.empty()) {
    if (ledger.Counts().empty()) drop(1, "security_report_type");
    return Fail(Reason::kInvalidArgument,
                door == ReportDoor::kNel ? "the body holds no network-error report"
                                         : "the body holds no security report of a known kind");
  }
  const Envelope none;
  for (const std::string& event : reports->events) {
    if (Status taken = TakeEvent(visit, none, event); !taken) visit.event_error = taken.error();
  }
  return {};
}

}  // namespace mishap

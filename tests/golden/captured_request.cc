#include "tests/golden/captured_request.h"

#include "base/bytes.h"
#include "event/query_text.h"
#include "event/raw_json.h"
#include "ingest/envelope_parser.h"
#include "ingest/inflate/inflate.h"
#include "ingest/security_report.h"
#include "ingest/store_body.h"

namespace mishap {
namespace {

std::string Header(std::string_view request, std::string_view name) {
  for (const auto& [key, value] : JsonChildren(JsonMember(request, "headers"))) {
    if (EqualsIgnoreCase(key, name)) return JsonScalarText(value);
  }
  return {};
}

// From "X-Sentry-Auth: Sentry a=b, sentry_client=x/1" or the query's sentry_client.
std::string ClientName(std::string_view request, std::string_view path) {
  std::string auth = Header(request, "X-Sentry-Auth");
  constexpr std::string_view kKey = "sentry_client=";
  std::size_t at = auth.find(kKey);
  if (at != std::string::npos) {
    at += kKey.size();
    return auth.substr(at, auth.find_first_of(", ", at) - at);
  }
  std::size_t question = path.find('?');
  if (question == std::string_view::npos) return {};
  for (const auto& [key, value] : ParseQueryString(path.substr(question))) {
    if (key == "sentry_client") return value;
  }
  return {};
}

// A browser's reports, as the security door makes events of them.
Result<std::vector<CapturedEvent>> EventsOfReports(std::string_view request,
                                                   const std::string& path, std::string_view body) {
  constexpr std::size_t kReportsMax = 100;
  ReportSource source;
  std::string release;
  std::string environment;
  for (const auto& [key, value] : ParseQueryString(path.substr(path.find('?')))) {
    if (key == "sentry_release") release = value;
    if (key == "sentry_environment") environment = value;
  }
  source.release = release;
  source.environment = environment;
  source.headers = {{"User-Agent", Header(request, "User-Agent")}};
  JsonTree json;
  auto reports = ReadSecurityReports(body, ReportDoor::kSecurity, source, kReportsMax, json);
  if (!reports) return Fail(reports.error());
  std::vector<CapturedEvent> events;
  events.reserve(reports->events.size());
  for (std::string& one : reports->events) events.push_back({std::move(one), {}});
  return events;
}

}  // namespace

Result<std::vector<CapturedEvent>> EventsOf(std::string_view request_json) {
  std::vector<CapturedEvent> events;
  const std::string path = JsonMemberText(request_json, "path");
  auto body = DecodeBase64(JsonMemberText(request_json, "body_base64"));
  if (!body) return Fail(Reason::kInvalidArgument, "body_base64 is not base64");
  IngestLimits limits;
  Inflater inflater(limits);
  auto plain = inflater.Inflate(*body, Header(request_json, "Content-Encoding"));
  if (!plain) return Fail(plain.error());
  CapturedEvent event;
  event.context.sentry_client = ClientName(request_json, path);
  if (path.find("/store/") != std::string::npos) {
    std::string scratch;
    auto json = DecodeStoreBody(*plain, limits.event_bytes_max, inflater, scratch);
    if (!json) return Fail(json.error());
    event.json = *json;
    events.push_back(std::move(event));
    return events;
  }
  if (path.find("/security/") != std::string::npos) {
    return EventsOfReports(request_json, path, *plain);
  }
  if (path.find("/envelope/") == std::string::npos && path.find("/tunnel") == std::string::npos) {
    return events;
  }
  auto envelope = EnvelopeParser(limits).Parse(*plain);
  if (!envelope) return Fail(envelope.error());
  event.context.sent_at = envelope->sent_at;
  event.context.envelope_event_id = envelope->event_id;
  event.context.sdk_json = envelope->sdk_json;
  for (const EnvelopeItem& item : envelope->items) {
    if (item.type != "event") continue;
    event.json = item.payload;
    events.push_back(event);
  }
  return events;
}

}  // namespace mishap

// Bodies of requests: compression, envelopes, forms, legacy bodies, browser reports, minidumps.
#include <functional>
#include <string>

#include "event/event_json.h"
#include "ingest/envelope_parser.h"
#include "ingest/inflate/inflate.h"
#include "ingest/minidump/minidump.h"
#include "ingest/security_report.h"
#include "ingest/store_body.h"
#include "net/multipart.h"
#include "tests/fuzz/fuzz_target.h"

namespace mishap {
namespace {

// Small, so that every bound is met by inputs a fuzzer makes.
constexpr std::size_t kInflatedBytesMax = 1 << 20;

IngestLimits SmallLimits() {
  IngestLimits limits;
  limits.envelope_bytes_max = kInflatedBytesMax;
  limits.ratio_guard_bytes = 64 << 10;
  return limits;
}

bool IsWithin(std::string_view part, std::string_view whole) {
  std::less_equal<const char*> not_after;
  return part.empty() || (not_after(whole.data(), part.data()) &&
                          not_after(part.data() + part.size(), whole.data() + whole.size()));
}

void RequireEventJson(std::string_view json) {
  static thread_local EventReader reader;
  Require(reader.Read(json).has_value(), "an event made by a door is readable");
}

}  // namespace

// First line: the Content-Encoding.
void FuzzInflate(std::string_view input) {
  static thread_local Inflater inflater(SmallLimits());
  auto [encoding, body] = FirstLine(input);
  auto plain = inflater.Inflate(body, encoding);
  if (plain) Require(plain->size() <= std::max(kInflatedBytesMax, body.size()), "bounded output");
  auto inner = inflater.InflateInner(body, kInflatedBytesMax / 2);
  if (inner) Require(inner->size() <= kInflatedBytesMax / 2, "bounded inner output");
  auto file = inflater.Unpack(body, kInflatedBytesMax / 2);
  if (file) {
    Require(file->size() <= std::max(kInflatedBytesMax / 2, body.size()), "bounded file");
  }
}

void FuzzStoreBody(std::string_view input) {
  static thread_local Inflater inflater(SmallLimits());
  static thread_local JsonTree tree;
  std::string scratch;
  auto json = DecodeStoreBody(input, kInflatedBytesMax, inflater, scratch);
  if (!json) return;
  Require(json->size() <= kInflatedBytesMax, "bounded JSON");
  IsTransaction(*json, tree);
}

void FuzzEnvelope(std::string_view input) {
  IngestLimits limits;
  limits.items_max = 20;
  limits.header_line_bytes_max = 1024;
  static thread_local EnvelopeParser parser(limits);
  auto envelope = parser.Parse(input);
  if (!envelope) {
    Require(!envelope.error().detail.empty(), "an error says what was wrong");
    return;
  }
  Require(envelope->items.size() <= limits.items_max, "bounded items");
  const char* last = input.data();
  for (const EnvelopeItem& item : envelope->items) {
    Require(IsWithin(item.payload, input), "payloads are slices of the body");
    if (item.payload.empty()) continue;
    Require(last <= item.payload.data(), "payloads stand in order");
    last = item.payload.data() + item.payload.size();
  }
}

// First line: the Content-Type; without a boundary the form's own.
void FuzzMultipart(std::string_view input) {
  constexpr std::size_t kPartsMax = 10;
  auto [content_type, body] = FirstLine(input);
  std::string_view boundary = FormBoundary(content_type);
  if (boundary.empty()) boundary = LeadingBoundary(body);
  if (boundary.empty()) return;
  auto parts = ReadForm(body, boundary, kPartsMax);
  if (!parts) return;
  Require(!parts->empty() && parts->size() <= kPartsMax, "bounded parts");
  for (const FormPart& part : *parts) {
    Require(!part.name.empty(), "parts have a name");
    Require(IsWithin(part.body, body), "parts are slices of the form");
  }
}

// First line: "nel" for that door, anything else for the security door.
void FuzzReports(std::string_view input) {
  constexpr std::size_t kReportsMax = 8;
  static thread_local JsonTree tree;
  auto [door, body] = FirstLine(input);
  ReportSource source;
  source.release = "web@1";
  source.client_ip = "203.0.113.7";
  source.headers = {{"User-Agent", "Mozilla/5.0 Chrome/156.0.0.0 Safari/537.36"}};
  auto reports = ReadSecurityReports(body, door == "nel" ? ReportDoor::kNel : ReportDoor::kSecurity,
                                     source, kReportsMax, tree);
  if (!reports) return;
  Require(reports->events.size() <= kReportsMax, "bounded reports");
  for (const std::string& event : reports->events) RequireEventJson(event);
}

// First line: the form's field "sentry", event JSON. What is no dump is MessagePack beside one.
void FuzzMinidump(std::string_view input) {
  constexpr std::size_t kModulesMax = 50;
  static thread_local JsonTree tree;
  auto [json, dump] = FirstLine(input);
  FormPart event{"sentry", "", json};
  FormPart nested{"sentry[tags][zone]", "", json.substr(0, 20)};
  FormPart extra{"prod", "", json.substr(0, 20)};
  CrashSummary crash;
  if (LooksLikeMinidump(dump)) crash = ReadMinidump(dump, kModulesMax);
  std::vector<FormPart> parts = {event, nested, extra};
  if (!LooksLikeMinidump(dump)) {
    parts.push_back({std::string(kEventPart), "e", dump});
    parts.push_back({std::string(kBreadcrumbParts[0]), "b", dump.substr(dump.size() / 2)});
    parts.push_back({std::string(kBreadcrumbParts[1]), "b", dump.substr(0, dump.size() / 2)});
  }
  RequireEventJson(MinidumpEvent(crash, parts, tree));
  RequireEventJson(AppleCrashEvent(dump));
}

}  // namespace mishap

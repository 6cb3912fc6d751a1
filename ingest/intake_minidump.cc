// Intake's way of a minidump: an event is made of it; the dump and the files beside it are
// attachments of that. Crash uploaders repeat for ever what they are refused, so this door never
// says 429.
#include <fmt/format.h>

#include "base/bytes.h"
#include "ingest/intake.h"
#include "ingest/intake_visit.h"
#include "ingest/minidump.h"

namespace mishap {
namespace {

bool IsRawDump(std::string_view content_type) {
  std::string_view type = TrimAscii(content_type.substr(0, content_type.find(';')));
  return EqualsIgnoreCase(type, "application/octet-stream") ||
         EqualsIgnoreCase(type, "application/x-dmp");
}

// "crash.dmp.gz" was unpacked.
std::string WithoutSuffix(std::string_view name) {
  if (name.ends_with(".gz")) name.remove_suffix(3);
  return std::string(name.empty() ? "Minidump" : name);
}

}  // namespace

// The form of the body, with the dump as its part; a raw body is a form of one part.
Result<std::vector<FormPart>> Intake::ReadDumpForm(Visit& visit) {
  const HttpMessageRequest& request = visit.job.request;
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                limits_.attachments_bytes_max);
  if (!body) return Fail(body.error());
  std::string_view content_type = request.Header("Content-Type");
  std::string_view boundary = FormBoundary(content_type);
  if (!boundary.empty()) return ReadForm(*body, boundary, limits_.form_parts_max);
  if (IsRawDump(content_type) || LooksLikeMinidump(*body)) {
    return std::vector<FormPart>{{std::string(kDumpPart), "Minidump", *body, {}}};
  }
  return Fail(Reason::kInvalidArgument,
              "send the dump as application/x-dmp, or as part upload_file_minidump of a "
              "multipart/form-data");
}

Status Intake::TakeMinidump(Visit& visit) {
  if (!visit.ledger) {
    if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  }
  auto refuse = [&](std::string_view outcome_reason, std::string_view detail) {
    visit.ledger->Add(Category::kError, Outcome::kInvalid, outcome_reason, 1);
    return Status(Fail(Reason::kInvalidArgument, std::string(detail)));
  };
  auto form = ReadDumpForm(visit);
  if (!form) return Fail(form.error());
  std::string_view dump;
  bool found = false;
  std::size_t text_bytes = 0;
  for (const FormPart& part : *form) {
    const bool text = part.filename.empty() && part.name != kDumpPart;
    if (text) text_bytes += part.name.size() + part.body.size();
    if (part.name != kDumpPart) continue;
    dump = part.body;
    found = true;
  }
  // Before anything is made of it: escaping may make it six times as large.
  if (text_bytes > limits_.event_bytes_max) {
    visit.ledger->Add(Category::kError, Outcome::kInvalid, "too_large:event", 1);
    return Fail(Reason::kTooLarge, fmt::format("the text fields have {} bytes, the limit is {}",
                                               text_bytes, limits_.event_bytes_max));
  }
  if (!found) {
    return refuse("missing_minidump_upload", "the form has no part upload_file_minidump");
  }
  if (LooksLikeGzip(dump)) {
    auto inflated = inflater_.InflateInner(dump, limits_.attachment_bytes_max);
    if (!inflated) return Fail(inflated.error());
    dump = *inflated;
  }
  if (!LooksLikeMinidump(dump)) {
    return refuse("invalid_minidump", "the dump does not start with MDMP (it may be gzipped)");
  }
  visit.never_429 = true;
  CrashSummary crash = ReadMinidump(dump, limits_.dump_modules_max);
  visit.answer_id = EventId{shared_.ports.random.Bytes16()};
  Envelope none;
  // What the reporter calls the event wins over ours; a limit on the key is only counted.
  Status taken = TakeEvent(visit, none, MinidumpEvent(crash, *form, json_));
  if (!taken && taken.error().reason != Reason::kRateLimited) visit.event_error = taken.error();
  return KeepDumpFiles(visit, *form, dump);
}

void Intake::TakeDumpOfEnvelope(Visit& visit, const Envelope& envelope) {
  for (const EnvelopeItem& item : envelope.items) {
    const bool dump = item.type == "attachment" && item.attachment_type == "event.minidump" &&
                      LooksLikeMinidump(item.payload);
    if (!dump) continue;
    const CrashSummary crash = ReadMinidump(item.payload, limits_.dump_modules_max);
    Status taken = TakeEvent(visit, envelope, MinidumpEvent(crash, {}, json_));
    if (!taken) visit.event_error = taken.error();
    return;  // one event an envelope
  }
}

// The dump unpacked, all else as it came.
Status Intake::KeepDumpFiles(Visit& visit, const std::vector<FormPart>& form,
                             std::string_view dump) {
  for (const FormPart& part : form) {
    const bool is_dump = part.name == kDumpPart;
    if (part.filename.empty() && !is_dump) continue;
    EnvelopeItem file;
    file.type = "attachment";
    file.filename = is_dump ? WithoutSuffix(part.filename) : part.filename;
    file.content_type = is_dump ? "application/x-dmp" : part.content_type;
    file.attachment_type = is_dump ? "event.minidump" : "event.attachment";
    if (part.name == "view-hierarchy.json") file.attachment_type = "event.view_hierarchy";
    file.payload = is_dump ? dump : part.body;
    if (Status taken = TakeAttachment(visit, file, visit.answer_id); !taken) return taken;
  }
  return {};
}

}  // namespace mishap

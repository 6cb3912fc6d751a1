// Intake's way of a minidump: an event is made of it; the dump and the files beside it are
// attachments of that. Crash uploaders repeat for ever what they are refused, so this door never
// says 429.
#include <fmt/format.h>

#include "base/bytes.h"
#include "ingest/intake/intake.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/minidump/minidump.h"

namespace mishap {
namespace {

bool IsRawDump(std::string_view content_type) {
  std::string_view type = TrimAscii(content_type.substr(0, content_type.find(';')));
  return EqualsIgnoreCase(type, "application/octet-stream") ||
         EqualsIgnoreCase(type, "application/x-dmp");
}

// "crash.dmp.gz" was unpacked.
std::string WithoutSuffix(std::string_view name) {
  for (std::string_view suffix : {".gz", ".xz", ".bz2", ".zst"}) {
    if (name.ends_with(suffix)) name.remove_suffix(suffix.size());
  }
  return std::string(name.empty() ? "Minidump" : name);
}

// Old Electron on Linux puts a whole form where the dump should be: its parts take the dump's
// place. Errors: those of ReadForm.
Status Unnest(std::vector<FormPart>& form, std::size_t parts_max) {
  for (std::size_t i = 0; i < form.size(); ++i) {
    const std::string_view boundary = LeadingBoundary(form[i].body);
    if (form[i].name != kDumpPart || boundary.empty()) continue;
    auto nested = ReadForm(form[i].body, boundary, parts_max);
    if (!nested) return Fail(nested.error());
    form.erase(form.begin() + static_cast<std::ptrdiff_t>(i));
    form.insert(form.end(), nested->begin(), nested->end());
    return {};
  }
  return {};
}

const FormPart* DumpPart(const std::vector<FormPart>& form) {
  const FormPart* found = nullptr;
  for (const FormPart& part : form) {
    if (part.name == kDumpPart) found = &part;
  }
  return found;
}

// Of what becomes part of the event.
std::size_t EventBytes(const std::vector<FormPart>& form) {
  std::size_t bytes = 0;
  for (const FormPart& part : form) {
    const bool text = part.filename.empty() && part.name != kDumpPart;
    if (text || IsEventPart(part.name)) bytes += part.name.size() + part.body.size();
  }
  return bytes;
}

// What native reporters attach to an envelope under names of their own.
std::vector<FormPart> PartsOf(const Envelope& envelope) {
  std::vector<FormPart> parts;
  std::size_t lists = 0;
  for (const EnvelopeItem& item : envelope.items) {
    if (item.type != "attachment") continue;
    if (item.attachment_type == "event.payload") {
      parts.push_back({std::string(kEventPart), "event", item.payload, {}});
    } else if (item.attachment_type == "event.breadcrumbs" && lists < 2) {
      parts.push_back({std::string(kBreadcrumbParts[lists++]), "list", item.payload, {}});
    }
  }
  return parts;
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
  if (Status plain = Unnest(*form, limits_.form_parts_max); !plain) return plain;
  // Before anything is made of it: escaping may make it six times as large.
  if (const std::size_t bytes = EventBytes(*form); bytes > limits_.event_bytes_max) {
    visit.ledger->Add(Category::kError, Outcome::kInvalid, "too_large:event", 1);
    return Fail(Reason::kTooLarge,
                fmt::format("the text fields and event parts have {} bytes, the limit is {}", bytes,
                            limits_.event_bytes_max));
  }
  const FormPart* part = DumpPart(*form);
  if (part == nullptr) {
    return refuse("missing_minidump_upload", "the form has no part upload_file_minidump");
  }
  auto unpacked = inflater_.Unpack(part->body, limits_.attachment_bytes_max);
  if (!unpacked) return Fail(unpacked.error());
  const std::string_view dump = *unpacked;
  if (!LooksLikeMinidump(dump)) {
    return refuse(
        "invalid_minidump",
        "the dump does not start with MDMP or PMDM (gzip, xz, bzip2 or zstd may be around "
        "it)");
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
    if (item.type != "attachment") continue;
    std::string event;
    if (item.attachment_type == "event.minidump" && LooksLikeMinidump(item.payload)) {
      const std::vector<FormPart> parts = PartsOf(envelope);
      if (EventBytes(parts) > limits_.event_bytes_max) {
        visit.event_error = Error{Reason::kTooLarge, "the event's parts are too large"};
        visit.ledger->Add(Category::kError, Outcome::kInvalid, "too_large:event", 1);
        return;
      }
      const CrashSummary crash = ReadMinidump(item.payload, limits_.dump_modules_max);
      event = MinidumpEvent(crash, parts, json_);
    } else if (item.attachment_type == "event.applecrashreport") {
      event = AppleCrashEvent(item.payload.substr(0, limits_.event_bytes_max));
    } else {
      continue;
    }
    Status taken = TakeEvent(visit, envelope, event);
    if (!taken) visit.event_error = taken.error();
    return;  // one event an envelope
  }
}

// The dump unpacked, all else as it came.
Status Intake::KeepDumpFiles(Visit& visit, const std::vector<FormPart>& form,
                             std::string_view dump) {
  for (const FormPart& part : form) {
    const bool is_dump = part.name == kDumpPart;
    if ((part.filename.empty() && !is_dump) || IsEventPart(part.name)) continue;
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

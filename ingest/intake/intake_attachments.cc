// Intake's way of files: each is written and synced beside the spool first, then a record refers to
// it. Contents are never scrubbed (docs/limits.md says so).
#include <xxhash.h>

#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "base/sha1.h"
#include "ingest/intake/intake.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/scrub.h"
#include "net/multipart.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 255;
constexpr std::size_t kTypeBytesMax = 128;
constexpr std::string_view kTraceAttachment = "application/vnd.sentry.trace-attachment";

// Of event, place in the request, name and content: a repeat of the client's is the same
// attachment, two alike beside each other are not.
AttachmentId AttachmentIdOf(const EventId& event, std::size_t place, std::string_view name,
                            std::string_view bytes) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(),
                                                                       &XXH3_freeState);
  const std::string order = std::to_string(place);
  XXH3_128bits_reset(state.get());
  for (std::string_view part :
       {std::string_view(reinterpret_cast<const char*>(event.bytes.data()), event.bytes.size()),
        std::string_view(order), std::string_view("\0", 1), name, std::string_view("\0", 1),
        bytes}) {
    XXH3_128bits_update(state.get(), part.data(), part.size());
  }
  XXH128_canonical_t canonical;
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
  AttachmentId id;
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), id.bytes.begin());
  return id;
}

// The last part of a path of either kind, without control characters.
std::string FileName(std::string_view given) {
  given = given.substr(given.find_last_of("/\\") == given.npos ? 0 : given.find_last_of("/\\") + 1);
  std::string name = RepairUtf8(TrimAscii(given));
  std::erase_if(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  name = Utf8Prefix(name, kNameBytesMax);
  return name.empty() || name == "." || name == ".." ? "Unnamed" : name;
}

std::string Word(std::string_view given, std::string_view fallback) {
  std::string word = RepairUtf8(Utf8Prefix(TrimAscii(given), kTypeBytesMax));
  std::erase_if(word, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  return word.empty() ? std::string(fallback) : word;
}

}  // namespace

// Counted in bytes, at least one.
Status Intake::TakeAttachment(Visit& visit, const EnvelopeItem& item, const EventId& event_id) {
  const std::size_t bytes = std::max<std::size_t>(1, item.payload.size());
  const auto quantity = static_cast<std::int64_t>(bytes);
  Ticket ticket(*visit.ledger, Category::kAttachment, quantity);
  ++visit.attachments;
  visit.attachment_bytes += bytes;
  auto settle = [&](Outcome outcome, std::string_view reason) {
    ticket.Settle(outcome, reason);
    return Status();
  };
  const bool too_large = bytes > limits_.attachment_bytes_max ||
                         visit.attachments > limits_.attachments_max ||
                         visit.attachment_bytes > limits_.attachments_bytes_max;
  if (too_large) return settle(Outcome::kInvalid, "too_large:attachment");
  if (visit.event_limited) return settle(Outcome::kRateLimited, visit.hits.front().reason);
  if (!visit.event_filter.empty()) return settle(Outcome::kFiltered, visit.event_filter);
  if (visit.event_error) return settle(Outcome::kInvalid, "no_event_payload");
  if (item.content_type.starts_with(kTraceAttachment)) {
    return settle(Outcome::kFiltered, "unsupported-item");
  }
  if (event_id.IsNil()) return settle(Outcome::kInvalid, "no_event_payload");
  if (!Passes(visit, Category::kAttachment, quantity, ticket)) return {};
  AttachmentRef file;
  file.event_id = event_id;
  file.name = ScrubbedText(FileName(item.filename), *visit.admitted.project);
  file.content_type = Word(item.content_type, "application/octet-stream");
  file.type = Word(item.attachment_type, "event.attachment");
  file.bytes = static_cast<std::int64_t>(item.payload.size());
  file.sha1 = Sha1Hex(item.payload);
  file.id = AttachmentIdOf(event_id, visit.attachments, file.name, item.payload);
  auto blob = shared_.ports.blobs.Write(visit.admitted.project->id, visit.received_at,
                                        ToHex(file.id), item.payload);
  if (!blob) {
    ticket.Settle(Outcome::kInvalid, "internal");
    return Fail(blob.error());
  }
  file.blob = std::move(*blob);
  KeepTyped(visit, std::move(file), ticket);
  return {};
}

// POST /api/{project}/events/{event_id}/attachments/: every file of the form; the event may come
// later or have come before.
Status Intake::TakeFiles(Visit& visit) {
  if (!visit.ledger) {
    if (Status admitted = AdmitVisit(visit); !admitted) return admitted;
  }
  const HttpMessageRequest& request = visit.job.request;
  auto event_id = ParseId128<EventId>(visit.job.route.event_id);
  if (!event_id || event_id->IsNil()) {
    return Fail(Reason::kInvalidArgument, "the path names no event id of 32 hex digits");
  }
  auto body = inflater_.Inflate(request.body, request.Header("Content-Encoding"),
                                limits_.attachments_bytes_max);
  if (!body) return Fail(body.error());
  const std::string_view boundary = FormBoundary(request.Header("Content-Type"));
  if (boundary.empty()) {
    return Fail(Reason::kInvalidArgument, "send the files as multipart/form-data");
  }
  auto form = ReadForm(*body, boundary, limits_.form_parts_max);
  if (!form) return Fail(form.error());
  visit.answer_id = *event_id;
  std::size_t files = 0;
  for (const FormPart& part : *form) {
    if (part.filename.empty()) continue;
    ++files;
    EnvelopeItem file;
    file.type = "attachment";
    file.filename = part.filename;
    file.content_type = part.content_type;
    file.payload = part.body;
    if (Status taken = TakeAttachment(visit, file, *event_id); !taken) return taken;
  }
  if (files == 0) return Fail(Reason::kInvalidArgument, "the form holds no file");
  return {};
}

}  // namespace mishap

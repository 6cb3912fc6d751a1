#include "ingest/normalise.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_notes.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

bool IsPlatformName(std::string_view text) {
  if (text.empty() || text.size() > kPlatformBytesMax) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '-';
  });
}

// error when there is an exception, a security report's kind when there is one, else default.
std::string InferredType(const Event& event) {
  if (!event.exceptions.empty()) return "error";
  for (std::string_view kind : {"csp", "hpkp", "expectct", "expectstaple"}) {
    for (const auto& [name, value] : event.other) {
      if (name == kind && value.text.starts_with('{')) return std::string(kind);
    }
  }
  return "default";
}

// Long dotted names lose their first segments: "*.worker.tasks".
void ShortenLogger(std::string& logger) {
  if (logger.find_first_of("\r\n") != std::string::npos) logger.clear();
  StripBlanks(logger);
  while (logger.size() > kLoggerBytesMax) {
    std::size_t dot = logger.find('.', logger.starts_with("*.") ? 2 : 0);
    if (dot == std::string::npos || dot + 1 == logger.size()) break;
    logger = "*" + logger.substr(dot);
  }
  CutBytes(logger, kLoggerBytesMax);
  StripBlanks(logger);  // where it was cut
}

// "{{default}}" in any spacing is written one way; alone it says nothing.
void CleanFingerprint(std::vector<std::string>& fingerprint) {
  for (std::string& part : fingerprint) {
    std::string_view inner = part;
    if (inner.starts_with("{{") && inner.ends_with("}}") && inner.size() >= 4) {
      inner = TrimAscii(inner.substr(2, inner.size() - 4));
      if (inner == "default") part = "{{ default }}";
    }
    CutBytes(part, kFingerprintPartBytesMax);
  }
  if (fingerprint.size() > kFingerprintPartsMax) fingerprint.resize(kFingerprintPartsMax);
  if (fingerprint.size() == 1 && fingerprint[0] == "{{ default }}") fingerprint.clear();
}

// Milliseconds old clients measured; other stages may rely on its range.
void CheckTimeSpent(Event& event) {
  constexpr std::uint64_t kTimeSpentEnd = 2'147'483'647;
  auto it = std::find_if(event.other.begin(), event.other.end(),
                         [](const NamedJson& named) { return named.first == "time_spent"; });
  if (it == event.other.end()) return;
  const std::string& text = it->second.text;
  std::uint64_t number = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool good = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  if (good && number < kTimeSpentEnd) return;
  AddEventError(event, "invalid_data", "time_spent", text);
  event.other.erase(it);
}

void TrimName(std::string& name, std::string_view field, MetaNotes& notes) {
  StripBlanks(name);
  if (auto length = TrimText(name, kNameLimit)) notes.Shortened({std::string(field)}, *length);
}

}  // namespace

void NormalizeIdentity(Event& event, const EventContext& context, MetaNotes& notes) {
  if (!context.envelope_event_id.IsNil()) event.id = context.envelope_event_id;
  event.type = InferredType(event);
  if (!IsPlatformName(event.platform)) event.platform = "other";
  if (!event.level) event.level = Level::kError;
  ShortenLogger(event.logger);
  TrimName(event.transaction, "transaction", notes);
  TrimName(event.culprit, "culprit", notes);
  StripBlanks(event.server_name);
  if (auto length = TrimText(event.server_name, kServerNameLimit)) {
    notes.Shortened({"server_name"}, *length);
  }
  CutBytes(event.checksum, kChecksumBytesMax);
  CleanFingerprint(event.fingerprint);
  CheckTimeSpent(event);
}

void Normalize(Event& event, const EventContext& context) {
  MetaNotes notes;
  NormalizeIdentity(event, context, notes);
  NormalizeSdk(event, context);
  NormalizeRequest(event, notes);
  NormalizeUser(event, context, notes);
  NormalizeVersions(event);
  NormalizeMessage(event, notes);
  NormalizeTimes(event, context);
  NormalizeTags(event, notes);
  NormalizeStacks(event, notes);
  NormalizeUserAgent(event);
  NormalizeContexts(event, notes);
  NormalizeFreeForm(event, notes);
  notes.MergeInto(event.meta);
}

}  // namespace mishap

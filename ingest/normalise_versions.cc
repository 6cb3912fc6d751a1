// Release, environment, dist: names other tables are keyed by, so a bad one is dropped rather than
// mended.
#include <algorithm>

#include "base/bytes.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

bool HasForbiddenCharacter(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return c == '/' || c == '\\' || byte < 0x20 || byte == 0x7F;
  });
}

bool IsName(std::string_view text, std::size_t bytes_max, std::string_view reserved) {
  return text.size() <= bytes_max && text != "." && text != ".." &&
         !EqualsIgnoreCase(text, reserved) && !HasForbiddenCharacter(text);
}

bool IsDist(std::string_view text) {
  return text.size() <= kDistBytesMax && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '.' || c == '-';
         });
}

void DropUnless(bool good, Event& event, std::string_view field, std::string& value) {
  if (good || value.empty()) return;
  AddEventError(event, "invalid_data", field, value);
  value.clear();
}

}  // namespace

void NormalizeVersions(Event& event) {
  StripBlanks(event.release);
  StripBlanks(event.environment);
  StripBlanks(event.dist);
  DropUnless(IsName(event.release, kReleaseBytesMax, "latest"), event, "release", event.release);
  DropUnless(IsDist(event.dist), event, "dist", event.dist);
  // A tag stands in for the field of clients that have none.
  if (event.environment.empty()) event.environment = event.Tag("environment");
  StripBlanks(event.environment);
  DropUnless(IsName(event.environment, kEnvironmentBytesMax, "none"), event, "environment",
             event.environment);
}

}  // namespace mishap

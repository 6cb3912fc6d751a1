// Tags a client set: keys checked, values cut, those that fields already say removed.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "base/bytes.h"
#include "event/raw_json.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"
#include "ingest/normalise_text.h"

namespace mishap {
namespace {

// Said by fields of the event; environment was promoted before.
constexpr std::array<std::string_view, 7> kReserved = {
    "release", "dist", "environment", "user", "filename", "function", "device.class"};

bool IsTagKey(std::string_view key) {
  if (key.empty() || key.size() > kTagKeyBytesMax) return false;
  return std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == ':' || c == '-';
  });
}

void CleanKey(std::string& key) {
  StripBlanks(key);
  std::replace(key.begin(), key.end(), ' ', '-');
}

// The value's length if it was too long.
std::optional<std::size_t> CleanValue(std::string& value) {
  std::replace_if(
      value.begin(), value.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  StripBlanks(value);
  return TrimText(value, kTagValueLimit);
}

// The old top-level field "site" is a tag.
void TakeSite(Event& event) {
  for (auto it = event.other.begin(); it != event.other.end(); ++it) {
    if (it->first != "site") continue;
    if (it->second.text.starts_with('"')) {
      event.tags.emplace_back("site", JsonScalarText(it->second.text));
    }
    event.other.erase(it);
    return;
  }
}

}  // namespace

void NormalizeTags(Event& event, MetaNotes& notes) {
  TakeSite(event);
  std::vector<NamedText> kept;
  std::unordered_set<std::string> seen;
  for (auto& [key, value] : event.tags) {
    if (kept.size() >= kTagsMax) {
      notes.Shortened({"tags"}, event.tags.size());
      break;
    }
    CleanKey(key);
    const auto length = CleanValue(value);
    if (value.empty() || key.empty()) continue;
    if (std::find(kReserved.begin(), kReserved.end(), key) != kReserved.end()) continue;
    if (!IsTagKey(key)) {
      AddEventError(event, "invalid_data", "tags", key);
      continue;
    }
    if (!seen.insert(key).second) continue;
    if (length) notes.Shortened({"tags", std::to_string(kept.size()), "1"}, *length);
    kept.emplace_back(std::move(key), std::move(value));
  }
  event.tags = std::move(kept);
}

}  // namespace mishap

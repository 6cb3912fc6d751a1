#include "ingest/typed/json_fields.h"

#include <xxhash.h>

#include <charconv>
#include <cmath>

#include "base/bytes.h"

namespace mishap {
namespace {

constexpr double kDurationSecondsMax = 100.0 * 366 * 86'400;

std::optional<double> ParseNumber(std::string_view text) {
  double number = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(number) ? std::optional(number) : std::nullopt;
}

}  // namespace

std::optional<JsonValue> JsonFields::Find(std::string_view name) const {
  std::optional<JsonValue> found;
  if (!object_.IsObject()) return found;
  object_.EachMember([&](std::string_view key, JsonValue value) {
    if (key == name && !value.IsNull()) found.emplace(value);
  });
  return found;
}

std::string JsonFields::Text(std::string_view name, std::size_t bytes_max) const {
  auto value = Find(name);
  if (!value || value->IsArray() || value->IsObject()) return {};
  if (value->IsString()) return std::string(Utf8Prefix(TrimAscii(value->Text()), bytes_max));
  std::string text;
  AppendJson(text, *value);
  return std::string(Utf8Prefix(text, bytes_max));
}

std::optional<double> JsonFields::Number(std::string_view name) const {
  auto value = Find(name);
  if (!value) return std::nullopt;
  if (value->IsNumber()) return value->AsDouble();
  return value->IsString() ? ParseNumber(TrimAscii(value->Text())) : std::nullopt;
}

std::optional<std::uint64_t> JsonFields::Count(std::string_view name) const {
  auto value = Find(name);
  if (!value) return std::nullopt;
  if (value->IsUint()) return value->Uint();
  auto number = Number(name);
  if (!number || *number < 0) return std::nullopt;
  if (*number >= 18446744073709549568.0) return UINT64_MAX;
  return static_cast<std::uint64_t>(*number);
}

bool JsonFields::Flag(std::string_view name) const {
  auto value = Find(name);
  return value && value->IsBool() && value->Bool();
}

std::optional<Timestamp> JsonFields::Time(std::string_view name) const {
  auto value = Find(name);
  if (!value) return std::nullopt;
  if (value->IsNumber()) return TimestampFromSeconds(value->AsDouble());
  if (!value->IsString()) return std::nullopt;
  if (auto seconds = ParseNumber(TrimAscii(value->Text()))) return TimestampFromSeconds(*seconds);
  return ParseTimestamp(TrimAscii(value->Text()));
}

std::optional<JsonFields> JsonFields::Object(std::string_view name) const {
  auto value = Find(name);
  if (!value || !value->IsObject()) return std::nullopt;
  return JsonFields(*value);
}

std::int64_t DurationMs(std::optional<double> seconds) {
  if (!seconds || !(*seconds >= 0) || *seconds > kDurationSecondsMax) return -1;
  return std::llround(*seconds * 1000);
}

std::optional<std::uint64_t> UserHashOf(std::string_view distinct_id) {
  if (distinct_id.empty()) return std::nullopt;
  std::string text = "id:";
  text += distinct_id;
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace mishap

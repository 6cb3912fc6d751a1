// The scalar shapes: text in its degrees of leniency, numbers, times, ids, raw values. Lists of
// pairs: field_shapes.cc.
#include "event/field_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "base/bytes.h"

namespace mishap {
namespace {

// Doubles beyond this do not hold every integer.
constexpr double kExactDoubleMax = 9007199254740992.0;

std::optional<std::int64_t> LenientInt(JsonValue value) {
  if (value.IsInt()) return value.Int();
  if (value.IsDouble() && std::fabs(value.Double()) < kExactDoubleMax) {
    return static_cast<std::int64_t>(value.Double());
  }
  if (!value.IsString()) return std::nullopt;
  std::string_view text = value.Text();
  std::int64_t number = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

std::optional<Level> LenientLevel(JsonValue value) {
  if (value.IsString()) return ParseLevel(value.Text());
  if (auto number = LenientInt(value)) return ParseLevel(std::to_string(*number));
  return std::nullopt;
}

// "0x7f3a" from hex, decimal text or a number.
std::optional<std::string> LenientAddress(JsonValue value) {
  std::uint64_t number = 0;
  if (value.IsInt() && value.Int() >= 0) {
    number = static_cast<std::uint64_t>(value.Int());
  } else if (value.IsUint()) {
    number = value.Uint();
  } else if (value.IsString()) {
    std::string_view text = value.Text();
    bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) text.remove_prefix(2);
    auto parsed = std::from_chars(text.data(), text.data() + text.size(), number, hex ? 16 : 10);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
      return std::nullopt;
    }
  } else {
    return std::nullopt;
  }
  return fmt::format("{:#x}", number);
}

}  // namespace

void ReadNotes::Drop(JsonValue value) {
  if (errors.size() >= kEventErrorsMax) return;
  EventError error;
  error.type = "invalid_data";
  for (const Step& step : path) {
    if (!error.name.empty()) error.name.push_back('.');
    if (step.name.empty()) {
      error.name += std::to_string(step.index);
    } else {
      error.name += Utf8Prefix(step.name, kErrorValueBytesMax);
    }
  }
  error.value = ToRaw(value);
  if (error.value.text.size() > kErrorValueBytesMax) error.value.text.clear();
  errors.push_back(std::move(error));
}

std::optional<std::string> LenientText(JsonValue value) {
  if (value.IsString()) return std::string(value.Text());
  if (value.IsBool()) return value.Bool() ? "True" : "False";
  if (value.IsInt()) return std::to_string(value.Int());
  if (value.IsUint()) return std::to_string(value.Uint());
  if (value.IsDouble() && std::fabs(value.Double()) < kExactDoubleMax) {
    return std::to_string(static_cast<std::int64_t>(value.Double()));
  }
  return std::nullopt;
}

std::optional<Timestamp> LenientTime(JsonValue value) {
  if (value.IsNumber()) return TimestampFromSeconds(value.AsDouble());
  if (!value.IsString()) return std::nullopt;
  std::string_view text = TrimAscii(value.Text());
  double seconds = 0;
  auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (!text.empty() && parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
    return TimestampFromSeconds(seconds);
  }
  return ParseTimestamp(text);
}

RawJson ToRaw(JsonValue value) {
  RawJson raw;
  AppendJson(raw.text, value);
  return raw;
}

void KeepLastOfName(std::vector<NamedJson>& list) {
  if (list.size() < 2) return;
  std::vector<std::size_t> order(list.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    int compared = list[a].first.compare(list[b].first);
    return compared != 0 ? compared < 0 : a < b;
  });
  std::vector<bool> gone(list.size());
  bool any = false;
  for (std::size_t i = 0; i + 1 < order.size(); ++i) {
    if (list[order[i]].first != list[order[i + 1]].first) continue;
    gone[order[i]] = true;
    any = true;
  }
  if (!any) return;
  std::size_t index = 0;
  std::erase_if(list, [&](const NamedJson&) { return gone[index++]; });
}

void FieldReader::Text(std::string_view name, std::string& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!value->IsString()) return notes_.Drop(*value);
  out = value->Text();
}

void FieldReader::Lenient(std::string_view name, std::string& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto text = LenientText(*value);
  if (!text) return notes_.Drop(*value);
  out = std::move(*text);
}

void FieldReader::JsonText(std::string_view name, std::string& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (value->IsString()) {
    out = value->Text();
  } else {
    out = ToRaw(*value).text;
  }
}

void FieldReader::LevelText(std::string_view name, std::string& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto level = LenientLevel(*value);
  if (!level) return notes_.Drop(*value);
  out = LevelName(*level);
}

void FieldReader::LevelValue(std::string_view name, std::optional<Level>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto level = LenientLevel(*value);
  if (!level) return notes_.Drop(*value);
  out = level;
}

void FieldReader::Flag(std::string_view name, std::optional<bool>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!value->IsBool()) return notes_.Drop(*value);
  out = value->Bool();
}

void FieldReader::Int(std::string_view name, std::optional<std::int64_t>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto number = LenientInt(*value);
  if (!number) return notes_.Drop(*value);
  out = number;
}

void FieldReader::Position(std::string_view name, std::optional<std::uint32_t>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto number = LenientInt(*value);
  if (!number) return notes_.Drop(*value);
  // 0 and what no file can have mean "unknown", not an error.
  if (*number >= 1 && *number <= INT32_MAX) out = static_cast<std::uint32_t>(*number);
}

void FieldReader::Address(std::string_view name, std::string& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto address = LenientAddress(*value);
  if (!address) return notes_.Drop(*value);
  out = std::move(*address);
}

void FieldReader::Time(std::string_view name, std::optional<Timestamp>& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto time = LenientTime(*value);
  if (!time) return notes_.Drop(*value);
  out = time;
}

void FieldReader::Stamp(std::string_view name, Timestamp& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  auto time = LenientTime(*value);
  if (!time) return notes_.Drop(*value);
  out = *time;
}

void FieldReader::Id(std::string_view name, EventId& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!value->IsString()) return notes_.Drop(*value);
  auto id = ParseId128<EventId>(value->Text());
  if (!id) return notes_.Drop(*value);
  out = *id;
}

void FieldReader::NumberOrText(std::string_view name, RawJson& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!value->IsNumber() && !value->IsString()) return notes_.Drop(*value);
  out = ToRaw(*value);
}

void FieldReader::Raw(std::string_view name, RawJson& out) {
  const JsonValue* value = Take(name);
  if (value != nullptr) out = ToRaw(*value);
}

void FieldReader::RawObject(std::string_view name, RawJson& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr) return;
  if (!AcceptObject(*value)) return;
  if (!value->IsEmptyContainer()) out = ToRaw(*value);
}

// An object; an array becomes one with the keys "0", "1", ...
void FieldReader::RawKeyed(std::string_view name, RawJson& out) {
  const JsonValue* value = Take(name);
  if (value == nullptr || value->IsEmptyContainer()) return;
  if (!value->IsArray()) {
    if (!value->IsObject()) return notes_.Drop(*value);
    out = ToRaw(*value);
    return;
  }
  std::size_t index = 0;
  out.text = "{";
  value->EachElement([&](JsonValue element) {
    out.text += fmt::format("{}\"{}\":", index == 0 ? "" : ",", index);
    ++index;
    AppendJson(out.text, element);
  });
  out.text.push_back('}');
}

void FieldReader::Other(std::vector<NamedJson>& out) {
  if (value_ == nullptr) return;
  if (!value_->IsEmptyContainer()) {
    out.emplace_back(key_, ToRaw(*value_));
    other_ = &out;
  }
  value_ = nullptr;
}

bool FieldReader::AcceptObject(JsonValue value) {
  if (value.IsObject()) return true;
  if (!value.IsArray() || !value.IsEmptyContainer()) notes_.Drop(value);
  return false;
}

}  // namespace mishap

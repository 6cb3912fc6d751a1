#include "ingest/grpc/proto_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/bytes.h"
#include "event/event_json.h"
#include "event/raw_json.h"
#include "ingest/grpc/proto_event.h"

namespace mishap {
namespace {

// As the JSON reader (event/field_reader.h).
constexpr std::size_t kListEndKept = 500;
constexpr std::size_t kPartsMax = 20'000;
constexpr std::int64_t kSecondsMin = -62'135'596'800;  // year 1
constexpr std::int64_t kSecondsMax = 253'402'300'799;  // year 9999
constexpr std::size_t kExactDigitsMax = 15;            // of a number in JavaScript

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// proto3 strings are UTF-8 by contract only; PostgreSQL takes no NUL.
std::string CleanText(std::string_view bytes) {
  std::string out = IsUtf8(bytes) ? std::string(bytes) : RepairUtf8(bytes);
  for (std::size_t at = out.find('\0'); at != std::string::npos; at = out.find('\0', at)) {
    out.replace(at, 1, kReplacement);
  }
  return out;
}

bool IsPlainNumber(std::string_view text) {
  if (text.empty() || text.size() > kExactDigitsMax) return false;
  if (text.size() > 1 && text[0] == '0') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

template <class List>
void KeepLast(List& list) {
  std::unordered_set<std::string_view> seen;
  std::vector<bool> gone(list.size());
  bool any = false;
  for (std::size_t i = list.size(); i-- > 0;) {
    gone[i] = !seen.insert(list[i].first).second;
    any = any || gone[i];
  }
  if (!any) return;
  List kept;
  kept.reserve(seen.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!gone[i]) kept.push_back(std::move(list[i]));
  }
  list = std::move(kept);
}

}  // namespace

void KeepLastOfEachName(std::vector<NamedJson>& list) {
  KeepLast(list);
}

void KeepLastOfEachName(std::vector<NamedText>& list) {
  KeepLast(list);
}

std::size_t CountOf(std::string_view message, std::uint32_t number) {
  ProtoReader reader(message);
  ProtoField field;
  std::size_t count = 0;
  while (reader.Next(field)) count += field.number == number ? 1 : 0;
  return count;
}

void ProtoFields::Drop(std::string_view type, std::string_view name, std::string_view value) {
  if (errors.size() >= kEventErrorsMax) return;
  EventError& error = errors.emplace_back();
  error.type = type;
  error.name = name;
  if (!value.empty() && value.size() <= kErrorValueBytesMax) {
    error.value.text = QuotedJson(CleanText(value));
  }
}

bool ProtoFields::Keeps(std::size_t index, std::size_t count) {
  if (index >= kListEndKept && index + kListEndKept < count) return false;
  return ++parts_ <= kPartsMax;
}

bool ProtoFields::TakeText() {
  if (++texts_ == kProtoTextsMax + 1) Drop("too_many_values", "event", {});
  return texts_ <= kProtoTextsMax;
}

void ProtoFields::Text(const ProtoField& field, std::string& out) {
  if (field.IsBytes()) out = CleanText(field.bytes);
}

void ProtoFields::Texts(const ProtoField& field, std::vector<std::string>& out) {
  if (field.IsBytes() && TakeText()) out.push_back(CleanText(field.bytes));
}

void ProtoFields::Flag(const ProtoField& field, std::optional<bool>& out) {
  if (!field.IsBytes()) out = field.value != 0;
}

void ProtoFields::Int(const ProtoField& field, std::optional<std::int64_t>& out) {
  if (!field.IsBytes()) out = field.Signed();
}

// 0 and what no file can have mean "unknown".
void ProtoFields::Position(const ProtoField& field, std::optional<std::uint32_t>& out) {
  if (field.IsBytes() || field.value == 0 || field.value > INT32_MAX) return;
  out = static_cast<std::uint32_t>(field.value);
}

void ProtoFields::Address(const ProtoField& field, std::string& out) {
  if (!field.IsBytes() && field.value != 0) out = fmt::format("{:#x}", field.value);
}

void ProtoFields::LevelValue(const ProtoField& field, std::string_view name,
                             std::optional<Level>& out) {
  if (field.IsBytes() || field.value == 0) return;
  auto level = ParseLevel(fmt::format("{}", field.value));
  if (!level) return Drop("invalid_data", name, fmt::format("{}", field.value));
  out = level;
}

void ProtoFields::Time(const ProtoField& field, std::string_view name,
                       std::optional<Timestamp>& out) {
  if (!field.IsBytes()) return;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  Each(field.bytes, [&](const ProtoField& part) {
    if (part.number == 1) seconds = part.Signed();
    if (part.number == 2) nanos = part.Signed();
  });
  bool fits =
      seconds >= kSecondsMin && seconds <= kSecondsMax && nanos >= 0 && nanos < 1'000'000'000;
  if (!fits) return Drop("invalid_data", name, fmt::format("{}.{:09}", seconds, nanos));
  out = Timestamp{seconds * kMicrosPerSecond + nanos / 1000};
}

void ProtoFields::NumberOrText(const ProtoField& field, RawJson& out) {
  if (!field.IsBytes() || field.bytes.empty()) return;
  out.text =
      IsPlainNumber(field.bytes) ? std::string(field.bytes) : QuotedJson(CleanText(field.bytes));
}

bool ProtoFields::ParseJson(std::string_view text, std::string_view name, bool object,
                            RawJson& out) {
  if (text.empty()) return false;
  auto root = json_.Parse(text);
  if (!root || (object && !root->IsObject())) {
    Drop("invalid_data", name, text);
    return false;
  }
  if (root->IsNull() || (object && root->IsEmptyContainer())) return false;
  out.text.clear();
  AppendJson(out.text, *root);
  return true;
}

void ProtoFields::Json(const ProtoField& field, std::string_view name, RawJson& out) {
  if (field.IsBytes()) ParseJson(field.bytes, name, false, out);
}

void ProtoFields::JsonObject(const ProtoField& field, std::string_view name, RawJson& out) {
  if (field.IsBytes()) ParseJson(field.bytes, name, true, out);
}

NamedText ProtoFields::Entry(const ProtoField& field) {
  NamedText entry;
  Each(field.bytes, [&](const ProtoField& part) {
    if (part.number == 1) Text(part, entry.first);
    if (part.number == 2) Text(part, entry.second);
  });
  return entry;
}

void ProtoFields::Pair(const ProtoField& field, std::vector<NamedText>& out) {
  if (field.IsBytes() && TakeText()) out.push_back(Entry(field));
}

void ProtoFields::NamedValue(const ProtoField& field, std::string_view name,
                             std::vector<NamedJson>& out) {
  if (!field.IsBytes() || !TakeText()) return;
  NamedText entry = Entry(field);
  RawJson value;
  if (!ParseJson(entry.second, fmt::format("{}.{}", name, Utf8Prefix(entry.first, 200)), false,
                 value)) {
    return;
  }
  out.emplace_back(std::move(entry.first), std::move(value));
}

void ProtoFields::NamedObject(const ProtoField& field, std::string_view name,
                              std::vector<NamedJson>& out) {
  if (!field.IsBytes() || !TakeText()) return;
  NamedText entry = Entry(field);
  RawJson value;
  if (!ParseJson(entry.second, fmt::format("{}.{}", name, Utf8Prefix(entry.first, 200)), true,
                 value)) {
    return;
  }
  out.emplace_back(std::move(entry.first), std::move(value));
}

}  // namespace mishap

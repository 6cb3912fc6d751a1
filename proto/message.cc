#include "proto/message.h"

#include <cassert>

#include "base/bytes.h"

namespace mishap {
namespace {

using Kind = ProtoFieldType::Kind;

constexpr int kDepthMax = 16;
constexpr std::int64_t kYear1 = -62'135'596'800;
constexpr std::int64_t kYear10000 = 253'402'300'800;
constexpr std::int64_t kNanosPerMicro = 1000;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

bool IsLengthDelimited(Kind kind) {
  return kind == Kind::kText || kind == Kind::kBytes || kind == Kind::kMessage;
}

bool FitsType(const ProtoFieldType& type, const ProtoField& field) {
  if (type.kind == Kind::kOther) return true;
  if (IsLengthDelimited(type.kind)) return field.IsBytes();
  // Lists of numbers may come packed.
  return field.type == ProtoField::Type::kVarint || (type.is_repeated && field.IsBytes());
}

Status Check(const ProtoMessageType& type, std::string_view bytes, const std::string& path,
             int depth) {
  auto wrong = [&](const std::string& where, std::string_view what) {
    return Fail(Reason::kInvalidArgument,
                (where.empty() ? "the message" : where) + ": " + std::string(what));
  };
  if (depth > kDepthMax) return wrong(path, "nested too deeply");
  ProtoReader reader(bytes);
  ProtoField field;
  while (reader.Next(field)) {
    const auto* known = type.Find(field.number);
    if (!known) continue;
    const std::string here = path.empty() ? known->name : path + "." + known->name;
    if (!FitsType(*known, field)) return wrong(here, "sent as another type than the contract has");
    if (known->kind == Kind::kText &&
        (!IsUtf8(field.bytes) || field.bytes.find('\0') != std::string_view::npos)) {
      return wrong(here, "must be UTF-8 text without NUL");
    }
    if (known->kind == Kind::kMessage && known->message) {
      if (auto ok = Check(*known->message, field.bytes, here, depth + 1); !ok) return ok;
    }
  }
  if (!reader.Broken()) return {};
  return wrong(path,
               "not a " + type.name + ": not protobuf at byte " + std::to_string(reader.Offset()));
}

}  // namespace

Status CheckMessage(const ProtoMessageType& type, std::string_view bytes) {
  return Check(type, bytes, "", 0);
}

template <class Visit>
void MessageView::Each(std::string_view field, Visit&& visit) const {
  const auto* known = type_->Find(field);
  assert(known != nullptr);
  if (!known) return;
  ProtoReader reader(bytes_);
  ProtoField found;
  while (reader.Next(found)) {
    if (found.number == known->number) visit(found);
  }
}

bool MessageView::Has(std::string_view field) const {
  bool has = false;
  Each(field, [&](const ProtoField&) { has = true; });
  return has;
}

std::string_view MessageView::Text(std::string_view field) const {
  std::string_view text;
  Each(field, [&](const ProtoField& found) { text = found.bytes; });
  return text;
}

std::vector<std::string_view> MessageView::Texts(std::string_view field) const {
  std::vector<std::string_view> texts;
  Each(field, [&](const ProtoField& found) { texts.push_back(found.bytes); });
  return texts;
}

std::int64_t MessageView::Int(std::string_view field) const {
  std::int64_t value = 0;
  Each(field, [&](const ProtoField& found) { value = found.Signed(); });
  return value;
}

std::optional<std::string> MessageView::Message(std::string_view field) const {
  std::optional<std::string> bytes;
  Each(field, [&](const ProtoField& found) {
    if (!bytes) bytes.emplace();
    *bytes += found.bytes;
  });
  return bytes;
}

Result<std::optional<Timestamp>> MessageView::Time(std::string_view field) const {
  const auto bytes = Message(field);
  if (!bytes) return std::optional<Timestamp>();
  ProtoReader reader(*bytes);
  ProtoField part;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  while (reader.Next(part)) {
    if (part.number == 1) seconds = part.Signed();
    if (part.number == 2) nanos = part.Signed();
  }
  if (seconds < kYear1 || seconds >= kYear10000 || nanos < 0 || nanos >= kNanosPerSecond) {
    return Fail(Reason::kInvalidArgument,
                std::string(field) + ": must lie in the years 1 to 9999, nanos below 10^9");
  }
  return Timestamp{seconds * kMicrosPerSecond + nanos / kNanosPerMicro};
}

std::uint32_t MessageWriter::NumberOf(std::string_view field) const {
  const auto* known = type_->Find(field);
  assert(known != nullptr);
  constexpr std::uint32_t kUnknownNumber = 19'000;  // reserved by protobuf: clients pass over it
  return known ? known->number : kUnknownNumber;
}

const ProtoMessageType& MessageWriter::TypeOf(std::string_view field) const {
  const auto* known = type_->Find(field);
  assert(known != nullptr && known->message != nullptr);
  static const ProtoMessageType kNone;
  return known && known->message ? *known->message : kNone;
}

MessageWriter& MessageWriter::Text(std::string_view field, std::string_view value) {
  writer_.Text(NumberOf(field), value);
  return *this;
}

MessageWriter& MessageWriter::Texts(std::string_view field,
                                    const std::vector<std::string>& values) {
  for (const auto& value : values) writer_.Message(NumberOf(field), value);
  return *this;
}

MessageWriter& MessageWriter::Int(std::string_view field, std::int64_t value) {
  writer_.Int(NumberOf(field), value);
  return *this;
}

MessageWriter& MessageWriter::Time(std::string_view field, Timestamp value) {
  std::int64_t seconds = value.micros / kMicrosPerSecond;
  std::int64_t micros = value.micros % kMicrosPerSecond;
  if (micros < 0) {  // nanos count forwards, also before 1970
    micros += kMicrosPerSecond;
    --seconds;
  }
  std::string bytes;
  ProtoWriter(bytes).Int(1, seconds).Int(2, micros * kNanosPerMicro);
  return Message(field, bytes);
}

MessageWriter& MessageWriter::Time(std::string_view field, const std::optional<Timestamp>& value) {
  return value ? Time(field, *value) : *this;
}

MessageWriter& MessageWriter::Message(std::string_view field, std::string_view bytes) {
  writer_.Message(NumberOf(field), bytes);
  return *this;
}

MessageWriter& MessageWriter::Present(std::string_view field, std::int64_t value) {
  writer_.Present(NumberOf(field), static_cast<std::uint64_t>(value));
  return *this;
}

MessageWriter& MessageWriter::Entry(std::string_view field, std::string_view key,
                                    std::string_view value) {
  std::string entry;
  ProtoWriter(entry).Text(1, key).Text(2, value);
  return Message(field, entry);
}

}  // namespace mishap

#include "proto/wire.h"

#include <bit>
#include <cstring>

namespace mishap {
namespace {

constexpr std::uint32_t kFieldNumberMax = (1u << 29) - 1;
constexpr int kGroupStart = 3;
constexpr int kGroupEnd = 4;
constexpr int kGroupDepthMax = 32;

}  // namespace

bool ProtoReader::Varint(std::uint64_t& out) {
  out = 0;
  for (std::size_t i = 0; i < 10 && i < rest_.size(); ++i) {
    auto byte = static_cast<std::uint8_t>(rest_[i]);
    out |= static_cast<std::uint64_t>(byte & 0x7F) << (7 * i);
    if (byte >= 0x80) continue;
    rest_.remove_prefix(i + 1);
    return true;
  }
  return false;
}

bool ProtoReader::Fixed(std::size_t bytes, std::uint64_t& out) {
  if (rest_.size() < bytes) return false;
  out = 0;
  for (std::size_t i = 0; i < bytes; ++i) {
    out |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(rest_[i])) << (8 * i);
  }
  rest_.remove_prefix(bytes);
  return true;
}

bool ProtoReader::Value(ProtoField& field) {
  switch (field.type) {
    case ProtoField::Type::kVarint:
      return Varint(field.value);
    case ProtoField::Type::kFixed64:
      return Fixed(8, field.value);
    case ProtoField::Type::kFixed32:
      return Fixed(4, field.value);
    case ProtoField::Type::kBytes: {
      std::uint64_t length = 0;
      if (!Varint(length) || length > rest_.size()) return false;
      field.bytes = rest_.substr(0, length);
      rest_.remove_prefix(length);
      return true;
    }
  }
  return false;
}

// After the start tag of a group; counts nested ones instead of recursing.
bool ProtoReader::SkipGroup() {
  int depth = 1;
  while (depth > 0) {
    std::uint64_t tag = 0;
    if (!Varint(tag)) return false;
    const int type = static_cast<int>(tag & 7);
    if (type == kGroupEnd) {
      --depth;
    } else if (type == kGroupStart) {
      if (++depth > kGroupDepthMax) return false;
    } else {
      ProtoField skipped;
      skipped.type = static_cast<ProtoField::Type>(type);
      if (!Value(skipped)) return false;
    }
  }
  return true;
}

bool ProtoReader::Next(ProtoField& field) {
  while (!rest_.empty()) {
    broken_ = true;  // until this field is read
    std::uint64_t tag = 0;
    if (!Varint(tag) || (tag >> 3) == 0 || (tag >> 3) > kFieldNumberMax) return false;
    const int type = static_cast<int>(tag & 7);
    if (type == kGroupStart) {
      if (!SkipGroup()) return false;
      broken_ = false;
      continue;
    }
    field = {};
    field.number = static_cast<std::uint32_t>(tag >> 3);
    field.type = static_cast<ProtoField::Type>(type);
    if (!Value(field)) return false;
    broken_ = false;
    return true;
  }
  return false;
}

void ProtoWriter::Varint(std::uint64_t value) {
  while (value >= 0x80) {
    out_.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out_.push_back(static_cast<char>(value));
}

ProtoWriter& ProtoWriter::Text(std::uint32_t number, std::string_view value) {
  return value.empty() ? *this : Message(number, value);
}

ProtoWriter& ProtoWriter::Int(std::uint32_t number, std::int64_t value) {
  return value == 0 ? *this : Present(number, static_cast<std::uint64_t>(value));
}

ProtoWriter& ProtoWriter::Present(std::uint32_t number, std::uint64_t value) {
  Varint(std::uint64_t{number} << 3);
  Varint(value);
  return *this;
}

ProtoWriter& ProtoWriter::Double(std::uint32_t number, double value) {
  if (value == 0) return *this;
  Varint(std::uint64_t{number} << 3 | 1);
  auto bits = std::bit_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i) out_.push_back(static_cast<char>(bits >> (8 * i)));
  return *this;
}

ProtoWriter& ProtoWriter::Message(std::uint32_t number, std::string_view message) {
  Varint(std::uint64_t{number} << 3 | 2);
  Varint(message.size());
  out_ += message;
  return *this;
}

}  // namespace mishap

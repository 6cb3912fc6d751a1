// The protobuf wire format, both ways, over plain bytes: fields one after the other, no messages,
// no allocation. Bounded by construction: a field is a view into the input. Meanings of field
// numbers stand where a message is read or written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mishap {

// One field of a message. Which member counts is told by `type`.
struct ProtoField {
  enum class Type : std::uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

  std::uint32_t number = 0;
  Type type = Type::kVarint;
  std::uint64_t value = 0;  // varint, fixed64, fixed32
  std::string_view bytes;   // strings, messages, packed lists

  bool IsBytes() const { return type == Type::kBytes; }
  // int32, int64: two's complement.
  std::int64_t Signed() const { return static_cast<std::int64_t>(value); }
};

// Walks the fields of one message in the order they were sent. Unknown ones are given out like any
// other; groups (proto2) are skipped.
class ProtoReader {
 public:
  explicit ProtoReader(std::string_view message) : rest_(message), size_(message.size()) {}

  // False at the end or at the first thing that is not protobuf (then Broken()).
  bool Next(ProtoField& field);
  bool Broken() const { return broken_; }
  // Where reading stands, for messages to people.
  std::size_t Offset() const { return size_ - rest_.size(); }

 private:
  bool Varint(std::uint64_t& out);
  bool Fixed(std::size_t bytes, std::uint64_t& out);
  bool Value(ProtoField& field);
  bool SkipGroup();

  std::string_view rest_;
  std::size_t size_;
  bool broken_ = false;
};

// Appends fields to a message. Zero values are left out, as proto3 does; Present... are not.
class ProtoWriter {
 public:
  explicit ProtoWriter(std::string& out) : out_(out) {}

  ProtoWriter& Text(std::uint32_t number, std::string_view value);
  ProtoWriter& Int(std::uint32_t number, std::int64_t value);
  ProtoWriter& Bool(std::uint32_t number, bool value) { return Int(number, value ? 1 : 0); }
  // Also zero: a varint that is there.
  ProtoWriter& Present(std::uint32_t number, std::uint64_t value);
  ProtoWriter& Double(std::uint32_t number, double value);
  // Also when it is empty: an element of a list, a message that is there.
  ProtoWriter& Message(std::uint32_t number, std::string_view message);

 private:
  void Varint(std::uint64_t value);

  std::string& out_;
};

}  // namespace mishap

// Messages read and written by the names of their fields (schema.h), over plain bytes. A reader
// trusts nothing: CheckMessage first, then MessageView. Not for hot paths: those number their
// fields (ingest/grpc/proto_event.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "proto/schema.h"
#include "proto/wire.h"

namespace mishap {

// Protobuf down to the last message, texts UTF-8 without NUL, known fields of their type. Unknown
// fields pass. Errors: invalid_argument "issue.title: ...".
Status CheckMessage(const ProtoMessageType& type, std::string_view bytes);

// A message that CheckMessage has passed. Of a field that stands there twice the last counts,
// messages are merged, as in any protobuf.
class MessageView {
 public:
  MessageView(const ProtoMessageType& type, std::string_view bytes) : type_(&type), bytes_(bytes) {}

  const ProtoMessageType& Type() const { return *type_; }
  std::string_view Bytes() const { return bytes_; }
  bool Has(std::string_view field) const;
  std::string_view Text(std::string_view field) const;
  std::vector<std::string_view> Texts(std::string_view field) const;
  std::int64_t Int(std::string_view field) const;  // numbers and enums
  bool Bool(std::string_view field) const { return Int(field) != 0; }
  // The bytes of a message; nullopt: absent.
  std::optional<std::string> Message(std::string_view field) const;
  // A google.protobuf.Timestamp; nullopt: absent. Errors: invalid_argument outside of the years 1
  // to 9999.
  Result<std::optional<Timestamp>> Time(std::string_view field) const;

 private:
  template <class Visit>
  void Each(std::string_view field, Visit&& visit) const;

  const ProtoMessageType* type_;
  std::string_view bytes_;
};

// Appends fields to a message of `type`. Zero values are left out, as proto3 does.
class MessageWriter {
 public:
  MessageWriter(const ProtoMessageType& type, std::string& out) : type_(&type), writer_(out) {}

  MessageWriter& Text(std::string_view field, std::string_view value);
  MessageWriter& Texts(std::string_view field, const std::vector<std::string>& values);
  MessageWriter& Int(std::string_view field, std::int64_t value);  // numbers and enums
  MessageWriter& Bool(std::string_view field, bool value) { return Int(field, value ? 1 : 0); }
  MessageWriter& Time(std::string_view field, Timestamp value);
  MessageWriter& Time(std::string_view field, const std::optional<Timestamp>& value);
  // Also an empty one: a message that is there, an element of a list.
  MessageWriter& Message(std::string_view field, std::string_view bytes);
  // Also zero and empty: optional fields that are there.
  MessageWriter& Present(std::string_view field, std::int64_t value);
  MessageWriter& Present(std::string_view field, std::string_view value) {
    return Message(field, value);
  }
  // An entry of a map<string, string>.
  MessageWriter& Entry(std::string_view field, std::string_view key, std::string_view value);
  // The type of a field that holds messages.
  const ProtoMessageType& TypeOf(std::string_view field) const;

 private:
  std::uint32_t NumberOf(std::string_view field) const;

  const ProtoMessageType* type_;
  ProtoWriter writer_;
};

}  // namespace mishap

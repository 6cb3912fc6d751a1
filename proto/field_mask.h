// FieldMask: which fields of a message are meant (google.protobuf.FieldMask, AIP-157 and AIP-161),
// held against the contract. Paths lead over single messages only: a field of a list's elements or
// a key of a map cannot be named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "proto/schema.h"

namespace mishap {

inline constexpr std::size_t kMaskPathsMax = 100;

class FieldMask {
 public:
  // Everything.
  FieldMask() = default;
  // paths: "status", "settings.retention_days", "*". None: everything. Errors: invalid_argument
  // naming the path.
  static Result<FieldMask> Parse(const std::vector<std::string_view>& paths,
                                 const ProtoMessageType& type);
  // From the bytes of a google.protobuf.FieldMask.
  static Result<FieldMask> Read(std::string_view bytes, const ProtoMessageType& type);
  // Everything but these top-level fields.
  static FieldMask Without(const std::vector<std::string_view>& fields,
                           const ProtoMessageType& type);

  bool IsAll() const { return root_.is_whole; }
  // Whether the field itself or a part of it is meant. path: top level, or
  // "settings.retention_days".
  bool Wants(std::string_view path) const;
  // The message with the fields that are meant, in their order.
  std::string Filter(std::string_view message) const;
  // Top-level fields that are meant, by number; of everything: all of the type.
  std::vector<std::uint32_t> Fields(const ProtoMessageType& type) const;

 private:
  struct Node {
    std::string name;
    std::uint32_t number = 0;
    bool is_whole = false;  // with all below
    std::vector<Node> parts;
  };
  static Status AddPath(std::string_view path, const ProtoMessageType& type, Node& root);
  static void Filter(const Node& node, std::string_view message, std::string& out);

  Node root_{"", 0, true, {}};
};

}  // namespace mishap

#include "proto/field_mask.h"

#include <algorithm>

#include "base/bytes.h"
#include "proto/wire.h"

namespace mishap {
namespace {

constexpr std::size_t kShownBytesMax = 100;

std::string Quoted(std::string_view path) {
  return "\"" + std::string(Utf8Prefix(path, kShownBytesMax)) + "\"";
}

// Copies one field as it stands.
void Copy(const ProtoField& field, std::string& out) {
  ProtoWriter writer(out);
  switch (field.type) {
    case ProtoField::Type::kBytes:
      writer.Message(field.number, field.bytes);
      break;
    case ProtoField::Type::kVarint:
      writer.Present(field.number, field.value);
      break;
    default:
      break;  // resources have no fixed-size fields
  }
}

}  // namespace

Status FieldMask::AddPath(std::string_view path, const ProtoMessageType& type, Node& root) {
  Node* at = &root;
  const ProtoMessageType* message = &type;
  auto wrong = [&](const std::string& what) {
    return Fail(Reason::kInvalidArgument, Quoted(path) + ": " + what);
  };
  std::string_view rest = path;
  while (true) {
    const auto dot = rest.find('.');
    const std::string name(rest.substr(0, dot));
    if (!message) return wrong(at->name + " has no fields that can be named");
    const auto* field = message->Find(name);
    if (!field) {
      return wrong(std::string(message->ShortName()) + " has no field " + Quoted(name));
    }
    auto part = std::find_if(at->parts.begin(), at->parts.end(),
                             [&](const Node& node) { return node.number == field->number; });
    if (part == at->parts.end()) {
      at->parts.push_back({name, field->number, false, {}});
      part = std::prev(at->parts.end());
    }
    at = &*part;
    message = field->is_repeated ? nullptr : field->message;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  at->is_whole = true;
  return {};
}

Result<FieldMask> FieldMask::Parse(const std::vector<std::string_view>& paths,
                                   const ProtoMessageType& type) {
  FieldMask mask;
  if (paths.size() > kMaskPathsMax) {
    return Fail(Reason::kInvalidArgument, "more than " + std::to_string(kMaskPathsMax) + " paths");
  }
  mask.root_.is_whole = paths.empty() || std::find(paths.begin(), paths.end(), "*") != paths.end();
  for (auto path : paths) {
    if (path == "*") continue;
    if (auto ok = AddPath(path, type, mask.root_); !ok) return Fail(ok.error());
  }
  return mask;
}

Result<FieldMask> FieldMask::Read(std::string_view bytes, const ProtoMessageType& type) {
  std::vector<std::string_view> paths;
  ProtoReader reader(bytes);
  ProtoField field;
  while (reader.Next(field)) {
    if (field.number != 1 || !field.IsBytes()) continue;
    if (paths.size() <= kMaskPathsMax) paths.push_back(field.bytes);
  }
  return Parse(paths, type);
}

FieldMask FieldMask::Without(const std::vector<std::string_view>& fields,
                             const ProtoMessageType& type) {
  FieldMask mask;
  mask.root_.is_whole = false;
  for (const auto& field : type.fields) {
    if (std::find(fields.begin(), fields.end(), field.name) != fields.end()) continue;
    mask.root_.parts.push_back({field.name, field.number, true, {}});
  }
  return mask;
}

bool FieldMask::Wants(std::string_view path) const {
  const Node* at = &root_;
  while (!at->is_whole) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    const auto part = std::find_if(at->parts.begin(), at->parts.end(),
                                   [&](const Node& node) { return node.name == name; });
    if (part == at->parts.end()) return false;
    if (dot == std::string_view::npos) return true;
    at = &*part;
    path.remove_prefix(dot + 1);
  }
  return true;
}

void FieldMask::Filter(const Node& node, std::string_view message, std::string& out) {
  ProtoReader reader(message);
  ProtoField field;
  while (reader.Next(field)) {
    for (const auto& part : node.parts) {
      if (part.number != field.number) continue;
      if (part.is_whole || !field.IsBytes()) {
        Copy(field, out);
      } else {
        std::string inner;
        Filter(part, field.bytes, inner);
        ProtoWriter(out).Message(field.number, inner);
      }
    }
  }
}

std::string FieldMask::Filter(std::string_view message) const {
  if (IsAll()) return std::string(message);
  std::string out;
  Filter(root_, message, out);
  return out;
}

std::vector<std::uint32_t> FieldMask::Fields(const ProtoMessageType& type) const {
  std::vector<std::uint32_t> out;
  if (IsAll()) {
    for (const auto& field : type.fields) out.push_back(field.number);
  } else {
    for (const auto& part : root_.parts) out.push_back(part.number);
  }
  return out;
}

}  // namespace mishap

#include "api/grpc/update_json.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/bytes.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

using Kind = ProtoFieldType::Kind;
using Written = tl::expected<void, GrpcStatus>;

constexpr std::string_view kTimestamp = "google.protobuf.Timestamp";

// "ISSUE_STATUS_" of an enumeration whose first value is ISSUE_STATUS_UNSPECIFIED.
std::size_t PrefixBytes(const ProtoEnumType& type) {
  constexpr std::string_view kNone = "UNSPECIFIED";
  const auto& first = type.values.front().first;
  return first.ends_with(kNone) ? first.size() - kNone.size() : 0;
}

bool IsJson(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  return !error;
}

Written WriteTime(const MessageView& message, const std::string& name, const std::string& path,
                  JsonWriter& json) {
  const auto time = message.Time(name);
  if (!time) return RefuseField(path, time.error());
  if (!*time) return RefuseField(path, "cannot be cleared");
  json.Time(**time);
  return {};
}

Written WriteText(const MessageView& message, const ProtoFieldType& field, const std::string& path,
                  JsonWriter& json) {
  const auto text = message.Text(field.name);
  if (!field.name.ends_with("_json")) {
    json.String(text);
    return {};
  }
  if (!text.empty() && !IsJson(text)) return RefuseField(path, "is not JSON");
  json.Raw(text.empty() ? "{}" : text);
  return {};
}

Written WriteValue(const MessageView& message, const ProtoFieldType& field, const std::string& path,
                   JsonWriter& json);

// A message: the fields that are set.
Written WriteObject(const ProtoMessageType& type, const std::string& bytes, const std::string& path,
                    JsonWriter& json) {
  const MessageView message(type, bytes);
  json.BeginObject();
  for (const auto& field : type.fields) {
    if (!message.Has(field.name)) continue;
    if (field.kind == Kind::kInt && message.Int(field.name) == 0) continue;  // as if absent
    json.Key(field.json_name);
    if (auto ok = WriteValue(message, field, path + "." + field.name, json); !ok) return ok;
  }
  json.EndObject();
  return {};
}

Written WriteValue(const MessageView& message, const ProtoFieldType& field, const std::string& path,
                   JsonWriter& json) {
  if (field.is_repeated) {
    json.BeginArray();
    for (auto text : message.Texts(field.name)) json.String(text);
    json.EndArray();
    return {};
  }
  if (field.is_optional && !message.Has(field.name)) {
    json.Null();
    return {};
  }
  switch (field.kind) {
    case Kind::kText:
      return WriteText(message, field, path, json);
    case Kind::kBool:
      json.Bool(message.Bool(field.name));
      return {};
    case Kind::kEnum: {
      const auto word = EnumWord(*field.enumeration, message.Int(field.name));
      if (word.empty()) return RefuseField(path, "must be set to a value of the contract");
      json.String(word);
      return {};
    }
    case Kind::kMessage:
      if (field.type_name == kTimestamp) return WriteTime(message, field.name, path, json);
      return WriteObject(*field.message, message.Message(field.name).value_or(""), path, json);
    default:
      json.Int(message.Int(field.name));
      return {};
  }
}

// The fields of a message as fields of the body itself.
Written WriteFlat(const MessageView& resource, const ProtoFieldType& field, const FieldMask& mask,
                  const std::string& path, JsonWriter& json) {
  const auto bytes = resource.Message(field.name).value_or("");
  const MessageView message(*field.message, bytes);
  for (const auto& part : field.message->fields) {
    if (!mask.Wants(field.name + "." + part.name)) continue;
    json.Key(part.json_name);
    if (auto ok = WriteValue(message, part, path + "." + part.name, json); !ok) return ok;
  }
  return {};
}

// The paths an update without a mask means: what is set and may be updated.
std::vector<std::string> ImpliedPaths(const MessageView& resource,
                                      const std::vector<UpdatableField>& fields) {
  std::vector<std::string> out;
  for (const auto& field : fields) {
    const std::string name(field.name);
    if (!resource.Has(name)) continue;
    if (!field.is_flat) {
      out.push_back(name);
      continue;
    }
    const auto bytes = resource.Message(name).value_or("");
    const MessageView message(*resource.Type().Find(name)->message, bytes);
    for (const auto& part : message.Type().fields) {
      if (message.Has(part.name)) out.push_back(name + "." + part.name);
    }
  }
  return out;
}

}  // namespace

std::string EnumWord(const ProtoEnumType& type, std::int64_t number) {
  if (number == 0) return {};
  for (const auto& [name, value] : type.values) {
    if (value == number) return ToLowerAscii(name.substr(PrefixBytes(type)));
  }
  return {};
}

std::int64_t EnumNumber(const ProtoEnumType& type, std::string_view word) {
  for (const auto& [name, value] : type.values) {
    if (EqualsIgnoreCase(std::string_view(name).substr(PrefixBytes(type)), word)) return value;
  }
  return 0;
}

tl::expected<FieldMask, GrpcStatus> UpdateMaskOf(std::string_view update_mask,
                                                 const MessageView& resource,
                                                 const std::vector<UpdatableField>& fields) {
  auto asked = FieldMask::Read(update_mask, resource.Type());
  if (!asked) return RefuseField("update_mask", asked.error());
  std::vector<std::string> names;
  if (!asked->IsAll()) {
    for (auto number : asked->Fields(resource.Type())) {
      const auto& name = resource.Type().Find(number)->name;
      if (std::none_of(fields.begin(), fields.end(),
                       [&](const UpdatableField& field) { return field.name == name; })) {
        return RefuseField("update_mask", "\"" + name + "\" cannot be updated");
      }
    }
    return std::move(*asked);
  }
  if (update_mask.empty()) {
    names = ImpliedPaths(resource, fields);
    if (names.empty()) {
      return RefuseField("update_mask", "is empty, and nothing is set that can be updated");
    }
  } else {
    for (const auto& field : fields) names.emplace_back(field.name);
  }
  const std::vector<std::string_view> paths(names.begin(), names.end());
  auto mask = FieldMask::Parse(paths, resource.Type());
  if (!mask) return RefuseField("update_mask", mask.error());
  return std::move(*mask);
}

tl::expected<std::string, GrpcStatus> UpdateJson(const MessageView& resource,
                                                 std::string_view within, const FieldMask& mask,
                                                 const std::vector<UpdatableField>& fields) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  for (const auto& updatable : fields) {
    if (!mask.Wants(updatable.name)) continue;
    const auto& field = *resource.Type().Find(updatable.name);
    const std::string path = std::string(within) + "." + field.name;
    if (updatable.may_be_unset && resource.Int(field.name) == 0) continue;
    Written ok;
    if (updatable.is_flat) {
      ok = WriteFlat(resource, field, mask, path, json);
    } else {
      json.Key(updatable.json_name.empty() ? std::string_view(field.json_name)
                                           : updatable.json_name);
      ok = WriteValue(resource, field, path, json);
    }
    if (!ok) return tl::unexpected(std::move(ok.error()));
  }
  json.EndObject();
  return body;
}

}  // namespace mishap

#include "proto/schema.h"

#include "proto/descriptors.h"
#include "proto/wire.h"

namespace mishap {
namespace {

// Numbers of FieldDescriptorProto.Type and .Label.
constexpr std::uint64_t kRepeated = 3;

ProtoFieldType::Kind KindOf(std::uint64_t type) {
  using Kind = ProtoFieldType::Kind;
  switch (type) {
    case 3:  // int64, uint64, int32, uint32
    case 4:
    case 5:
    case 13:
      return Kind::kInt;
    case 8:
      return Kind::kBool;
    case 9:
      return Kind::kText;
    case 11:
      return Kind::kMessage;
    case 12:
      return Kind::kBytes;
    case 14:
      return Kind::kEnum;
    default:
      return Kind::kOther;
  }
}

template <class Visit>
void Each(std::string_view message, Visit&& visit) {
  ProtoReader reader(message);
  ProtoField field;
  while (reader.Next(field)) visit(field);
}

std::string NameOf(std::string_view message) {
  std::string name;
  Each(message, [&](const ProtoField& field) {
    if (field.number == 1 && field.IsBytes()) name = field.bytes;
  });
  return name;
}

// ".mishap.v1.Issue" -> "mishap.v1.Issue"
std::string WithoutDot(std::string_view name) {
  if (name.starts_with('.')) name.remove_prefix(1);
  return std::string(name);
}

// FieldDescriptorProto: 1 name, 3 number, 4 label, 5 type, 6 type_name, 10 json_name, 17
// proto3_optional.
ProtoFieldType ReadField(std::string_view bytes) {
  ProtoFieldType out;
  Each(bytes, [&](const ProtoField& field) {
    if (field.number == 1) out.name = field.bytes;
    if (field.number == 3) out.number = static_cast<std::uint32_t>(field.value);
    if (field.number == 4) out.is_repeated = field.value == kRepeated;
    if (field.number == 5) out.kind = KindOf(field.value);
    if (field.number == 6) out.type_name = WithoutDot(field.bytes);
    if (field.number == 10) out.json_name = field.bytes;
    if (field.number == 17) out.is_optional = field.value != 0;
  });
  return out;
}

// EnumDescriptorProto: 1 name, 2 values (1 name, 2 number).
ProtoEnumType ReadEnum(std::string_view bytes, const std::string& scope) {
  ProtoEnumType out;
  out.name = scope + NameOf(bytes);
  Each(bytes, [&](const ProtoField& field) {
    if (field.number != 2) return;
    std::int64_t number = 0;
    Each(field.bytes, [&](const ProtoField& part) {
      if (part.number == 2) number = part.Signed();
    });
    out.values.emplace_back(NameOf(field.bytes), number);
  });
  return out;
}

struct Collected {
  std::vector<ProtoMessageType> messages;
  std::vector<ProtoEnumType> enums;
};

// DescriptorProto: 1 name, 2 fields, 3 nested messages, 4 enums.
void ReadMessage(std::string_view bytes, const std::string& scope, Collected& out) {
  ProtoMessageType message;
  message.name = scope + NameOf(bytes);
  Each(bytes, [&](const ProtoField& field) {
    if (field.number == 2) message.fields.push_back(ReadField(field.bytes));
    if (field.number == 3) ReadMessage(field.bytes, message.name + ".", out);
    if (field.number == 4) out.enums.push_back(ReadEnum(field.bytes, message.name + "."));
  });
  out.messages.push_back(std::move(message));
}

struct ServiceBytes {
  std::string name;
  std::string_view bytes;
};

// FileDescriptorProto: 2 package, 4 messages, 5 enums, 6 services.
void ReadFile(std::string_view bytes, Collected& out, std::vector<ServiceBytes>& services) {
  std::string scope;
  Each(bytes, [&](const ProtoField& field) {
    if (field.number == 2 && field.IsBytes()) scope = std::string(field.bytes) + ".";
  });
  Each(bytes, [&](const ProtoField& field) {
    if (field.number == 4) ReadMessage(field.bytes, scope, out);
    if (field.number == 5) out.enums.push_back(ReadEnum(field.bytes, scope));
    if (field.number == 6) services.push_back({scope + NameOf(field.bytes), field.bytes});
  });
}

}  // namespace

const ProtoFieldType* ProtoMessageType::Find(std::string_view field) const {
  for (const auto& candidate : fields) {
    if (candidate.name == field) return &candidate;
  }
  return nullptr;
}

const ProtoFieldType* ProtoMessageType::Find(std::uint32_t number) const {
  for (const auto& candidate : fields) {
    if (candidate.number == number) return &candidate;
  }
  return nullptr;
}

std::string_view ProtoMessageType::ShortName() const {
  return std::string_view(name).substr(name.rfind('.') + 1);
}

ProtoSchema::ProtoSchema(std::string_view descriptor_set) {
  Collected found;
  std::vector<ServiceBytes> services;
  Each(descriptor_set, [&](const ProtoField& field) {
    if (field.number == 1 && field.IsBytes()) ReadFile(field.bytes, found, services);
  });
  for (auto& one : found.enums) enums_.emplace(one.name, std::move(one));
  for (auto& one : found.messages) messages_.emplace(one.name, std::move(one));
  for (auto& [name, message] : messages_) {
    for (auto& field : message.fields) {
      if (field.kind == ProtoFieldType::Kind::kMessage) field.message = Message(field.type_name);
      const auto enumeration = enums_.find(field.type_name);
      if (enumeration != enums_.end()) field.enumeration = &enumeration->second;
    }
  }
  // ServiceDescriptorProto: 2 methods (1 name, 2 input, 3 output).
  for (const auto& service : services) {
    auto& methods = services_[service.name];
    Each(service.bytes, [&](const ProtoField& field) {
      if (field.number != 2) return;
      ProtoMethodType method;
      method.name = NameOf(field.bytes);
      Each(field.bytes, [&](const ProtoField& part) {
        if (part.number == 2) method.request = Message(WithoutDot(part.bytes));
        if (part.number == 3) method.response = Message(WithoutDot(part.bytes));
      });
      methods.push_back(std::move(method));
    });
  }
}

const ProtoSchema& ProtoSchema::OfHouse() {
  static const ProtoSchema kSchema(ProtoDescriptors());
  return kSchema;
}

const ProtoMessageType* ProtoSchema::Message(std::string_view name) const {
  const auto found = messages_.find(name);
  return found == messages_.end() ? nullptr : &found->second;
}

const std::vector<ProtoMethodType>& ProtoSchema::Methods(std::string_view service) const {
  static const std::vector<ProtoMethodType> kNone;
  const auto found = services_.find(service);
  return found == services_.end() ? kNone : found->second;
}

}  // namespace mishap

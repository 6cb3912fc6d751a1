// ProtoSchema: what the contracts of this room say, read from their descriptors: which fields a
// message has, with names, numbers and types. So that masks are held against the real contract and
// code names fields instead of numbering them. Not a protobuf runtime: it holds no messages.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mishap {

struct ProtoMessageType;
struct ProtoEnumType;

struct ProtoFieldType {
  enum class Kind : std::uint8_t { kText, kBytes, kBool, kInt, kEnum, kMessage, kOther };

  std::string name;       // "start_time"
  std::string json_name;  // "startTime"
  std::uint32_t number = 0;
  Kind kind = Kind::kOther;
  bool is_repeated = false;
  bool is_optional = false;                    // a scalar whose absence can be told
  const ProtoMessageType* message = nullptr;   // of kMessage
  const ProtoEnumType* enumeration = nullptr;  // of kEnum
  std::string type_name;                       // of these two: "mishap.v1.Issue"
};

struct ProtoMessageType {
  std::string name;  // "mishap.v1.Issue"
  std::vector<ProtoFieldType> fields;

  const ProtoFieldType* Find(std::string_view field) const;
  const ProtoFieldType* Find(std::uint32_t number) const;
  // "Issue": for messages to people.
  std::string_view ShortName() const;
};

struct ProtoEnumType {
  std::string name;
  std::vector<std::pair<std::string, std::int64_t>> values;
};

// A method of a service, with its request and answer.
struct ProtoMethodType {
  std::string name;  // "ListIssues"
  const ProtoMessageType* request = nullptr;
  const ProtoMessageType* response = nullptr;
};

class ProtoSchema {
 public:
  // Of a FileDescriptorSet. What cannot be read is left out.
  explicit ProtoSchema(std::string_view descriptor_set);
  ProtoSchema(const ProtoSchema&) = delete;
  ProtoSchema& operator=(const ProtoSchema&) = delete;

  // Of everything in proto/; made when it is first asked for.
  static const ProtoSchema& OfHouse();

  const ProtoMessageType* Message(std::string_view name) const;
  // Empty for unknown services.
  const std::vector<ProtoMethodType>& Methods(std::string_view service) const;

 private:
  std::map<std::string, ProtoMessageType, std::less<>> messages_;
  std::map<std::string, ProtoEnumType, std::less<>> enums_;
  std::map<std::string, std::vector<ProtoMethodType>, std::less<>> services_;
};

}  // namespace mishap

// ReflectionService: grpc.reflection.v1 and v1alpha: tools like grpcurl ask what there is to call.
// Answers from the descriptors that protoc wrote (proto/descriptors.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "net/grpc/grpc.h"

namespace mishap {

// One .proto file: its FileDescriptorProto and the names in it.
struct DescribedFile {
  std::string_view bytes;
  std::string name;
  std::vector<std::string> imports;
  std::vector<std::string> symbols;  // messages, enums, services, methods: full names
};
std::vector<DescribedFile> DescribedFiles(std::string_view descriptor_set);

class ReflectionService {
 public:
  static constexpr const char* kName = "grpc.reflection.v1.ServerReflection";
  static constexpr const char* kAlphaName = "grpc.reflection.v1alpha.ServerReflection";

  explicit ReflectionService(std::vector<std::string> services);

  GrpcOpening Open(const GrpcCallHead& head, const GrpcAddress& address) const;
  // The ServerReflectionResponse to a ServerReflectionRequest.
  std::string Answer(std::string_view request) const;

 private:
  std::string Describe(const DescribedFile* file, std::string_view asked) const;
  const DescribedFile* FileNamed(std::string_view name) const;
  const DescribedFile* FileOfSymbol(std::string_view symbol) const;

  const std::vector<std::string> services_;
  const std::vector<DescribedFile> files_;
};

}  // namespace mishap

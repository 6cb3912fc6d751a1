#include "server/grpc/reflection_service.h"

#include <algorithm>

#include "ingest/grpc/grpc_answer.h"
#include "proto/descriptors.h"
#include "proto/wire.h"

namespace mishap {
namespace {

template <class Visit>
void EachField(std::string_view message, Visit&& visit) {
  ProtoReader reader(message);
  ProtoField field;
  while (reader.Next(field)) {
    if (field.IsBytes()) visit(field.number, field.bytes);
  }
}

std::string NameOf(std::string_view message) {
  std::string name;
  EachField(message, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 1) name = bytes;
  });
  return name;
}

// DescriptorProto: 1 name, 3 nested types, 4 enums. Depth: of our own files only.
void AddMessage(std::string_view message, const std::string& scope, std::vector<std::string>& out) {
  const std::string name = scope + NameOf(message);
  out.push_back(name);
  EachField(message, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 3) AddMessage(bytes, name + ".", out);
    if (number == 4) out.push_back(name + "." + NameOf(bytes));
  });
}

// ServiceDescriptorProto: 1 name, 2 methods.
void AddService(std::string_view message, const std::string& scope, std::vector<std::string>& out) {
  const std::string name = scope + NameOf(message);
  out.push_back(name);
  EachField(message, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 2) out.push_back(name + "." + NameOf(bytes));
  });
}

// FileDescriptorProto: 1 name, 2 package, 3 imports, 4 messages, 5 enums, 6 services.
DescribedFile Described(std::string_view bytes) {
  DescribedFile file;
  file.bytes = bytes;
  file.name = NameOf(bytes);
  std::string scope;
  EachField(bytes, [&](std::uint32_t number, std::string_view part) {
    if (number == 2) scope = std::string(part) + ".";
    if (number == 3) file.imports.emplace_back(part);
  });
  EachField(bytes, [&](std::uint32_t number, std::string_view part) {
    if (number == 4) AddMessage(part, scope, file.symbols);
    if (number == 5) file.symbols.push_back(scope + NameOf(part));
    if (number == 6) AddService(part, scope, file.symbols);
  });
  return file;
}

class ReflectionCall final : public GrpcCall {
 public:
  explicit ReflectionCall(const ReflectionService& service) : service_(service) {}
  void OnMessage(GrpcPort& port, GrpcMessage message) override {
    port.Send(service_.Answer(message.bytes));
    port.Consumed(message.bytes.size());
  }
  void OnEnd(GrpcPort& port) override { port.Finish({}); }

 private:
  const ReflectionService& service_;
};

}  // namespace

std::vector<DescribedFile> DescribedFiles(std::string_view descriptor_set) {
  std::vector<DescribedFile> files;
  EachField(descriptor_set, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 1) files.push_back(Described(bytes));
  });
  return files;
}

ReflectionService::ReflectionService(std::vector<std::string> services)
    : services_(std::move(services)), files_(DescribedFiles(ProtoDescriptors())) {}

GrpcOpening ReflectionService::Open(const GrpcCallHead& head, const GrpcAddress&) const {
  if (head.path.ends_with("/ServerReflectionInfo")) return std::make_unique<ReflectionCall>(*this);
  return tl::unexpected(
      GrpcStatusOf(GrpcCode::kUnimplemented, "ServerReflection has ServerReflectionInfo"));
}

const DescribedFile* ReflectionService::FileNamed(std::string_view name) const {
  for (const DescribedFile& file : files_) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

const DescribedFile* ReflectionService::FileOfSymbol(std::string_view symbol) const {
  for (const DescribedFile& file : files_) {
    if (std::find(file.symbols.begin(), file.symbols.end(), symbol) != file.symbols.end()) {
      return &file;
    }
  }
  return nullptr;
}

// A FileDescriptorResponse with the file and all it imports, or an ErrorResponse.
std::string ReflectionService::Describe(const DescribedFile* file, std::string_view asked) const {
  std::string part;
  std::string response;
  if (file == nullptr) {
    ProtoWriter(part)
        .Int(1, static_cast<int>(GrpcCode::kNotFound))
        .Text(2, "nothing of this name: " + std::string(asked.substr(0, 200)));
    ProtoWriter(response).Message(7, part);
    return response;
  }
  std::vector<const DescribedFile*> all = {file};
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const std::string& import : all[i]->imports) {
      const DescribedFile* found = FileNamed(import);
      if (found != nullptr && std::find(all.begin(), all.end(), found) == all.end()) {
        all.push_back(found);
      }
    }
  }
  for (const DescribedFile* one : all) ProtoWriter(part).Message(1, one->bytes);
  ProtoWriter(response).Message(4, part);
  return response;
}

// ServerReflectionRequest: 1 host, 3 file, 4 symbol, 5 extension, 6 extension numbers, 7 list.
std::string ReflectionService::Answer(std::string_view request) const {
  std::string host;
  std::string answer = Describe(nullptr, "(an empty request)");
  EachField(request, [&](std::uint32_t number, std::string_view bytes) {
    if (number == 1) host = bytes;
    if (number == 3) answer = Describe(FileNamed(bytes), bytes);
    if (number == 4) answer = Describe(FileOfSymbol(bytes), bytes);
    if (number == 5 || number == 6) answer = Describe(nullptr, "extensions");
    if (number != 7) return;
    std::string list;
    for (const std::string& service : services_) {
      std::string name;
      ProtoWriter(name).Text(1, service);
      ProtoWriter(list).Message(1, name);
    }
    answer.clear();
    ProtoWriter(answer).Message(6, list);
  });
  std::string response;
  ProtoWriter(response).Text(1, host).Message(2, request);
  return response + answer;
}

}  // namespace mishap

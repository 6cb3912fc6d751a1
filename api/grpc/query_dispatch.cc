#include "api/grpc/query_dispatch.h"

#include <libdeflate.h>

#include <memory>
#include <utility>

#include "api/authentication.h"
#include "api/grpc/rpc_methods.h"
#include "base/log.h"
#include "net/grpc/grpc_code.h"

namespace mishap {
namespace {

struct NamedMethod {
  std::string_view name;
  RpcMethod run;
};

constexpr NamedMethod kMethods[] = {
    {"ListIssues", &RpcListIssues},       {"GetIssue", &RpcGetIssue},
    {"UpdateIssue", &RpcUpdateIssue},     {"ListEvents", &RpcListEvents},
    {"GetEvent", &RpcGetEvent},           {"ListReleases", &RpcListReleases},
    {"GetRelease", &RpcGetRelease},       {"UpdateRelease", &RpcUpdateRelease},
    {"ListProjects", &RpcListProjects},   {"GetProject", &RpcGetProject},
    {"UpdateProject", &RpcUpdateProject},
};

QueryAnswer Failed(GrpcStatus status) {
  return {std::move(status), {}};
}

GrpcStatus StatusWith(GrpcCode code, std::string message) {
  return {static_cast<int>(code), std::move(message), {}};
}

// A message as it was before its client compressed it: gzip, or deflate (zlib's form).
tl::expected<std::string, GrpcStatus> Unpacked(const QueryJob& job) {
  if (job.encoding.empty() || job.encoding == "identity") return job.message;
  const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> engine(
      libdeflate_alloc_decompressor(), &libdeflate_free_decompressor);
  std::string out(kQueryMessageBytesMax, '\0');
  std::size_t bytes = 0;
  const auto unpack =
      job.encoding == "gzip" ? &libdeflate_gzip_decompress : &libdeflate_zlib_decompress;
  const auto result =
      unpack(engine.get(), job.message.data(), job.message.size(), out.data(), out.size(), &bytes);
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
    return tl::unexpected(StatusWith(
        GrpcCode::kResourceExhausted,
        "the message unpacks to more than " + std::to_string(kQueryMessageBytesMax) + " bytes"));
  }
  if (result != LIBDEFLATE_SUCCESS) {
    return tl::unexpected(
        StatusWith(GrpcCode::kInvalidArgument, "the message is not " + job.encoding));
  }
  out.resize(bytes);
  return out;
}

const ProtoMethodType* TypeOf(std::string_view method) {
  for (const auto& known : ProtoSchema::OfHouse().Methods(kQueryServiceName)) {
    if (known.name == method) return &known;
  }
  return nullptr;
}

HttpMessageRequest RequestOf(const QueryJob& job) {
  HttpMessageRequest request;
  request.method = "GET";  // a search is read as one of a list
  request.path = "/" + std::string(kQueryServiceName) + "/" + job.method;
  request.headers = job.headers;
  request.peer_ip = job.peer_ip;
  return request;
}

}  // namespace

RpcMethod FindRpcMethod(std::string_view name) {
  for (const auto& method : kMethods) {
    if (method.name == name) return method.run;
  }
  return nullptr;
}

QueryDispatch::QueryDispatch(ApiFront front, ReaderPool& readers, const PayloadCodec& codec,
                             const Clock& clock, Random& random)
    : front_(std::move(front)), readers_(readers), codec_(codec), clock_(clock), random_(random) {
  if (!front_.client_ip) {
    front_.client_ip = [](const HttpMessageRequest& request) { return request.peer_ip; };
  }
}

QueryAnswer QueryDispatch::Answer(const QueryJob& job, EventReader& reader) {
  const auto* type = TypeOf(job.method);
  const auto run = FindRpcMethod(job.method);
  if (!type || !run) {
    return Failed(StatusWith(GrpcCode::kUnimplemented, "no method " + job.method));
  }
  const auto message = Unpacked(job);
  if (!message) return Failed(message.error());
  const auto request = RequestOf(job);
  const MessageView view(*type->request, *message);
  if (job.cancelled.stop_requested()) return Failed(StatusWith(GrpcCode::kCancelled, "over"));
  auto session = readers_.Acquire();
  if (!session) return Failed(RpcStatusOf(session.error()));
  const auto now = clock_.Now();
  auto caller = Authenticate(**session, request, front_.public_url, false, now);
  if (!caller) return Failed(RpcStatusOf(caller.error()));
  if (auto fine = CheckMessage(*type->request, *message); !fine) {
    return Failed(RpcStatusOf(fine.error()));
  }
  ApiCall api{request,           {},  {},     **session, *caller, codec_, reader, random_,
              front_.public_url, now, front_, {}};
  RpcCall call{api, *type, view, job, clock_};
  if (auto wanted = CheckWanted(call); !wanted) return Failed(wanted.error());
  auto answer = run(call);
  if (!answer) return Failed(std::move(answer.error()));
  return {{}, std::move(*answer)};
}

}  // namespace mishap

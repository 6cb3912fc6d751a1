#include "api/grpc/query_door.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "api/grpc/rpc_status.h"
#include "api/respond.h"
#include "base/bytes.h"
#include "net/grpc/grpc_code.h"
#include "proto/schema.h"

namespace mishap {
namespace {

constexpr int kBusyRetrySeconds = 1;

GrpcStatus StatusWith(GrpcCode code, std::string message) {
  return {static_cast<int>(code), std::move(message), {}};
}

// One message in, one out. When the client goes away the call's object dies, and with it the wish
// for an answer.
class QueryCall final : public GrpcCall {
 public:
  QueryCall(const QuerySubmit& submit, GrpcAddress address, QueryJob job)
      : submit_(submit), address_(address), job_(std::move(job)) {}
  ~QueryCall() override { wanted_.request_stop(); }

  void OnMessage(GrpcPort& port, GrpcMessage message) override {
    if (std::exchange(has_message_, true)) {
      return port.Finish(StatusWith(GrpcCode::kInvalidArgument, "this method takes one message"));
    }
    if (message.bytes.size() > kQueryMessageBytesMax) {
      return port.Finish(StatusWith(GrpcCode::kResourceExhausted,
                                    "the message is " + std::to_string(message.bytes.size()) +
                                        " bytes, the limit is " +
                                        std::to_string(kQueryMessageBytesMax)));
    }
    job_.message = std::move(message.bytes);
    if (!message.compressed) job_.encoding.clear();
  }

  void OnEnd(GrpcPort& port) override {
    if (!has_message_) {
      return port.Finish(StatusWith(GrpcCode::kInvalidArgument, "the call had no message"));
    }
    job_.cancelled = wanted_.get_token();
    job_.done = [address = address_](QueryAnswer answer) {
      address.Run([answer = std::move(answer)](GrpcCall&, GrpcPort& at) {
        if (answer.status.code == 0) at.Send(answer.message);
        at.Finish(answer.status);
      });
    };
    if (submit_(job_)) return;
    port.Finish(RpcBusy(kBusyRetrySeconds, "The server is busy; retry in a moment."));
  }

 private:
  const QuerySubmit& submit_;
  const GrpcAddress address_;
  QueryJob job_;
  std::stop_source wanted_;
  bool has_message_ = false;
};

bool IsBearer(std::string_view authorization) {
  constexpr std::string_view kBearer = "bearer ";
  return EqualsIgnoreCase(authorization.substr(0, kBearer.size()), kBearer);
}

}  // namespace

GrpcOpening QueryDoor::Open(const GrpcCallHead& head, const GrpcAddress& address) const {
  auto refuse = [](GrpcCode code, std::string message) {
    return tl::unexpected(StatusWith(code, std::move(message)));
  };
  const std::string_view path = head.path;
  const auto method = path.substr(path.rfind('/') + 1);
  const auto& methods = ProtoSchema::OfHouse().Methods(kQueryServiceName);
  if (std::none_of(methods.begin(), methods.end(),
                   [&](const ProtoMethodType& known) { return known.name == method; })) {
    return refuse(GrpcCode::kUnimplemented, std::string(kQueryServiceName) + " has no method " +
                                                std::string(method.substr(0, 100)));
  }
  const std::string_view encoding = head.encoding;
  if (!encoding.empty() && encoding != "identity" && encoding != "gzip" && encoding != "deflate") {
    return refuse(GrpcCode::kUnimplemented,
                  "grpc-encoding: this server speaks identity, gzip, deflate");
  }
  const auto authorization = head.Metadata("authorization");
  if (!IsBearer(authorization)) {
    return refuse(
        GrpcCode::kUnauthenticated,
        std::string(kNoCredentialsText) + " Send metadata `authorization: Bearer <token>`.");
  }
  QueryJob job;
  job.method = method;
  job.headers.emplace_back("Authorization", authorization);
  if (auto forwarded = head.Metadata("x-forwarded-for"); !forwarded.empty()) {
    job.headers.emplace_back("X-Forwarded-For", forwarded);
  }
  job.peer_ip = head.peer_ip;
  job.encoding = head.encoding;
  job.deadline = head.deadline;
  return std::make_unique<QueryCall>(submit_, address, std::move(job));
}

}  // namespace mishap

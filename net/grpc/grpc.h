// gRPC as plain structs: what a service gets and gives. nghttp2 and asio stay inside net/grpc/*.cc.
// Messages are bytes here; what they mean is known above.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "net/http.h"

namespace mishap {

// How a call ends. code: a number of gRPC's status codes. trailers: metadata beside it; names in
// lower case, values of names that end in -bin in base64.
struct GrpcStatus {
  int code = 0;
  std::string message;  // for people
  HttpHeaders trailers;
};

// The beginning of a call.
struct GrpcCallHead {
  std::string path;      // "/mishap.v1.IngestService/Capture"
  HttpHeaders metadata;  // names in lower case
  std::string encoding;  // grpc-encoding: how compressed messages are; empty: identity
  std::string peer_ip;
  std::optional<std::chrono::steady_clock::time_point> deadline;  // the client's

  // First value of a name; empty if absent.
  std::string_view Metadata(std::string_view name) const;
};

struct GrpcMessage {
  std::string bytes;
  bool compressed = false;
};

// The stream of one call, from the io thread.
class GrpcPort {
 public:
  virtual ~GrpcPort() = default;
  virtual void Send(std::string_view message) = 0;
  // The last word; what comes after it is ignored.
  virtual void Finish(const GrpcStatus& status) = 0;
  // `bytes` of the messages received are done with: the client may send as many more.
  virtual void Consumed(std::size_t bytes) = 0;
};

// One call, seen by its service. All methods run on the io thread and must not block; the object
// dies with the stream, finished or not.
class GrpcCall {
 public:
  virtual ~GrpcCall() = default;
  virtual void OnMessage(GrpcPort& port, GrpcMessage message) = 0;
  virtual void OnEnd(GrpcPort& port) = 0;  // the client has sent its last message
};

using GrpcStep = std::function<void(GrpcCall&, GrpcPort&)>;

class GrpcMailbox;

// Where a call lives: the way back to its io thread, from any other. A copyable value; good for as
// long as the server object is.
class GrpcAddress {
 public:
  GrpcAddress(GrpcMailbox& mailbox, std::uint64_t connection, std::int32_t stream)
      : mailbox_(&mailbox), connection_(connection), stream_(stream) {}
  // Runs `step` on the io thread; nothing happens if the call is over by then.
  void Run(GrpcStep step) const;

 private:
  GrpcMailbox* mailbox_;
  std::uint64_t connection_;
  std::int32_t stream_;
};

// Opens a call or refuses it. On the io thread; must not block.
using GrpcOpening = tl::expected<std::unique_ptr<GrpcCall>, GrpcStatus>;
using GrpcOpen = std::function<GrpcOpening(const GrpcCallHead& head, const GrpcAddress& address)>;

}  // namespace mishap

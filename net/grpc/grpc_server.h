// GrpcServer: HTTP/2 without TLS on an io thread of its own (nghttp2 and Boost.Asio inside),
// carrying gRPC calls within bounds. Knows no service. Made for loopback: TLS is a proxy's work.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "base/result.h"
#include "net/grpc/grpc.h"

namespace mishap {

struct GrpcServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0 = any free one
  std::uint32_t connections_max = 12'000;
  std::uint32_t streams_max = 100;                   // at once, of a connection
  std::uint32_t metadata_bytes_max = 16 << 10;       // of a call, decoded, 32 a field added
  std::uint32_t message_bytes_max = 16 << 20;        // as sent
  std::uint64_t in_flight_bytes_max = 128ull << 20;  // messages of all connections
  std::uint32_t window_bytes = 1 << 20;              // what a stream may send ahead
  std::uint32_t connection_window_bytes = 8 << 20;   // all streams of a connection together
  double control_frames_per_second = 100;            // PING, SETTINGS, RST_STREAM, PRIORITY ...
  double control_frames_burst = 1'000;               // above: GOAWAY ENHANCE_YOUR_CALM, closed
  std::chrono::seconds preface_timeout{10};          // from the connection to its SETTINGS
  std::chrono::seconds headers_timeout{10};          // from the first to the last of a header block
  std::chrono::seconds message_grace{10};            // then a message comes at this rate:
  std::uint32_t message_rate_min = 1024;             // bytes a second
  std::chrono::seconds message_timeout{60};          // from a message's first byte to its last
  std::chrono::seconds stream_idle_timeout{60};      // between two messages of an open stream
  std::chrono::seconds stream_timeout{3600};         // a whole call
  std::chrono::seconds write_timeout{30};            // an answer that the client does not take
  std::chrono::seconds keepalive_time{50};           // of silence; then a PING
  std::chrono::seconds keepalive_timeout{20};        // without its answer: closed
  std::chrono::seconds connection_idle{900};         // without a call; then GOAWAY
};

class GrpcServer {
 public:
  // Listens at once. Errors: unavailable with address and the system's reason.
  static Result<std::unique_ptr<GrpcServer>> Start(const GrpcServerOptions& options, GrpcOpen open,
                                                   Metrics& metrics);
  virtual ~GrpcServer() = default;

  virtual std::uint16_t Port() const = 0;
  // Stops accepting, sends GOAWAY, waits up to `grace` for calls in flight, then closes all.
  // Idempotent. Addresses stay usable until the object dies; their steps do nothing then.
  virtual void Shutdown(std::chrono::milliseconds grace) = 0;
};

}  // namespace mishap

// HttpServer: HTTP/1.1 over TCP on its own io threads (Boost.Asio + Beast inside). Carries bytes
// and bounds, knows no route.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "base/metrics.h"
#include "base/result.h"
#include "net/http.h"

namespace mishap {

struct HttpServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0 = any free one
  int io_threads = 1;
  std::uint32_t connections_max = 12'000;
  std::uint32_t header_bytes_max = 64 << 10;
  std::uint64_t body_bytes_max = 40ull << 20;        // compressed; above: read on, discard, 413
  std::uint64_t discard_bytes_max = 64ull << 20;     // read of such a body; then answer and close
  std::uint64_t in_flight_bytes_max = 256ull << 20;  // bodies of all connections; above: 503
  std::chrono::seconds header_timeout{10};
  std::chrono::seconds body_timeout{60};
  std::chrono::seconds body_grace{10};  // then a body comes at this rate, or the answer is 408:
  std::uint32_t body_rate_min = 1024;   // bytes a second
  std::chrono::seconds body_idle_timeout{15};
  std::chrono::seconds keep_alive_idle{70};  // longer than proxies keep theirs (nginx: 60)
  std::chrono::seconds write_timeout{30};
  std::uint64_t stream_bytes_max = 256 << 10;  // of a streamed answer, not yet taken; then closed
  // Added to the answers the carrier gives by itself (400, 408, 431, 501, 503), e.g. CORS headers.
  HttpHeaders refusal_headers;
};

class HttpServer {
 public:
  // Listens at once. Errors: unavailable with address and the system's reason (port in use, ...).
  static Result<std::unique_ptr<HttpServer>> Start(const HttpServerOptions& options,
                                                   HttpHandle handle, Metrics& metrics);
  virtual ~HttpServer() = default;

  virtual std::uint16_t Port() const = 0;
  // Stops accepting, closes idle connections, waits up to `grace` for requests in flight, then
  // closes all. Idempotent.
  virtual void Shutdown(std::chrono::milliseconds grace) = 0;
};

}  // namespace mishap

// Api: everything under /api/0/. Takes a request from an io thread, answers it from one of its own
// reader threads, so that a slow query never holds up a socket. Ingest paths (/api/<digits>/) are
// not its business.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "api/api_front.h"
#include "api/grpc/query_job.h"
#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "event/payload_codec.h"
#include "net/http.h"
#include "storage/reader_pool.h"

namespace mishap {

struct ApiOptions {
  ApiFront front;
  int threads = 2;
  std::size_t queue_requests_max = 256;
  std::size_t queue_bytes_max = 80u << 20;  // two uploads of pieces at once, and all else
  std::size_t body_bytes_max = 1u << 20;    // above: 413
};

class Api {
 public:
  // The references must outlive the Api. Starts its threads.
  Api(ApiOptions options, ReaderPool& readers, const PayloadCodec& codec, const Clock& clock,
      Random& random, Metrics& metrics);
  ~Api();

  // True for the paths this object answers: "/api/0", everything below it, "/api/openapi.json".
  static bool Owns(std::string_view path);

  // Never blocks. Answers 503 at once when the queue is full. Safe from several threads.
  void Handle(HttpMessageRequest request, HttpRespond respond);
  // A call of the gRPC QueryService, answered by the same threads. False: no room, or stopped; the
  // job is untouched.
  bool Take(QueryJob& job);
  // Answers what is queued, then stops the threads. Idempotent; afterwards Handle answers 503.
  void Shutdown();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace mishap

// GrpcFront: everything gRPC of this server in one piece: the listener, IngestService,
// QueryService, health and reflection. Wiring makes it when grpc.listen is not "off".
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "api/grpc/query_job.h"
#include "base/metrics.h"
#include "base/result.h"
#include "ingest/door.h"
#include "ingest/grpc/issue_waiter.h"
#include "server/config.h"

namespace mishap {

class GrpcFront {
 public:
  struct Ground {
    const GrpcConfig& config;
    IngestShared& shared;  // of the HTTP door
    EventStageFactory make_stage;
    IssueLookup lookup;
    QuerySubmit query;  // to the API's workers
    std::function<bool()> ready_ingest;
    std::function<bool()> ready_api;
    Metrics& metrics;
  };

  // Errors: unavailable (port taken).
  static Result<std::unique_ptr<GrpcFront>> Start(Ground ground);
  virtual ~GrpcFront() = default;

  virtual std::string Address() const = 0;  // "127.0.0.1:9002"
  // About twice a second: watchers of the health hear what changed.
  virtual void Tick() = 0;
  // GOAWAY to all, waits up to `grace` for calls in flight. May run beside the HTTP server's.
  virtual void Shutdown(std::chrono::milliseconds grace) = 0;
  // Then: finishes what was taken. Before the HTTP door stops.
  virtual void StopDoor() = 0;
};

}  // namespace mishap

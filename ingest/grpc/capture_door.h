// CaptureDoor: the gRPC door: opens calls of IngestService, owns the workers behind them. The same
// stages, limits and outcomes as the HTTP door (door.h), with which it shares its ground.
#pragma once

#include <string_view>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "ingest/grpc/capture_work.h"
#include "ingest/grpc/issue_waiter.h"
#include "net/grpc/grpc.h"

namespace mishap {

inline constexpr std::string_view kIngestServiceName = "mishap.v1.IngestService";

class CaptureDoor {
 public:
  // `shared` outlives the door (IngestDoor::Shared).
  CaptureDoor(IngestShared& shared, const EventStageFactory& make_stage, IssueLookup lookup);
  ~CaptureDoor();
  CaptureDoor(const CaptureDoor&) = delete;
  CaptureDoor& operator=(const CaptureDoor&) = delete;

  bool Owns(std::string_view path) const;
  // On the io thread. Refuses what has no key, an unknown one, or an encoding we do not speak.
  GrpcOpening Open(const GrpcCallHead& head, const GrpcAddress& address);

  // Takes no more, finishes what is queued and what waits for the digest. Idempotent. Before the
  // HTTP door stops: it waits for the spool's answers to both.
  void Stop();

 private:
  Result<CaptureCaller> CallerOf(const GrpcCallHead& head) const;
  void Work(std::unique_ptr<EventStage> stage);

  IngestShared& shared_;
  IssueWaiter waiter_;
  BoundedQueue<CaptureJob> queue_;
  std::vector<std::thread> workers_;
};

}  // namespace mishap

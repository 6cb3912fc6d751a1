// IngestDoor: the HTTP door of the Sentry protocol. Takes requests on io threads, answers what
// needs no work at once, queues the rest for its workers. Not here: what a worker does (intake.h).
#pragma once

#include <string_view>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "ingest/event_stage.h"
#include "ingest/intake/intake.h"
#include "net/http.h"

namespace mishap {

class IngestDoor {
 public:
  // Starts options.workers threads, each with a stage of its own. `ports` outlive the door; the
  // spool must not be closed before it (an append in flight is waited for).
  IngestDoor(const IngestPorts& ports, const EventStageFactory& make_stage, IngestOptions options);
  ~IngestDoor();
  IngestDoor(const IngestDoor&) = delete;
  IngestDoor& operator=(const IngestDoor&) = delete;

  // True for the paths Handle answers.
  bool Owns(std::string_view path) const;

  // From any thread; does not block. Answers exactly once, from any thread. A full queue is 503 at
  // once.
  void Handle(HttpMessageRequest request, HttpRespond respond);

  // What this door and others have in common: ports, bounds, rates. Lives as long as the door.
  IngestShared& Shared() { return shared_; }

  // Takes no more, finishes what is queued, waits for the spool's answers. Idempotent.
  void Stop();

 private:
  void Work(std::unique_ptr<EventStage> stage);
  void ServeGuarded(Intake& intake, IngestJob& job);

  IngestShared shared_;
  BoundedQueue<IngestJob> queue_;
  std::vector<std::thread> workers_;
};

}  // namespace mishap

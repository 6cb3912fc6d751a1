// IssueWaiter: batches whose client asked to hear which issues their events came to. Asks the
// database a few times a second until the digest has stored them, or until the time is over. For
// tests and CI: nobody else has to wait for anything.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "ingest/grpc/capture_message.h"
#include "ingest/limits.h"

namespace mishap {

// Port: short ids of the issues of stored events, in the same order; "" for those not stored yet.
// Called on the waiter's thread; may block.
using IssueLookup =
    std::function<Result<std::vector<std::string>>(ProjectId, const std::vector<EventId>&)>;

class IssueWaiter {
 public:
  using Done = std::function<void(std::vector<CaptureResult>)>;

  IssueWaiter(IssueLookup lookup, const Clock& clock, const IngestLimits& limits);
  ~IssueWaiter();
  IssueWaiter(const IssueWaiter&) = delete;
  IssueWaiter& operator=(const IssueWaiter&) = delete;

  // Calls `done` once, from this thread or the waiter's, with the short ids that became known. More
  // than capture_waits_max batches: at once, without.
  void Wait(ProjectId project, std::vector<CaptureResult> results, Done done);
  // Answers all that wait. Idempotent.
  void Stop();

 private:
  struct Batch {
    ProjectId project;
    std::vector<CaptureResult> results;
    Done done;
    std::chrono::steady_clock::time_point until;
  };

  void Run();
  bool Ask(Batch& batch) const;

  const IssueLookup lookup_;
  const Clock& clock_;
  const IngestLimits& limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Batch> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace mishap

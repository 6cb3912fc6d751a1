// CaptureWork: one worker's way of a batch of gRPC events: inflate, cut, admit, then each event
// through the stages of the house to the spool (intake.h is the same for HTTP). Not here: calls and
// streams (capture_door.h), what becomes of results (capture_call.h).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ingest/event_stage.h"
#include "ingest/grpc/capture_message.h"
#include "ingest/grpc/issue_waiter.h"
#include "ingest/grpc/proto_event.h"
#include "ingest/inflate/inflate.h"
#include "ingest/intake/intake.h"
#include "net/grpc/grpc.h"

namespace mishap {

// Who sends: of a call's metadata.
struct CaptureCaller {
  std::string public_key;
  ProjectId project;  // of the DSN; none: the key alone decides
  std::string origin;
  std::string client_ip;
  std::string sentry_client;
  std::string encoding;
  std::optional<std::chrono::steady_clock::time_point> deadline;
};

// What a batch came to, in the order its events came.
struct CaptureDone {
  std::vector<CaptureResult> results;
  std::size_t message_bytes = 0;  // of the batch, as received
  std::vector<LimitHit> hits;     // limits that events of it ran into, each once
};

struct CaptureJob {
  CaptureCaller caller;
  std::vector<GrpcMessage> messages;
  bool stream = false;  // messages are CaptureStreamRequests, else one CaptureRequest
  bool wait_for_issues = false;
  std::function<void(CaptureDone)> done;  // called once, from any thread

  std::size_t MessageBytes() const;
};

// A batch that came to nothing as a whole: every message has this error.
CaptureDone RefusedBatch(const CaptureJob& job, const Error& error);

class CaptureWork {
 public:
  CaptureWork(IngestShared& shared, std::unique_ptr<EventStage> stage, IssueWaiter& waiter);

  // Calls job.done once, here, from the spool's thread or the waiter's.
  void Serve(CaptureJob& job);

 private:
  struct Batch;

  void NoteRefusal(const CaptureCaller& caller, ProjectId project, const Error& error);
  void TakeMessage(Batch& batch, const GrpcMessage& message, const CaptureJob& job);
  void TakeEvent(Batch& batch, std::string_view bytes, const CaptureRequest& request,
                 const CaptureCaller& caller);
  Result<ReadyEvent> RunStages(Batch& batch, std::string_view bytes, const CaptureRequest& request,
                               const CaptureCaller& caller);
  void Keep(Batch& batch, const ReadyEvent& ready);
  void AppendChunk(Batch& batch, std::size_t from, std::size_t to);
  void AppendAll(Batch& batch);

  IngestShared& shared_;
  const IngestLimits& limits_;
  std::unique_ptr<EventStage> stage_;
  IssueWaiter& waiter_;
  Inflater inflater_;
  ProtoEventReader reader_;
};

}  // namespace mishap

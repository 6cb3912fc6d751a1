// CaptureCall: one call of IngestService on its io thread: gathers messages, hands batches to the
// workers one after the other, adds up their results, answers. While a batch is being worked on the
// next one gathers, so a busy stream makes large batches by itself. Private to ingest/grpc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ingest/grpc/capture_work.h"
#include "net/grpc/grpc.h"

namespace mishap {

class CaptureCall final : public GrpcCall {
 public:
  // Takes the job. False: the queue is full or closed; the job is untouched.
  using Submit = std::function<bool(CaptureJob& job)>;

  CaptureCall(IngestShared& shared, Submit submit, GrpcAddress address, CaptureCaller caller,
              bool stream);

  void OnMessage(GrpcPort& port, GrpcMessage message) override;
  void OnEnd(GrpcPort& port) override;

 private:
  void HandOn(GrpcPort& port);
  void OnDone(GrpcPort& port, const CaptureDone& done);
  void Answer(GrpcPort& port);

  IngestShared& shared_;
  const Submit submit_;
  const GrpcAddress address_;
  const CaptureCaller caller_;
  const bool stream_;
  std::vector<GrpcMessage> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t messages_ = 0;
  bool working_ = false;
  bool ended_ = false;
  // What came of it so far.
  std::string response_;
  std::size_t taken_ = 0;
  std::size_t refused_ = 0;
  std::optional<Error> refusal_;  // the first
  bool one_reason_ = true;        // all refusals have that reason
  std::vector<LimitHit> hits_;
};

}  // namespace mishap

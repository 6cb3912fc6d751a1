#include "ingest/grpc/capture_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ingest/grpc/grpc_answer.h"

namespace mishap {

CaptureCall::CaptureCall(IngestShared& shared, Submit submit, GrpcAddress address,
                         CaptureCaller caller, bool stream)
    : shared_(shared),
      submit_(std::move(submit)),
      address_(address),
      caller_(std::move(caller)),
      stream_(stream) {}

void CaptureCall::OnMessage(GrpcPort& port, GrpcMessage message) {
  const std::size_t most = stream_ ? shared_.options.limits.capture_stream_events_max : 1;
  if (++messages_ > most) {
    const std::string what = stream_ ? fmt::format(
                                           "more than {} events in one stream; the results "
                                           "of those are lost, their repeats are recognised",
                                           most)
                                     : "Capture takes one message";
    return port.Finish(
        GrpcStatusOf(stream_ ? GrpcCode::kResourceExhausted : GrpcCode::kInvalidArgument, what));
  }
  waiting_bytes_ += message.bytes.size();
  waiting_.push_back(std::move(message));
  if (stream_ && !working_) HandOn(port);
}

void CaptureCall::OnEnd(GrpcPort& port) {
  ended_ = true;
  if (!stream_ && waiting_.empty()) {
    return port.Finish(GrpcStatusOf(GrpcCode::kInvalidArgument, "the call had no message"));
  }
  if (working_) return;
  if (waiting_.empty()) return Answer(port);
  HandOn(port);
}

void CaptureCall::HandOn(GrpcPort& port) {
  CaptureJob job;
  job.caller = caller_;
  job.messages = std::exchange(waiting_, {});
  job.stream = stream_;
  job.done = [address = address_](CaptureDone done) {
    address.Run([done = std::move(done)](GrpcCall& call, GrpcPort& at) {
      static_cast<CaptureCall&>(call).OnDone(at, done);
    });
  };
  waiting_bytes_ = 0;
  working_ = true;
  if (submit_(job)) return;
  OnDone(port, RefusedBatch(
                   job, {Reason::kOverloaded, "too many requests are waiting; try again later"}));
}

void CaptureCall::OnDone(GrpcPort& port, const CaptureDone& done) {
  working_ = false;
  for (const CaptureResult& result : done.results) {
    AppendCaptureResult(response_, result);
    if (result.Taken()) {
      ++taken_;
      continue;
    }
    ++refused_;
    if (!refusal_) refusal_ = Error{result.refusal, result.detail};
    one_reason_ = one_reason_ && refusal_->reason == result.refusal;
  }
  for (const LimitHit& hit : done.hits) AddHit(hits_, hit);
  port.Consumed(done.message_bytes);
  if (!waiting_.empty()) return HandOn(port);
  if (ended_) Answer(port);
}

void CaptureCall::Answer(GrpcPort& port) {
  const IngestLimits& limits = shared_.options.limits;
  if (taken_ == 0 && refused_ > 0 && one_reason_) {
    if (refusal_->reason == Reason::kRateLimited) {
      return port.Finish(GrpcRateLimitedStatus(hits_, limits));
    }
    return port.Finish(GrpcErrorStatus(*refusal_, limits, shared_.ports.random));
  }
  GrpcStatus status;
  if (!hits_.empty()) {
    for (const LimitHit& hit : hits_) AppendRateLimit(response_, hit, limits);
    status.trailers = GrpcRateLimitedStatus(hits_, limits).trailers;
    std::erase_if(status.trailers,
                  [](const auto& field) { return field.first.starts_with("grpc-"); });
  }
  port.Send(response_);
  port.Finish(status);
}

}  // namespace mishap

#include "ingest/grpc/capture_message.h"

#include <fmt/format.h>

#include "ingest/answer.h"
#include "ingest/verdict.h"
#include "proto/wire.h"

namespace mishap {
namespace {

// Numbers of mishap.v1.Outcome.
int OutcomeNumber(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return 1;
    case Outcome::kFiltered:
      return 2;
    case Outcome::kRateLimited:
      return 3;
    default:
      return 4;
  }
}

std::optional<Timestamp> ReadTime(std::string_view message) {
  ProtoReader reader(message);
  ProtoField field;
  std::int64_t seconds = 0;
  std::int64_t nanos = 0;
  while (reader.Next(field)) {
    if (field.number == 1) seconds = field.Signed();
    if (field.number == 2) nanos = field.Signed();
  }
  constexpr std::int64_t kYear9999 = 253'402'300'799;
  if (seconds <= 0 || seconds > kYear9999 || nanos < 0 || nanos > 999'999'999) return std::nullopt;
  return Timestamp{seconds * kMicrosPerSecond + nanos / 1000};
}

Error NotProtobuf(const ProtoReader& reader, std::string_view name) {
  return {Reason::kInvalidArgument,
          fmt::format("the message is not a mishap.v1.{}: not protobuf at byte {}", name,
                      reader.Offset())};
}

}  // namespace

Result<CaptureRequest> ReadCaptureRequest(std::string_view message, const IngestLimits& limits) {
  CaptureRequest request;
  ProtoReader reader(message);
  ProtoField field;
  while (reader.Next(field)) {
    if (field.number == 1 && field.IsBytes()) {
      if (request.events.size() >= limits.capture_events_max) {
        return Fail(Reason::kTooLarge, fmt::format("more than {} events in one call; send several, "
                                                   "or use CaptureStream",
                                                   limits.capture_events_max));
      }
      request.events.push_back(field.bytes);
    }
    if (field.number == 2 && !field.IsBytes()) request.wait_for_issues = field.value != 0;
    if (field.number == 3 && field.IsBytes()) request.sent_at = ReadTime(field.bytes);
  }
  if (reader.Broken()) return Fail(NotProtobuf(reader, "CaptureRequest"));
  if (request.events.empty()) return Fail(Reason::kInvalidArgument, "the request has no events");
  return request;
}

Result<CaptureRequest> ReadCaptureStreamRequest(std::string_view message) {
  CaptureRequest request;
  ProtoReader reader(message);
  ProtoField field;
  while (reader.Next(field)) {
    // Of several the last counts, as proto3 has it for a field that is no list.
    if (field.number == 1 && field.IsBytes()) request.events.assign(1, field.bytes);
    if (field.number == 2 && !field.IsBytes()) request.wait_for_issues = field.value != 0;
  }
  if (reader.Broken()) return Fail(NotProtobuf(reader, "CaptureStreamRequest"));
  if (request.events.empty()) return Fail(Reason::kInvalidArgument, "the message has no event");
  return request;
}

void AppendCaptureResult(std::string& response, const CaptureResult& result) {
  std::string message;
  ProtoWriter writer(message);
  if (!result.id.IsNil()) writer.Text(1, ToHex(result.id));
  writer.Int(2, OutcomeNumber(result.outcome)).Text(3, result.outcome_reason);
  writer.Text(4, result.detail);
  if (!result.Taken()) writer.Int(5, static_cast<int>(VerdictOf(result.refusal).grpc_code));
  writer.Text(6, result.issue_short_id);
  ProtoWriter(response).Message(1, message);
}

void AppendRateLimit(std::string& response, const LimitHit& hit, const IngestLimits& limits) {
  std::string message;
  ProtoWriter writer(message);
  writer.Int(1, LongestRetry({hit}, limits));
  for (std::string_view category : ClientCategories(hit)) writer.Message(2, category);
  writer.Text(3, LimitScopeName(hit.scope)).Text(4, hit.reason);
  ProtoWriter(response).Message(2, message);
}

}  // namespace mishap

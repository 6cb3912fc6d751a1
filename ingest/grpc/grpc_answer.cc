#include "ingest/grpc/grpc_answer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "ingest/answer.h"
#include "proto/wire.h"

namespace mishap {
namespace {

// Base64 of a google.rpc.Status with one RetryInfo, without padding.
std::string RetryDetails(const GrpcStatus& status, std::int64_t seconds) {
  std::string duration;
  ProtoWriter(duration).Int(1, seconds);
  std::string retry_info;
  ProtoWriter(retry_info).Message(1, duration);
  std::string any;
  ProtoWriter(any).Text(1, "type.googleapis.com/google.rpc.RetryInfo").Message(2, retry_info);
  std::string details;
  ProtoWriter(details).Int(1, status.code).Text(2, status.message).Message(3, any);
  std::string text = EncodeBase64(details);
  while (text.ends_with('=')) text.pop_back();
  return text;
}

void AddRetry(GrpcStatus& status, std::int64_t seconds) {
  status.trailers.emplace_back("retry-after", fmt::format("{}", seconds));
  status.trailers.emplace_back("grpc-retry-pushback-ms", fmt::format("{}", seconds * 1000));
  status.trailers.emplace_back("grpc-status-details-bin", RetryDetails(status, seconds));
}

}  // namespace

GrpcStatus GrpcStatusOf(GrpcCode code, std::string message) {
  return {static_cast<int>(code), std::move(message), {}};
}

GrpcStatus GrpcErrorStatus(const Error& error, const IngestLimits& limits, Random& random) {
  const Verdict verdict = VerdictOf(error.reason);
  GrpcStatus status = GrpcStatusOf(verdict.grpc_code, error.detail);
  if (status.message.size() > limits.error_detail_bytes_max) {
    status.message = Utf8Prefix(status.message, limits.error_detail_bytes_max);
  }
  if (verdict.retry_later) {
    const auto most =
        static_cast<std::uint64_t>(std::max<std::int64_t>(1, limits.overload_retry_s_max));
    AddRetry(status, 1 + static_cast<std::int64_t>(random.Uint64() % most));
  }
  return status;
}

GrpcStatus GrpcRateLimitedStatus(const std::vector<LimitHit>& hits, const IngestLimits& limits) {
  GrpcStatus status = GrpcStatusOf(VerdictOf(Reason::kRateLimited).grpc_code, "rate limited");
  AddRetry(status, LongestRetry(hits, limits));
  status.trailers.emplace_back("x-sentry-rate-limits", RateLimitsText(hits, limits));
  return status;
}

}  // namespace mishap

// Ends of gRPC calls: a reason becomes code, words and when to come back (ingest/verdict.h has the
// table). The same facts stand in three places, because clients look in different ones:
// retry-after, grpc-retry-pushback-ms, and google.rpc.RetryInfo in grpc-status-details-bin.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "base/result.h"
#include "ingest/limits.h"
#include "ingest/verdict.h"
#include "net/grpc/grpc.h"

namespace mishap {

GrpcStatus GrpcStatusOf(GrpcCode code, std::string message);
// Not for rate_limited.
GrpcStatus GrpcErrorStatus(const Error& error, const IngestLimits& limits, Random& random);
// retry_after_s is clamped to 1..retry_after_s_max.
GrpcStatus GrpcRateLimitedStatus(std::int64_t retry_after_s, const IngestLimits& limits);

}  // namespace mishap

// Ends of gRPC calls: a reason becomes code, words and when to come back (ingest/verdict.h has the
// table). The same facts stand in three places, because clients look in different ones:
// retry-after, grpc-retry-pushback-ms, and google.rpc.RetryInfo in grpc-status-details-bin.
#pragma once

#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "ingest/limits.h"
#include "ingest/rate_limiter.h"
#include "ingest/verdict.h"
#include "net/grpc/grpc.h"

namespace mishap {

GrpcStatus GrpcStatusOf(GrpcCode code, std::string message);
// Not for rate_limited.
GrpcStatus GrpcErrorStatus(const Error& error, const IngestLimits& limits, Random& random);
// hits: at least one. Seconds are clamped to 1..retry_after_s_max.
GrpcStatus GrpcRateLimitedStatus(const std::vector<LimitHit>& hits, const IngestLimits& limits);

}  // namespace mishap

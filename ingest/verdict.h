// The one table that turns a Reason into what a client is told and what is counted: HTTP status,
// gRPC code, outcome and its reason, whether to come back later. Nobody else knows a status for a
// reason.
#pragma once

#include <string_view>

#include "base/reason.h"
#include "event/outcome.h"

namespace mishap {

// Numbers of gRPC's status codes.
enum class GrpcCode : int {
  kOk = 0,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kUnauthenticated = 16,
};

struct Verdict {
  int http_status = 500;
  GrpcCode grpc_code = GrpcCode::kInternal;
  Outcome outcome = Outcome::kInvalid;
  std::string_view outcome_reason;  // a name of ingest-protocol 8.3
  bool retry_later = false;         // answer carries Retry-After
};

Verdict VerdictOf(Reason reason);

}  // namespace mishap

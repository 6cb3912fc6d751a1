// The one table that turns a Reason into what a client is told and what is counted: HTTP status,
// gRPC code, outcome and its reason, whether to come back later. Nobody else knows a status for a
// reason.
#pragma once

#include <string_view>

#include "base/reason.h"
#include "event/outcome.h"
#include "net/grpc/grpc_code.h"

namespace mishap {

struct Verdict {
  int http_status = 500;
  GrpcCode grpc_code = GrpcCode::kInternal;
  Outcome outcome = Outcome::kInvalid;
  std::string_view outcome_reason;  // a name of ingest-protocol 8.3
  bool retry_later = false;         // answer carries Retry-After
};

Verdict VerdictOf(Reason reason);

}  // namespace mishap

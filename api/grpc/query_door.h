// QueryDoor: opens calls of QueryService on an io thread and hands them to the API's workers. Knows
// no method's meaning: that is QueryDispatch's.
#pragma once

#include "api/grpc/query_job.h"
#include "net/grpc/grpc.h"

namespace mishap {

class QueryDoor {
 public:
  explicit QueryDoor(QuerySubmit submit) : submit_(std::move(submit)) {}

  // Refuses unknown methods, encodings we do not speak, and calls without a token at once.
  GrpcOpening Open(const GrpcCallHead& head, const GrpcAddress& address) const;

 private:
  QuerySubmit submit_;
};

}  // namespace mishap

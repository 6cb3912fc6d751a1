// How calls of QueryService fail: codes with google.rpc details (BadRequest, ErrorInfo, RetryInfo)
// in grpc-status-details-bin. What HTTP would not tell is not told here either.
#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/result.h"
#include "net/grpc/grpc.h"
#include "net/http.h"
#include "proto/schema.h"

namespace mishap {

// An answer's message, or how the call fails.
using RpcAnswer = tl::expected<std::string, GrpcStatus>;

// INVALID_ARGUMENT that names a field of the request: "order_by", "issue.status".
tl::unexpected<GrpcStatus> RefuseField(std::string_view field, std::string_view description);
// The same with what is wrong as an Error: its detail is the description. Other reasons: as
// FailRpc.
tl::unexpected<GrpcStatus> RefuseField(std::string_view field, const Error& error);
// A search that cannot be read: RefuseField("filter") and ErrorInfo INVALID_FILTER with the column.
tl::unexpected<GrpcStatus> RefuseFilter(const Error& error);
// A 400 or 409 of the web API: {"statusDetails": {"inRelease": ["..."]}} becomes a violation of
// "issue.status_details.in_release". type: of the field `within`, whose JSON names are looked up.
tl::unexpected<GrpcStatus> RefuseAs(const HttpMessageResponse& response,
                                    const ProtoMessageType& type, std::string_view within);

// The one table from Reason to code. internal becomes a text without details.
GrpcStatus RpcStatusOf(const Error& error);
inline tl::unexpected<GrpcStatus> FailRpc(const Error& error) {
  return tl::unexpected(RpcStatusOf(error));
}
// UNAVAILABLE: come back after so many seconds.
GrpcStatus RpcBusy(int retry_after_s, std::string message);

}  // namespace mishap

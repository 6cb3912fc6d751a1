// RpcCall: one call of QueryService seen by its method: the ApiCall it becomes and the message it
// came with; and the words every method shares: names, pages, times, masks. Methods fill path and
// query of the ApiCall and then use what HTTP's resources use.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "api/call.h"
#include "api/grpc/page_token.h"
#include "api/grpc/query_job.h"
#include "api/grpc/rpc_status.h"
#include "api/pagination.h"
#include "proto/field_mask.h"
#include "proto/message.h"

namespace mishap {

struct RpcCall {
  ApiCall& api;
  const ProtoMethodType& method;
  const MessageView& request;
  const QueryJob& job;
  const Clock& clock;
};

using RpcCheck = tl::expected<void, GrpcStatus>;

// Whether anybody still waits: asked before whatever costs or changes something. Errors: CANCELLED,
// DEADLINE_EXCEEDED.
RpcCheck CheckWanted(const RpcCall& call);

// From now on the call is this route's: its permissions are asked for.
void UseRoute(ApiCall& call, std::string_view http_method, std::string_view pattern);

// Which of the patterns ("organizations/{o}") the name fits; its parts go into the path. Errors:
// INVALID_ARGUMENT that names `field` and the patterns.
tl::expected<std::size_t, GrpcStatus> TakeName(RpcCall& call, std::string_view field,
                                               std::string_view name,
                                               std::initializer_list<std::string_view> patterns);
// page_size into the query; the token, if there is one.
tl::expected<std::optional<PageToken>, GrpcStatus> TakePage(RpcCall& call);
// The same for lists with cursors: the token becomes the query's cursor.
RpcCheck TakeCursor(RpcCall& call);
std::string NextPageToken(const RpcCall& call, const PageToken& next);
std::string NextPageToken(const RpcCall& call, const PageLinks& links);  // empty at the end

// filter, environments, start_time, end_time and period into the query.
RpcCheck TakeSelection(RpcCall& call);
// order_by: one of the words, e.g. {"last_seen desc", "date"}: what it is in the query's `sort`.
// The first is the default.
RpcCheck TakeOrder(RpcCall& call,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> orders);

// read_mask over `resource`; where the client gives none: `fallback`.
tl::expected<FieldMask, GrpcStatus> ReadMask(const RpcCall& call, const ProtoMessageType& resource,
                                             const FieldMask& fallback = {});

// "mishap.v1.Issue" and the like; the contract has them.
const ProtoMessageType& ContractType(std::string_view name);

}  // namespace mishap

// The methods of QueryService, one function each. They read and change through call.api only, by
// the functions the web API's resources use.
#pragma once

#include <string_view>

#include "api/grpc/rpc_call.h"

namespace mishap {

// issue_methods.cc
RpcAnswer RpcListIssues(RpcCall& call);
RpcAnswer RpcGetIssue(RpcCall& call);
RpcAnswer RpcUpdateIssue(RpcCall& call);
// event_methods.cc
RpcAnswer RpcListEvents(RpcCall& call);
RpcAnswer RpcGetEvent(RpcCall& call);
// release_methods.cc
RpcAnswer RpcListReleases(RpcCall& call);
RpcAnswer RpcGetRelease(RpcCall& call);
RpcAnswer RpcUpdateRelease(RpcCall& call);
// project_methods.cc
RpcAnswer RpcListProjects(RpcCall& call);
RpcAnswer RpcGetProject(RpcCall& call);
RpcAnswer RpcUpdateProject(RpcCall& call);

using RpcMethod = RpcAnswer (*)(RpcCall& call);
// nullptr: there is none of this name.
RpcMethod FindRpcMethod(std::string_view name);

}  // namespace mishap

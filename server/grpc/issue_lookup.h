// The database behind IssueLookup (ingest/grpc/issue_waiter.h): short ids of the issues that events
// came to.
#pragma once

#include "ingest/grpc/issue_waiter.h"
#include "storage/connection.h"

namespace mishap {

// `session` outlives the function and is used by nobody else.
IssueLookup LookUpIssues(Session& session);

}  // namespace mishap

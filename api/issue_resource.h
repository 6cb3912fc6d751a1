// The complete issue as an answer: what GET gives, and PUT after a change.
#pragma once

#include "api/call.h"

namespace mishap {

Answer RespondIssue(ApiCall& call, const IssueOnPath& found);

}  // namespace mishap

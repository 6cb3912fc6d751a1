// From what a body asks for to what storage changes: looks up releases and people, builds the
// details that are shown and written into activities.
#pragma once

#include <optional>
#include <tl/expected.hpp>

#include "api/call.h"
#include "api/triage/update_body.h"
#include "storage/triage/issue_change.h"

namespace mishap {

// The change, or the 400 answer that names the field. scope: narrowed to the projects of the
// issues; is_single: one issue was named in the path.
Result<tl::expected<IssueChange, HttpMessageResponse>> MakeIssueChange(ApiCall& call,
                                                                       const Scope& scope,
                                                                       const IssueUpdate& update,
                                                                       bool is_single);

// What PUT on one issue does: changes it and reads it again into `found`. Discards and merges are
// not its business. nullopt: done; else the 400 answer.
Result<std::optional<HttpMessageResponse>> UpdateOneIssue(ApiCall& call, IssueOnPath& found,
                                                          const IssueUpdate& update);

}  // namespace mishap

// What the grouping resources share: the version of grouping a project has, and what an issue shows
// under it.
#pragma once

#include "api/call.h"
#include "grouping/grouping_version.h"
#include "storage/project_grouping_store.h"
#include "storage/regroup/regroup.h"

namespace mishap {

// The project's version of now, compiled. Stored rules that cannot be read count as none, as in the
// digest.
Result<GroupingVersion> GroupingOf(ApiCall& call, const Scope& scope, ProjectId project);

// call and version outlive it.
FaceReader FacesOf(ApiCall& call, const GroupingVersion& version);

// {"stackTraceRules":["line 2, column 5: ..."]}
HttpMessageResponse RespondRulesError(const GroupingRulesError& error, std::string_view stack_field,
                                      std::string_view fingerprint_field);

// What PUT changes of a project's grouping; absent: as it is.
struct GroupingChange {
  std::optional<std::string> algorithm;
  std::optional<std::string> stack_trace_rules;
  std::optional<std::string> fingerprint_rules;
  std::optional<std::string> options;
  std::optional<std::int64_t> transition_days;
  std::optional<std::int64_t> version;  // that is changed; absent: whatever is newest
  // How the rule fields are called in the body, for errors.
  std::string_view stack_field = "stackTraceRules";
  std::string_view fingerprint_field = "fingerprintRules";
};
// Checks and stores. The inner failure is the 400 answer.
Result<tl::expected<GroupingSetupRow, HttpMessageResponse>> ApplyGroupingChange(
    ApiCall& call, const Scope& scope, ProjectId project, const GroupingChange& change);

}  // namespace mishap

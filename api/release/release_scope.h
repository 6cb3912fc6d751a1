// What the routes of releases share: where a path looks for them, and which of them a list wants.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "api/call.h"
#include "storage/release/release_store.h"

namespace mishap {

struct ReleaseScope {
  Scope scope;         // narrowed to {p} where the path names one
  Scope organization;  // all the caller sees
  std::optional<ProjectRow> project;
};
// {o}, or {o} and {p}. Errors: not_found.
Result<ReleaseScope> ReleaseScopeFromPath(const ApiCall& call);

// The body's projects by id or slug, and the path's; none given and none on the path: empty. On
// failure the 400 answer.
tl::expected<std::vector<ProjectId>, HttpMessageResponse> ProjectsOfBody(
    ApiCall& call, const ReleaseScope& where,
    const std::optional<std::vector<std::string>>& projects);

// query, status, sort, environment, cursor and per_page. Errors: invalid_argument.
Result<ReleaseListFilter> ReleaseFilterOf(const ApiCall& call);

}  // namespace mishap

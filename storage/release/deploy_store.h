// Deploys of releases (schema control).
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/connection.h"
#include "storage/release/release_rows.h"
#include "storage/scope.h"

namespace mishap {

// `deploy.projects` empty: all projects of the release. Gives the stored one. Errors: not_found.
Result<DeployRow> AddDeploy(Session& session, const Scope& scope, std::string_view version,
                            DeployRow deploy);
// Newest first. Errors: not_found.
Result<std::vector<DeployRow>> ListDeploys(Session& session, const Scope& scope,
                                           std::string_view version);

}  // namespace mishap

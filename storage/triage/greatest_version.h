// The greatest version of a project: what "in the next release" is reckoned from.
#pragma once

#include <string>

#include "storage/read_issues.h"

namespace mishap {

// By version among the newest 1,000 releases of the newest one's package, where versions can be
// ordered; else the newest. Empty: the project has no release.
Result<std::string> ReadGreatestVersion(Session& session, const Scope& scope, ProjectId project);

}  // namespace mishap

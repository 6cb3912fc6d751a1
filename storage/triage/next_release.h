// "Resolved in the next release" when a release is made by API. Inside storage only: to be called
// in the transaction that makes the tenant.project_release row.
#pragma once

#include <string>

#include "storage/pqxx_session.h"

namespace mishap {

void SettleNextRelease(Work& work, ProjectId project, std::int32_t release_id,
                       const std::string& version);

// "Resolved in a commit" for the commits that a release has now: resolved in that release.
void SettleCommits(Work& work, std::int64_t release);

}  // namespace mishap

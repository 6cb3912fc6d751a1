#include "storage/triage/next_release.h"

#include "storage/triage/reopening.h"

namespace mishap {

void SettleNextRelease(Work& work, ProjectId project, std::int32_t release_id,
                       const std::string& version) {
  std::vector<std::int64_t> issues;
  for (const auto& row : work.Run("next_release_pending", project)) {
    if (IsNextRelease(row[1].c_str(), version)) issues.push_back(row[0].as<std::int64_t>());
  }
  if (issues.empty()) return;
  work.Run("next_release_settle", project, release_id, ArrayParam(issues));
  work.Run("next_release_activity", project, version, ArrayParam(issues));
}

void SettleCommits(Work& work, std::int64_t release) {
  work.Run("commit_resolution_settle", release);
}

}  // namespace mishap

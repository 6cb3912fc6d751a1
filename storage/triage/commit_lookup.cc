#include "storage/triage/commit_lookup.h"

#include "storage/read_rows.h"

namespace mishap {

Result<std::optional<CommitOfProject>> FindCommit(Session& session, const Scope& scope,
                                                  ProjectId project, const std::string& repository,
                                                  const std::string& commit) {
  return Read(session, [&](Work& work) -> std::optional<CommitOfProject> {
    auto rows = work.Run("triage_commit", scope.Organization(), repository, commit, project);
    if (rows.empty()) return std::nullopt;
    return CommitOfProject{TextOf(rows[0]["repository"]), TextOf(rows[0]["sha"]),
                           rows[0]["release_id"].as<std::int32_t>(), TextOf(rows[0]["version"])};
  });
}

}  // namespace mishap

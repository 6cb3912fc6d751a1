#include "storage/release/deploy_store.h"

#include "storage/digest_writer.h"
#include "storage/release/release_parts.h"

namespace mishap {

Result<DeployRow> AddDeploy(Session& session, const Scope& scope, std::string_view version,
                            DeployRow deploy) {
  return Transact(session, [&](Work& work) -> Result<DeployRow> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    auto rows = work.Run("deploy_insert", *release, deploy.environment, deploy.name, deploy.url,
                         deploy.started_at, deploy.finished_at, ArrayParam(scope.Projects()),
                         ArrayParam(deploy.projects));
    auto stored = DeployRowOf(rows[0]);
    // The environment exists from now on, also where no event has come from it yet.
    const auto projects = ArrayParam(stored.projects);
    work.Run("digest_counter_lock", projects);
    work.Run("deploy_environment", projects, deploy.environment, NameLimits{}.environments_max);
    return stored;
  });
}

Result<std::vector<DeployRow>> ListDeploys(Session& session, const Scope& scope,
                                           std::string_view version) {
  return Read(session, [&](Work& work) -> Result<std::vector<DeployRow>> {
    auto release = ReleaseIdOf(work, scope, version);
    if (!release) return NoRelease(version);
    std::vector<DeployRow> out;
    const auto rows = work.Run("deploy_list", *release, ArrayParam(scope.Projects()));
    out.reserve(rows.size());
    for (const auto& row : rows) out.push_back(DeployRowOf(row));
    return out;
  });
}

}  // namespace mishap

#include "storage/read_projects.h"

#include "storage/read_rows.h"

namespace mishap {

Result<OrganizationRow> ReadOrganization(Session& session, const Scope& scope) {
  return Read(session, [&](Work& work) -> Result<OrganizationRow> {
    auto rows = work.Run("api_organization", scope.Organization());
    if (rows.empty()) return Fail(Reason::kNotFound, "no such organization");
    return OrganizationRow{{rows[0]["id"].as<std::int64_t>()},
                           TextOf(rows[0]["slug"]),
                           TextOf(rows[0]["name"]),
                           TimestampOf(rows[0]["created_at"]),
                           rows[0]["open_membership"].as<bool>(),
                           TextOf(rows[0]["quotas"]),
                           rows[0]["spike_protection"].as<bool>()};
  });
}

Result<std::vector<ProjectRow>> ReadProjects(Session& session, const Scope& scope) {
  return Read(session, [&](Work& work) {
    std::vector<ProjectRow> out;
    for (const auto& row : work.Run("api_project_list", ArrayParam(scope.Projects()))) {
      ProjectRow project;
      project.id = {row["id"].as<std::int64_t>()};
      project.organization = {row["organization_id"].as<std::int64_t>()};
      project.slug = TextOf(row["slug"]);
      project.name = TextOf(row["name"]);
      project.platform = TextOf(row["platform"]);
      project.created_at = TimestampOf(row["created_at"]);
      project.first_event_at = OptionalTimestampOf(row["first_event_at"]);
      project.environments = TextArrayOf(row["environments"]);
      project.latest_release = TextOf(row["latest_release"]);
      const auto ids = Int64ArrayOf(row["team_ids"]);
      const auto slugs = TextArrayOf(row["team_slugs"]);
      const auto names = TextArrayOf(row["team_names"]);
      for (std::size_t i = 0; i < ids.size(); ++i) {
        project.teams.push_back({ids[i], slugs[i], names[i]});
      }
      out.push_back(std::move(project));
    }
    return out;
  });
}

Result<std::vector<EnvironmentRow>> ReadEnvironments(Session& session, const Scope& scope) {
  return Read(session, [&](Work& work) {
    std::vector<EnvironmentRow> out;
    for (const auto& row : work.Run("api_environment_list", ArrayParam(scope.Projects()))) {
      out.push_back(
          {row["id"].as<std::int64_t>(), TextOf(row["name"]), row["is_hidden"].as<bool>()});
    }
    return out;
  });
}

}  // namespace mishap

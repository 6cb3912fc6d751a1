#include "storage/project_store.h"

#include <fmt/format.h>

#include "storage/pqxx_session.h"
#include "storage/slug.h"

namespace mishap {
namespace {

Project ProjectOfRow(const pqxx::row& row) {
  Project project;
  project.id = ProjectId{row[0].as<std::int64_t>()};
  project.organization = OrganizationId{row[1].as<std::int64_t>()};
  project.slug = row[2].c_str();
  project.name = row[3].c_str();
  project.platform = row[4].is_null() ? "" : row[4].c_str();
  project.active = row[5].as<bool>();
  project.settings_json = row[6].c_str();
  project.created_at = TimestampOf(row[7]);
  project.first_event_at = OptionalTimestampOf(row[8]);
  return project;
}

Error NoProject(std::string_view which) {
  return {Reason::kNotFound, fmt::format("there is no project '{}'", which)};
}

}  // namespace

Result<Project> CreateProject(Session& session, OrganizationId organization, std::string_view slug,
                              std::string_view name, std::string_view platform) {
  if (auto fine = CheckSlug(slug, kProjectSlugBytesMax); !fine) return Fail(fine.error());
  return Transact(session, [&](Work& work) -> Result<Project> {
    const pqxx::result rows = work.Run("project_insert", organization, slug, name, platform);
    if (rows.empty()) {
      return Fail(Reason::kConflict,
                  fmt::format("a project '{}' exists already in this organization", slug));
    }
    work.Run("directory_bump");
    return ProjectOfRow(rows[0]);
  });
}

Result<std::vector<Project>> ListProjects(Session& session, OrganizationId organization) {
  return Read(session, [&](Work& work) {
    std::vector<Project> out;
    for (const pqxx::row& row : work.Run("project_list", organization)) {
      out.push_back(ProjectOfRow(row));
    }
    return out;
  });
}

Result<Project> FindProject(Session& session, OrganizationId organization,
                            std::string_view slug_or_id) {
  return Read(session, [&](Work& work) -> Result<Project> {
    const auto id = IdOfPath(slug_or_id);
    const pqxx::result rows = id ? work.Run("project_by_id", organization, *id)
                                 : work.Run("project_by_slug", organization, slug_or_id);
    if (rows.empty()) return Fail(NoProject(slug_or_id));
    return ProjectOfRow(rows[0]);
  });
}

Status ChangeProjectSettings(Session& session, ProjectId project, std::string_view settings_json) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("project_change_settings", project, settings_json).empty()) {
      return Fail(NoProject(fmt::to_string(project.value)));
    }
    work.Run("directory_bump");
    return {};
  });
}

Status SetProjectActive(Session& session, ProjectId project, bool active) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("project_set_active", project, active).empty()) {
      return Fail(NoProject(fmt::to_string(project.value)));
    }
    work.Run("directory_bump");
    return {};
  });
}

}  // namespace mishap

#include "storage/project/project_change.h"

#include <fmt/format.h>

#include "base/json_writer.h"
#include "storage/pqxx_session.h"

namespace mishap {
namespace {

constexpr std::size_t kKeyBytes = 16;

tl::unexpected<Error> NoProject() {
  return Fail(Reason::kNotFound, "no such project");
}

tl::unexpected<Error> SlugTaken(std::string_view slug) {
  return Fail(Reason::kConflict,
              fmt::format("A project with the slug \"{}\" already exists.", slug));
}

// Throws pqxx exceptions. A slug somebody else has now is free for them; old ways to it end.
Status ChangeSlug(Work& work, const Scope& scope, ProjectId project, const std::string& slug) {
  auto taken = work.Run("project_by_slug", scope.Organization(), slug);
  if (!taken.empty() && taken[0]["id"].as<std::int64_t>() != project.value) return SlugTaken(slug);
  if (!taken.empty()) return {};
  work.Run("project_remember_slug", project);
  work.Run("project_forget_slug", scope.Organization(), slug);
  work.Run("project_set_slug", project, slug);
  return {};
}

std::string FieldsOf(const ProjectChange& change) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (change.name) json.Field("name", *change.name);
  if (change.slug) json.Field("slug", *change.slug);
  if (change.platform) json.Field("platform", *change.platform);
  if (!change.settings_json.empty()) json.Key("settings").Raw(change.settings_json);
  json.EndObject();
  return out;
}

}  // namespace

Result<ProjectId> AddProject(Session& session, const AuditBy& by, Random& random,
                             const Scope& scope, std::string_view slug, std::string_view name,
                             std::string_view platform) {
  const auto public_key = random.Hex(kKeyBytes);
  const auto secret_key = random.Hex(kKeyBytes);
  return Transact(session, [&](Work& work) -> Result<ProjectId> {
    auto rows = work.Run("project_insert", scope.Organization(), slug, name, platform);
    if (rows.empty()) return SlugTaken(slug);
    const ProjectId project{rows[0][0].as<std::int64_t>()};
    work.Run("project_forget_slug", scope.Organization(), slug);
    work.Run("project_key_insert", project, public_key, secret_key, "Default");
    work.Run("directory_bump");
    WriteProjectAudit(work, by, scope.Organization(), project, {"project.create", ""});
    return project;
  });
}

Status ChangeProject(Session& session, const AuditBy& by, const Scope& scope, ProjectId project,
                     const ProjectChange& change) {
  if (!scope.Sees(project)) return NoProject();
  return Transact(session, [&](Work& work) -> Status {
    if (change.slug) {
      if (auto changed = ChangeSlug(work, scope, project, *change.slug); !changed) return changed;
    }
    work.Run("project_change", project, change.name, change.platform,
             change.settings_json.empty() ? std::string("{}") : change.settings_json);
    work.Run("directory_bump");
    if (const auto fields = FieldsOf(change); fields != "{}") {
      WriteProjectAudit(work, by, scope.Organization(), project, {"project.edit", "", fields});
    }
    return {};
  });
}

Status RemoveProject(Session& session, const AuditBy& by, const Scope& scope, ProjectId project) {
  if (!scope.Sees(project)) return NoProject();
  return Transact(session, [&](Work& work) {
    WriteProjectAudit(work, by, scope.Organization(), project, {"project.remove", ""});
    work.Run("project_remove", project);
    work.Run("directory_bump");
  });
}

Result<std::string> ReadSettingsJson(Session& session, const Scope& scope, ProjectId project) {
  if (!scope.Sees(project)) return NoProject();
  return Read(session, [&](Work& work) -> Result<std::string> {
    auto rows = work.Run("project_settings", project);
    if (rows.empty()) return NoProject();
    return std::string(rows[0][0].c_str());
  });
}

Result<std::optional<ProjectId>> ProjectOfOldSlug(Session& session, const Scope& scope,
                                                  std::string_view slug) {
  return Read(session, [&](Work& work) {
    auto rows = work.Run("project_of_old_slug", scope.Organization(), slug);
    std::optional<ProjectId> out;
    if (!rows.empty()) out = ProjectId{rows[0][0].as<std::int64_t>()};
    return out;
  });
}

Status HideEnvironment(Session& session, const AuditBy& by, const Scope& scope, ProjectId project,
                       std::string_view name, bool hidden) {
  if (!scope.Sees(project)) return NoProject();
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("environment_hide", project, name, hidden).empty()) {
      return Fail(Reason::kNotFound, "no such environment");
    }
    WriteProjectAudit(work, by, scope.Organization(), project,
                      {hidden ? "environment.hide" : "environment.show", std::string(name)});
    return {};
  });
}

}  // namespace mishap

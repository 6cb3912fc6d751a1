// mishap project create|list, mishap key create|list|revoke.
#include <cstdio>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "server/dsn_of.h"
#include "server/only_one.h"
#include "storage/key_store.h"
#include "storage/project_store.h"

namespace mishap {
namespace {

void PrintKeys(const CommandContext& context, const std::string& project,
               const std::vector<ProjectKey>& keys, std::vector<std::vector<std::string>>& rows) {
  for (const ProjectKey& key : keys) {
    rows.push_back({project, key.public_key, key.active ? "active" : "revoked", key.name,
                    DsnOf(ConfiguredUrl(context.config), key.public_key, key.project)});
  }
}

const std::vector<std::string> kKeyHeader = {"Project", "Public key", "State", "Name", "DSN"};

// The projects a key command speaks of: the named one, or all.
Result<std::vector<Project>> Chosen(Session& session, const KeyCommand& options) {
  auto organization = ChooseOrganization(session, options.organization);
  if (!organization) return Fail(organization.error());
  if (options.project.empty()) return ListProjects(session, organization->id);
  auto project = FindProject(session, organization->id, options.project);
  if (!project) return Fail(project.error());
  return std::vector<Project>{*project};
}

// Public keys are unique over all organizations.
Status RevokeAnywhere(Session& session, const std::string& public_key) {
  auto organizations = ListOrganizations(session);
  if (!organizations) return Fail(organizations.error());
  for (const Organization& organization : *organizations) {
    auto projects = ListProjects(session, organization.id);
    if (!projects) return Fail(projects.error());
    for (const Project& project : *projects) {
      auto done = RevokeKey(session, project.id, public_key);
      if (done || done.error().reason != Reason::kNotFound) return done;
    }
  }
  return Fail(Reason::kNotFound, fmt::format("no project has a key {}", public_key));
}

}  // namespace

int RunProjectCreate(CommandContext& context, const ProjectCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  Session& session = database->Use();
  auto organization = ChooseOrganization(session, options.organization);
  if (!organization) return PrintError(organization.error());
  auto team = ChooseTeam(session, organization->id, options.team);
  if (!team) return PrintError(team.error());
  auto project =
      CreateProject(session, organization->id, options.slug,
                    options.name.empty() ? options.slug : options.name, options.platform);
  if (!project) return PrintError(project.error());
  if (*team) {
    auto added =
        AddProjectToTeam(session, ByCommandLine(context), organization->id, **team, project->id);
    if (!added) return PrintError(added.error());
  }
  auto key = CreateKey(session, context.random, project->id, "Default");
  if (!key) return PrintError(key.error());
  PrintTable(context, {"Id", "Organization", "Slug", "DSN"},
             {{fmt::format("{}", project->id.value), organization->slug, project->slug,
               DsnOf(ConfiguredUrl(context.config), key->public_key, project->id)}},
             "");
  return 0;
}

int RunProjectList(CommandContext& context, const ProjectCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto organization = ChooseOrganization(database->Use(), options.organization);
  if (!organization) return PrintError(organization.error());
  auto projects = ListProjects(database->Use(), organization->id);
  if (!projects) return PrintError(projects.error());
  std::vector<std::vector<std::string>> rows;
  for (const Project& project : *projects) {
    rows.push_back({fmt::format("{}", project.id.value), project.slug, project.name,
                    project.platform, project.active ? "active" : "off",
                    FormatTimestamp(project.created_at)});
  }
  PrintTable(context, {"Id", "Slug", "Name", "Platform", "State", "Created at"}, rows,
             "no projects yet");
  return 0;
}

int RunKeyCreate(CommandContext& context, const KeyCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto projects = Chosen(database->Use(), options);
  if (!projects) return PrintError(projects.error());
  const Project& project = projects->front();
  auto key = CreateKey(database->Use(), context.random, project.id, options.name);
  if (!key) return PrintError(key.error());
  std::vector<std::vector<std::string>> rows;
  PrintKeys(context, project.slug, {*key}, rows);
  PrintTable(context, kKeyHeader, rows, "");
  return 0;
}

int RunKeyList(CommandContext& context, const KeyCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto projects = Chosen(database->Use(), options);
  if (!projects) return PrintError(projects.error());
  std::vector<std::vector<std::string>> rows;
  for (const Project& project : *projects) {
    auto keys = ListKeys(database->Use(), project.id);
    if (!keys) return PrintError(keys.error());
    PrintKeys(context, project.slug, *keys, rows);
  }
  PrintTable(context, kKeyHeader, rows, "no keys");
  return 0;
}

int RunKeyRevoke(CommandContext& context, const KeyCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto done = RevokeAnywhere(database->Use(), options.public_key);
  if (!done) return PrintError(done.error());
  fmt::print("revoked {}; running servers refuse it within seconds\n", options.public_key);
  return 0;
}

}  // namespace mishap

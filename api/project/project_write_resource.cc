// Projects made, changed and removed, and their environments hidden (web-api 2.13).
#include "api/account/account_resources.h"
#include "api/grouping/resources.h"
#include "api/json_body.h"
#include "api/project/project_settings.h"
#include "api/project/resources.h"
#include "storage/project/project_change.h"

namespace mishap {
namespace {

// A taken slug is told as clients expect it: {"detail": ...} with 409.
Answer RespondConflict(const Error& error) {
  if (error.reason != Reason::kConflict) return Fail(error);
  return RespondDetail(409, error.detail);
}

// Whoever makes a project sees it in the answer, also one who is in none of its teams.
Answer MakeProject(ApiCall& call, const Scope& scope, std::optional<TeamId> team) {
  auto body = ParseNewProject(call.request.body);
  if (!body) return std::move(body.error());
  auto added = AddProject(call.session, AuditByOf(call), call.random, scope, body->slug, body->name,
                          body->platform);
  if (!added) return RespondConflict(added.error());
  if (team) {
    auto linked =
        AddProjectToTeam(call.session, AuditByOf(call), scope.Organization(), *team, *added);
    if (!linked) return Fail(linked.error());
  }
  auto projects = scope.Projects();
  projects.push_back(*added);
  const Scope wider(scope.Organization(), scope.OrganizationSlug(), scope.User(),
                    std::move(projects), scope.Permissions());
  return RespondProjectDetail(call, wider, *added, 201);
}

Answer RespondEnvironment(ApiCall& call, const ProjectOnPath& found) {
  auto rows = ReadEnvironments(call.session, found.scope);
  if (!rows) return Fail(rows.error());
  for (const auto& row : *rows) {
    if (row.name != call.path.Get("environment")) continue;
    std::string body;
    JsonWriter json(body);
    json.BeginObject().Field("id", std::to_string(row.id)).Field("name", row.name);
    json.Field("isHidden", row.is_hidden).EndObject();
    return RespondJson(200, std::move(body));
  }
  return NotFound();
}

}  // namespace

Answer PostProjectOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  return MakeProject(call, *scope, std::nullopt);
}

Answer PostProjectOfTeam(ApiCall& call) {
  auto found = TeamFromPath(call);
  if (!found) return Fail(found.error());
  return MakeProject(call, found->scope, found->team.id);
}

Answer PutProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto change = ParseProjectChange(call.request.body);
  if (!change) return std::move(change.error());
  auto refused = ChangeGroupingOfProject(call, *found, call.request.body);
  if (!refused) return Fail(refused.error());
  if (*refused) return std::move(**refused);
  auto changed =
      ChangeProject(call.session, AuditByOf(call), found->scope, found->project.id, *change);
  if (!changed) return RespondConflict(changed.error());
  return RespondProjectDetail(call, found->scope, found->project.id, 200);
}

Answer DeleteProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto removed = RemoveProject(call.session, AuditByOf(call), found->scope, found->project.id);
  if (!removed) return Fail(removed.error());
  return RespondEmpty(204);
}

Answer GetEnvironment(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondEnvironment(call, *found);
}

Answer PutEnvironment(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  JsonBody body(call.request.body);
  auto hidden = body.Bool("isHidden");
  if (!hidden) body.Refuse("isHidden", "This field is required.");
  if (body.Problem()) return *body.Problem();
  auto done = HideEnvironment(call.session, AuditByOf(call), found->scope, found->project.id,
                              call.path.Get("environment"), *hidden);
  if (!done) return Fail(done.error());
  return RespondEnvironment(call, *found);
}

}  // namespace mishap

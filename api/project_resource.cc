// Projects and their environments (web-api 2.13).
#include <algorithm>

#include "api/object_shapes.h"
#include "api/project/project_settings.h"
#include "api/project/resources.h"
#include "api/resources.h"
#include "api/route_permissions.h"
#include "base/bytes.h"
#include "storage/project_grouping_store.h"

namespace mishap {
namespace {

bool Contains(std::string_view text, std::string_view lower_part) {
  return ToLowerAscii(text).find(lower_part) != std::string::npos;
}

struct ListedProject {
  ProjectRow project;
  OrganizationRow organization;
};

Answer RespondProjects(ApiCall& call, std::vector<ListedProject> rows, bool with_organization) {
  auto query = ToLowerAscii(call.query.GetOr("query", ""));
  if (!query.empty()) {
    std::erase_if(rows,
                  [&](const ListedProject& row) { return !FitsProjectQuery(row.project, query); });
  }
  auto page = PageOf(call, rows.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    json.BeginObject();
    WriteProjectFields(rows[i].project, json);
    if (with_organization) {
      json.Key("organization").BeginObject();
      WriteOrganizationFields(rows[i].organization, call.public_url, json);
      json.EndObject();
    }
    json.EndObject();
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows.size());
}

Status AddProjects(ApiCall& call, const Scope& scope, std::vector<ListedProject>& rows) {
  auto organization = ReadOrganization(call.session, scope);
  if (!organization) return Fail(organization.error());
  auto projects = ReadProjects(call.session, scope);
  if (!projects) return Fail(projects.error());
  for (auto& project : *projects) rows.push_back({std::move(project), *organization});
  return {};
}

// What clients expect of a project and Mishap has no setting for.
void WriteFixedFields(const GroupingSetup& grouping, JsonWriter& json) {
  json.Key("highlightPreset").BeginObject().Key("tags").BeginArray().EndArray();
  json.Key("context").BeginObject().EndObject().EndObject();
  json.Field("groupingConfig", grouping.algorithm);
  json.Field("groupingEnhancements", grouping.stack_trace_rules);
  json.Field("fingerprintingRules", grouping.fingerprint_rules);
  json.Key("plugins").BeginArray().EndArray();
  json.Field("processingIssues", 0).Key("relayPiiConfig").Null();
  json.Key("builtinSymbolSources").BeginArray().EndArray().Field("symbolSources", "[]");
}

// `visibility=` of environment lists: visible ones, unless hidden or all are asked for.
bool IsWanted(const EnvironmentRow& row, std::string_view visibility) {
  return visibility == "all" || row.is_hidden == (visibility == "hidden");
}

Answer RespondEnvironments(ApiCall& call, const Scope& scope, bool of_project) {
  auto rows = ReadEnvironments(call.session, scope);
  if (!rows) return Fail(rows.error());
  auto visibility = call.query.GetOr("visibility", "visible");
  std::erase_if(*rows, [&](const EnvironmentRow& row) { return !IsWanted(row, visibility); });
  auto page = PageOf(call, rows->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    json.BeginObject().Field("id", std::to_string((*rows)[i].id)).Field("name", (*rows)[i].name);
    if (of_project) json.Field("isHidden", (*rows)[i].is_hidden);
    json.EndObject();
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows->size());
}

}  // namespace

bool FitsProjectQuery(const ProjectRow& project, const std::string& query) {
  if (query.starts_with("slug:")) return project.slug == query.substr(5);
  if (query.starts_with("id:")) return std::to_string(project.id.value) == query.substr(3);
  if (query.starts_with("platform:")) return project.platform == query.substr(9);
  return Contains(project.slug, query) || Contains(project.name, query);
}

Answer ListProjectsOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  std::vector<ListedProject> rows;
  if (auto ok = AddProjects(call, *scope, rows); !ok) return Fail(ok.error());
  return RespondProjects(call, std::move(rows), false);
}

Answer ListAllProjects(ApiCall& call) {
  std::vector<ListedProject> rows;
  for (const auto& scope : call.caller.scopes) {
    if (!RoutePermissions(call.permissions).AllowedBy(scope)) continue;
    if (auto ok = AddProjects(call, scope, rows); !ok) return Fail(ok.error());
  }
  return RespondProjects(call, std::move(rows), true);
}

Answer RespondProjectDetail(ApiCall& call, const Scope& scope, ProjectId id, int status) {
  auto projects = ReadProjects(call.session, scope.Narrowed({id}));
  if (!projects) return Fail(projects.error());
  if (projects->empty()) return NotFound();
  auto organization = ReadOrganization(call.session, scope);
  if (!organization) return Fail(organization.error());
  auto settings = ReadSettingsJson(call.session, scope, id);
  if (!settings) return Fail(settings.error());
  auto grouping = ReadProjectGrouping(call.session, scope, id, call.now);
  if (!grouping) return Fail(grouping.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteProjectFields(projects->front(), json);
  WriteProjectSettings(*settings, json);
  WriteFixedFields(grouping->current, json);
  json.Key("organization").BeginObject();
  WriteOrganizationFields(*organization, call.public_url, json);
  json.EndObject().EndObject();
  return RespondJson(status, std::move(body));
}

Answer GetProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondProjectDetail(call, found->scope, found->project.id, 200);
}

Answer ListEnvironmentsOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  return RespondEnvironments(call, NarrowedTo(*scope, *projects), false);
}

Answer ListEnvironmentsOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondEnvironments(call, found->scope, true);
}

}  // namespace mishap

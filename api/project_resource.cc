// Projects and their environments (web-api 2.13).
#include <algorithm>

#include "api/object_shapes.h"
#include "api/resources.h"
#include "api/route_permissions.h"
#include "base/bytes.h"

namespace mishap {
namespace {

bool Contains(std::string_view text, std::string_view lower_part) {
  return ToLowerAscii(text).find(lower_part) != std::string::npos;
}

// `query` of the list: a part of name or slug, `slug:x`, `id:1` or `platform:x`.
bool Fits(const ProjectRow& project, const std::string& query) {
  if (query.starts_with("slug:")) return project.slug == query.substr(5);
  if (query.starts_with("id:")) return std::to_string(project.id.value) == query.substr(3);
  if (query.starts_with("platform:")) return project.platform == query.substr(9);
  return Contains(project.slug, query) || Contains(project.name, query);
}

struct ListedProject {
  ProjectRow project;
  OrganizationRow organization;
};

Answer RespondProjects(ApiCall& call, std::vector<ListedProject> rows, bool with_organization) {
  auto query = ToLowerAscii(call.query.GetOr("query", ""));
  if (!query.empty()) {
    std::erase_if(rows, [&](const ListedProject& row) { return !Fits(row.project, query); });
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

void WriteSettings(const ProjectSettings& settings, JsonWriter& json) {
  const auto& origins = settings.allowed_origins;
  json.Key("options").BeginObject().EndObject().Field("resolveAge", 0);
  json.Field("digestsMinDelay", 300).Field("digestsMaxDelay", 1800);
  json.Field("subjectPrefix", "").Field("subjectTemplate", "$shortID - $title");
  json.Key("allowedDomains");
  WriteTextArray(origins.empty() ? std::vector<std::string>{"*"} : origins, json);
  json.Field("dataScrubber", settings.scrub_data);
  json.Field("dataScrubberDefaults", settings.scrub_data).Key("safeFields");
  WriteTextArray(settings.safe_fields, json);
  json.Key("sensitiveFields");
  WriteTextArray(settings.sensitive_fields, json);
  json.Field("scrubIPAddresses", settings.scrub_ip_addresses).Key("storeCrashReports").Null();
  json.Field("securityToken", "").Key("securityTokenHeader").Null().Field("verifySSL", true);
  json.Field("scrapeJavaScript", false).Key("defaultEnvironment").Null();
  json.Field("enableAutoReleaseCreation", true).Key("highlightTags").BeginArray().EndArray();
  json.Key("highlightContext").BeginObject().EndObject().Key("highlightPreset").BeginObject();
  json.Key("tags").BeginArray().EndArray().Key("context").BeginObject().EndObject().EndObject();
  json.Field("groupingConfig", "g1").Field("groupingEnhancements", "");
  json.Field("fingerprintingRules", "").Key("plugins").BeginArray().EndArray();
  json.Field("processingIssues", 0).Key("relayPiiConfig").Null();
  json.Key("builtinSymbolSources").BeginArray().EndArray().Field("symbolSources", "[]");
}

Answer RespondEnvironments(ApiCall& call, const Scope& scope, bool of_project) {
  auto rows = ReadEnvironments(call.session, scope);
  if (!rows) return Fail(rows.error());
  auto page = PageOf(call, rows->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    json.BeginObject().Field("id", std::to_string((*rows)[i].id)).Field("name", (*rows)[i].name);
    if (of_project) json.Field("isHidden", false);
    json.EndObject();
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows->size());
}

}  // namespace

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

Answer GetProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto organization = ReadOrganization(call.session, found->scope);
  if (!organization) return Fail(organization.error());
  auto settings = ReadProjectSettings(call.session, found->scope, found->project.id);
  if (!settings) return Fail(settings.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteProjectFields(found->project, json);
  WriteSettings(*settings, json);
  json.Key("organization").BeginObject();
  WriteOrganizationFields(*organization, call.public_url, json);
  json.EndObject().EndObject();
  return RespondJson(200, std::move(body));
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

// Organizations as the caller sees them (web-api 2.1, 2.2).
#include <algorithm>

#include "api/account/account_shapes.h"
#include "api/object_shapes.h"
#include "api/project/quota_body.h"
#include "api/resources.h"
#include "base/bytes.h"
#include "storage/account/role.h"

namespace mishap {
namespace {

bool Contains(std::string_view text, std::string_view lower_part) {
  return ToLowerAscii(text).find(lower_part) != std::string::npos;
}

// `query` of the list: a part of name or slug, `slug:x` or `id:1`.
bool Fits(const OrganizationRow& organization, const std::string& query) {
  if (query.starts_with("slug:")) return organization.slug == query.substr(5);
  if (query.starts_with("id:")) return std::to_string(organization.id.value) == query.substr(3);
  return Contains(organization.slug, query) || Contains(organization.name, query);
}

}  // namespace

Result<OffsetPage> PageOf(const ApiCall& call, std::size_t total) {
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  return CutPage(total, *cursor, *size);
}

HttpMessageResponse RespondPage(const ApiCall& call, std::string body, const OffsetPage& page,
                                std::size_t total) {
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, page.links));
  out.headers.emplace_back("X-Hits", std::to_string(std::min<std::size_t>(total, kHitsMax)));
  out.headers.emplace_back("X-Max-Hits", std::to_string(kHitsMax));
  return out;
}

Answer EmptyList(ApiCall& call) {
  // The path must still name something the caller may see.
  if (call.path.Has("i")) {
    if (auto issue = IssueFromPath(call); !issue) return Fail(issue.error());
  } else if (call.path.Has("p")) {
    if (auto project = ProjectFromPath(call); !project) return Fail(project.error());
  } else if (auto scope = OrganizationScope(call); !scope) {
    return Fail(scope.error());
  }
  auto page = PageOf(call, 0);
  if (!page) return Fail(page.error());
  return RespondPage(call, "[]", *page, 0);
}

Answer ListOrganizations(ApiCall& call) {
  std::vector<OrganizationRow> rows;
  auto query = ToLowerAscii(call.query.GetOr("query", ""));
  for (const auto& scope : call.caller.scopes) {
    auto row = ReadOrganization(call.session, scope);
    if (!row) return Fail(row.error());
    if (query.empty() || Fits(*row, query)) rows.push_back(std::move(*row));
  }
  auto page = PageOf(call, rows.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    json.BeginObject();
    WriteOrganizationFields(rows[i], call.public_url, json);
    json.EndObject();
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows.size());
}

Answer RespondOrganization(ApiCall& call, const Scope& scope) {
  auto organization = ReadOrganization(call.session, scope);
  if (!organization) return Fail(organization.error());
  auto projects = ReadProjects(call.session, scope);
  if (!projects) return Fail(projects.error());
  auto teams = ReadTeams(call.session, scope.Organization(), scope.User());
  if (!teams) return Fail(teams.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteOrganizationFields(*organization, call.public_url, json);
  json.Key("access");
  WriteTextArray(scope.Permissions(), json);
  for (auto name : {"role", "orgRole"}) {
    json.Key(name);
    scope.Role().empty() ? json.Null() : json.String(scope.Role());
  }
  json.Key("availableRoles").BeginArray();
  for (auto role : kRoles) {
    json.BeginObject().Field("id", role).Field("name", RoleTitle(role)).EndObject();
  }
  json.EndArray();
  json.Key("onboardingTasks").BeginArray().EndArray().Key("projects").BeginArray();
  for (const auto& project : *projects) WriteProject(project, json);
  json.EndArray().Key("teams").BeginArray();
  for (const auto& team : *teams) WriteTeam(team, scope, json);
  json.EndArray().Field("openMembership", organization->open_membership);
  WriteQuotasField(organization->quotas_json, kOrganizationQuotaReason, json);
  json.Field("spikeProtection", organization->spike_protection);
  json.Field("defaultRole", "member").Field("isDefault", false);
  json.Field("pendingAccessRequests", 0).Field("codecovAccess", false).EndObject();
  return RespondJson(200, std::move(body));
}

Answer GetOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  return RespondOrganization(call, *scope);
}

}  // namespace mishap

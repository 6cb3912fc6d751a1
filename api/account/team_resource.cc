// Teams: which members see which projects (web-api 2.13).
#include <algorithm>

#include "api/account/account_body.h"
#include "api/account/account_resources.h"
#include "api/account/account_shapes.h"
#include "api/object_shapes.h"
#include "base/bytes.h"
#include "storage/slug.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 64;

Answer RespondTeams(ApiCall& call, const Scope& scope, std::vector<Team> teams) {
  const auto query = ToLowerAscii(call.query.GetOr("query", ""));
  if (!query.empty()) {
    std::erase_if(teams, [&](const Team& team) {
      return team.slug.find(query) == std::string::npos &&
             ToLowerAscii(team.name).find(query) == std::string::npos;
    });
  }
  auto page = PageOf(call, teams.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteTeam(teams[i], scope, json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, teams.size());
}

Answer RespondTeam(ApiCall& call, const Scope& scope, int status, TeamId id) {
  auto team = FindTeam(call.session, scope.Organization(), std::to_string(id.value), scope.User());
  if (!team) return Fail(team.error());
  std::string body;
  JsonWriter json(body);
  WriteTeam(*team, scope, json);
  return RespondJson(status, std::move(body));
}

// "Web & mobile" -> "web-mobile": what a slug may hold, the rest as one dash.
std::string SlugOf(std::string_view name) {
  std::string out;
  for (char c : ToLowerAscii(name)) {
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (kept) {
      out.push_back(c);
    } else if (!out.empty() && out.back() != '-') {
      out.push_back('-');
    }
    if (out.size() >= kOrganizationSlugBytesMax) break;
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

struct TeamWords {
  std::string slug;
  std::string name;
};

// The words of a POST or PUT; absent ones come from `old`.
tl::expected<TeamWords, HttpMessageResponse> ParseTeam(ApiCall& call, const TeamWords& old) {
  AccountBody body(call.request.body);
  auto name = body.Text("name", kNameBytesMax);
  auto slug = body.Text("slug", kOrganizationSlugBytesMax);
  TeamWords out = old;
  if (name && !name->empty()) out.name = *name;
  if (slug && !slug->empty()) {
    out.slug = *slug;
  } else if (out.slug.empty()) {
    out.slug = SlugOf(out.name);
  }
  if (out.name.empty()) out.name = out.slug;
  if (out.slug.empty()) {
    body.Refuse("slug", "A slug or a name with letters or digits is required.");
  } else if (auto fine = CheckSlug(out.slug, kOrganizationSlugBytesMax); !fine) {
    body.Refuse("slug", fine.error().detail);
  }
  if (auto problem = body.Problem()) return tl::unexpected(std::move(*problem));
  return out;
}

}  // namespace

Result<TeamOnPath> TeamFromPath(const ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto team = FindTeam(call.session, scope->Organization(), call.path.Get("t"), scope->User());
  if (!team) return Fail(team.error());
  return TeamOnPath{std::move(*scope), std::move(*team)};
}

Answer ListTeamsOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto teams = ReadTeams(call.session, scope->Organization(), scope->User());
  if (!teams) return Fail(teams.error());
  return RespondTeams(call, *scope, std::move(*teams));
}

Answer ListTeamsOfCaller(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto teams = ReadTeams(call.session, scope->Organization(), scope->User());
  if (!teams) return Fail(teams.error());
  std::erase_if(*teams, [](const Team& team) { return !team.is_member; });
  return RespondTeams(call, *scope, std::move(*teams));
}

Answer PostTeam(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto words = ParseTeam(call, {});
  if (!words) return std::move(words.error());
  auto made =
      CreateTeam(call.session, AuditByOf(call), scope->Organization(), words->slug, words->name);
  if (!made) return Fail(made.error());
  return RespondTeam(call, *scope, 201, *made);
}

Answer GetTeam(ApiCall& call) {
  auto found = TeamFromPath(call);
  if (!found) return Fail(found.error());
  return RespondTeam(call, found->scope, 200, found->team.id);
}

Answer PutTeam(ApiCall& call) {
  auto found = TeamFromPath(call);
  if (!found) return Fail(found.error());
  auto words = ParseTeam(call, {found->team.slug, found->team.name});
  if (!words) return std::move(words.error());
  auto done = ChangeTeam(call.session, AuditByOf(call), found->scope.Organization(), found->team.id,
                         words->slug, words->name);
  if (!done) return Fail(done.error());
  return RespondTeam(call, found->scope, 200, found->team.id);
}

Answer DeleteTeam(ApiCall& call) {
  auto found = TeamFromPath(call);
  if (!found) return Fail(found.error());
  auto done =
      RemoveTeam(call.session, AuditByOf(call), found->scope.Organization(), found->team.id);
  if (!done) return Fail(done.error());
  return RespondEmpty(204);
}

Answer ListMembersOfTeam(ApiCall& call) {
  auto found = TeamFromPath(call);
  if (!found) return Fail(found.error());
  auto members = ReadMembers(call.session, found->scope.Organization());
  if (!members) return Fail(members.error());
  std::erase_if(*members, [&](const MemberRow& member) {
    return std::find(member.teams.begin(), member.teams.end(), found->team.slug) ==
           member.teams.end();
  });
  return RespondMembers(call, std::move(*members));
}

Answer ListProjectsOfTeam(ApiCall& call) {
  auto found = TeamFromPath(call);
  if (!found) return Fail(found.error());
  auto ids = ReadProjectsOfTeam(call.session, found->scope.Organization(), found->team.id);
  if (!ids) return Fail(ids.error());
  auto projects = ReadProjects(call.session, found->scope.Narrowed(*ids));
  if (!projects) return Fail(projects.error());
  auto page = PageOf(call, projects->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteProject((*projects)[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, projects->size());
}

Answer ListTeamsOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto teams = ReadTeamsOfProject(call.session, found->scope.Organization(), found->project.id,
                                  found->scope.User());
  if (!teams) return Fail(teams.error());
  return RespondTeams(call, found->scope, std::move(*teams));
}

namespace {

Answer ChangeTeamOfProject(ApiCall& call, bool add) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto on_path = TeamFromPath(call);
  if (!on_path) return Fail(on_path.error());
  const auto organization = found->scope.Organization();
  auto change = add ? &AddProjectToTeam : &RemoveProjectFromTeam;
  auto done =
      change(call.session, AuditByOf(call), organization, on_path->team.id, found->project.id);
  if (!done) return Fail(done.error());
  auto projects = ReadProjects(call.session, found->scope);
  if (!projects) return Fail(projects.error());
  if (projects->empty()) return NotFound();
  std::string body;
  JsonWriter json(body);
  WriteProject(projects->front(), json);
  return RespondJson(add ? 201 : 200, std::move(body));
}

}  // namespace

Answer PostTeamOfProject(ApiCall& call) {
  return ChangeTeamOfProject(call, true);
}

Answer DeleteTeamOfProject(ApiCall& call) {
  return ChangeTeamOfProject(call, false);
}

}  // namespace mishap

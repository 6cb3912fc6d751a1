// Members of an organization and those invited to it (web-api 2.13). Nobody gives, changes or takes
// away a role above his own.
#include <algorithm>

#include "api/account/account_body.h"
#include "api/account/account_resources.h"
#include "api/account/account_shapes.h"
#include "api/object_shapes.h"
#include "base/bytes.h"
#include "storage/account/role.h"

namespace mishap {
namespace {

constexpr std::size_t kEmailBytesMax = 254;
constexpr std::size_t kTeamsMax = 100;

// A token without a person ranks by what it may do.
int RankOf(const Scope& scope) {
  if (scope.User()) return RoleRank(scope.Role());
  if (scope.Allows("org:admin")) return RoleRank("owner");
  if (scope.Allows("member:admin")) return RoleRank("manager");
  return RoleRank("member");
}

struct MemberOnPath {
  Scope scope;
  MemberRow member;
};

// {o} and {m}: a number, or "me".
Result<MemberOnPath> MemberFromPath(const ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  const auto& name = call.path.Get("m");
  auto id = ParseDigits(name);
  if (!id && name != "me") return NotFound();
  auto member = id ? FindMember(call.session, scope->Organization(), MemberId{*id})
                   : FindMemberOfUser(call.session, scope->Organization(), scope->User());
  if (!member) return Fail(member.error());
  return MemberOnPath{std::move(*scope), std::move(*member)};
}

bool Fits(const MemberRow& member, const std::string& query) {
  if (query.starts_with("role:")) return member.role == query.substr(5);
  if (query.starts_with("email:")) return ToLowerAscii(member.email) == query.substr(6);
  if (query.starts_with("isinvited:")) return !member.user == (query.substr(10) == "true");
  const std::string name = member.user ? ToLowerAscii(member.user->name) : std::string();
  return member.email.find(query) != std::string::npos || name.find(query) != std::string::npos;
}

// What a POST or PUT says of a member.
struct MemberWords {
  std::optional<std::string> role;
  std::optional<std::vector<TeamId>> teams;
  bool renew = false;
};

Result<MemberWords> TakeWords(ApiCall& call, const Scope& scope, AccountBody& body) {
  MemberWords out;
  out.role = body.Text("orgRole", 20);
  if (!out.role) out.role = body.Text("role", 20);
  if (out.role && RoleRank(*out.role) < 0) {
    body.Refuse("orgRole",
                "'" + *out.role + "' is no role; there are viewer, member, admin, manager, owner.");
  }
  auto slugs = body.TextsIn("teamRoles", "teamSlug", kTeamsMax);
  if (!slugs) slugs = body.Texts("teams", kTeamsMax);
  out.renew = body.Bool("reinvite").value_or(false);
  out.renew = body.Bool("regenerate").value_or(false) || out.renew;
  if (!slugs) return out;
  out.teams.emplace();
  for (const auto& slug : *slugs) {
    auto team = FindTeam(call.session, scope.Organization(), slug, {});
    if (team) {
      out.teams->push_back(team->id);
    } else if (team.error().reason == Reason::kNotFound) {
      body.Refuse("teams", "There is no team '" + slug + "'.");
    } else {
      return Fail(team.error());
    }
  }
  return out;
}

Answer RespondMember(ApiCall& call, int status, const Scope& scope, MemberId id,
                     const std::string& secret) {
  auto member = FindMember(call.session, scope.Organization(), id);
  if (!member) return Fail(member.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  WriteMemberFields(*member, call.now, json);
  if (!secret.empty()) json.Field("inviteLink", call.public_url + "/invite/" + secret + "/");
  json.EndObject();
  return RespondJson(status, std::move(body));
}

Error AboveYou() {
  return {Reason::kPermissionDenied, "You cannot give, change or take away a role above your own."};
}

// Others: who may change teams or members. Oneself: leaving always, joining where it is open.
Status MayChangeTeam(ApiCall& call, const MemberOnPath& found, bool joins) {
  for (auto scope : {"team:write", "member:write", "org:write"}) {
    if (found.scope.Allows(scope)) return {};
  }
  const bool self =
      found.scope.User() && found.member.user && found.member.user->id == found.scope.User();
  if (self && !joins) return {};
  auto organization = ReadOrganization(call.session, found.scope);
  if (!organization) return Fail(organization.error());
  if (self && organization->open_membership) return {};
  return Fail(Reason::kPermissionDenied, "");
}

}  // namespace

Answer RespondMembers(ApiCall& call, std::vector<MemberRow> members) {
  const auto query = ToLowerAscii(call.query.GetOr("query", ""));
  if (!query.empty()) {
    std::erase_if(members, [&](const MemberRow& member) { return !Fits(member, query); });
  }
  auto page = PageOf(call, members.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WriteMember(members[i], call.now, json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, members.size());
}

Answer ListMembers(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto members = ReadMembers(call.session, scope->Organization());
  if (!members) return Fail(members.error());
  return RespondMembers(call, std::move(*members));
}

Answer PostMember(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  AccountBody body(call.request.body);
  auto email = body.Text("email", kEmailBytesMax);
  body.Require("email", email.has_value());
  auto words = TakeWords(call, *scope, body);
  if (!words) return Fail(words.error());
  if (email && !CheckEmail(*email)) body.Refuse("email", "Enter a valid e-mail address.");
  if (auto problem = body.Problem()) return std::move(*problem);
  NewInvite wanted{*email, words->role.value_or("member"),
                   words->teams.value_or(std::vector<TeamId>())};
  if (RoleRank(wanted.role) > RankOf(*scope)) return Fail(AboveYou());
  auto made =
      CreateInvite(call.session, call.random, AuditByOf(call), scope->Organization(), wanted);
  if (!made) return Fail(made.error());
  return RespondMember(call, 201, *scope, made->id, made->secret);
}

Answer GetMember(ApiCall& call) {
  auto found = MemberFromPath(call);
  if (!found) return Fail(found.error());
  return RespondMember(call, 200, found->scope, found->member.id, "");
}

Answer PutMember(ApiCall& call) {
  auto found = MemberFromPath(call);
  if (!found) return Fail(found.error());
  const auto organization = found->scope.Organization();
  const auto id = found->member.id;
  AccountBody body(call.request.body);
  auto words = TakeWords(call, found->scope, body);
  if (!words) return Fail(words.error());
  if (auto problem = body.Problem()) return std::move(*problem);
  const int rank = RankOf(found->scope);
  // member:invite is enough for a new link; the rest needs more.
  if ((words->role || words->teams) && !found->scope.Allows("member:write")) {
    return Fail(Reason::kPermissionDenied, "");
  }
  if (RoleRank(found->member.role) > rank || (words->role && RoleRank(*words->role) > rank)) {
    return Fail(AboveYou());
  }
  const auto by = AuditByOf(call);
  std::string secret;
  if (words->renew && !found->member.user) {
    auto renewed = RenewInvite(call.session, call.random, by, organization, id);
    if (!renewed) return Fail(renewed.error());
    secret = renewed->secret;
  }
  if (words->role) {
    auto done = ChangeMemberRole(call.session, by, organization, id, *words->role);
    if (!done) return Fail(done.error());
  }
  if (words->teams) {
    auto done = SetMemberTeams(call.session, by, organization, id, *words->teams);
    if (!done) return Fail(done.error());
  }
  return RespondMember(call, 200, found->scope, id, secret);
}

Answer DeleteMember(ApiCall& call) {
  auto found = MemberFromPath(call);
  if (!found) return Fail(found.error());
  if (RoleRank(found->member.role) > RankOf(found->scope)) return Fail(AboveYou());
  auto done =
      RemoveMember(call.session, AuditByOf(call), found->scope.Organization(), found->member.id);
  if (!done) return Fail(done.error());
  return RespondEmpty(204);
}

namespace {

Answer ChangeMemberTeam(ApiCall& call, bool joins) {
  auto found = MemberFromPath(call);
  if (!found) return Fail(found.error());
  auto on_path = TeamFromPath(call);
  if (!on_path) return Fail(on_path.error());
  if (auto may = MayChangeTeam(call, *found, joins); !may) return Fail(may.error());
  if (!found->member.user) {
    return Fail(Reason::kConflict, "The invite is not accepted yet; PUT its teams instead.");
  }
  auto change = joins ? &AddToTeam : &RemoveFromTeam;
  auto changed = change(call.session, AuditByOf(call), found->scope.Organization(),
                        on_path->team.id, found->member.user->id);
  if (!changed) return Fail(changed.error());
  if (joins && !*changed) return RespondEmpty(204);
  auto team = TeamFromPath(call);
  if (!team) return Fail(team.error());
  std::string body;
  JsonWriter json(body);
  WriteTeam(team->team, team->scope, json);
  return RespondJson(joins ? 201 : 200, std::move(body));
}

}  // namespace

Answer PostMemberTeam(ApiCall& call) {
  return ChangeMemberTeam(call, true);
}

Answer DeleteMemberTeam(ApiCall& call) {
  return ChangeMemberTeam(call, false);
}

Answer ListUsersOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto members = ReadMembers(call.session, scope->Organization());
  if (!members) return Fail(members.error());
  auto projects = ReadMemberProjects(call.session, *scope);
  if (!projects) return Fail(projects.error());
  std::erase_if(*members, [](const MemberRow& member) { return !member.user; });
  auto page = PageOf(call, members->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    json.BeginObject();
    WriteMemberFields((*members)[i], call.now, json);
    json.Key("projects");
    WriteTextArray((*projects)[(*members)[i].user->id], json);
    json.EndObject();
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, members->size());
}

Answer ListMembersOfProject(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto members = ReadMembers(call.session, found->scope.Organization());
  if (!members) return Fail(members.error());
  auto projects = ReadMemberProjects(call.session, found->scope);
  if (!projects) return Fail(projects.error());
  std::erase_if(*members, [&](const MemberRow& member) {
    return !member.user || (*projects)[member.user->id].empty();
  });
  return RespondMembers(call, std::move(*members));
}

}  // namespace mishap

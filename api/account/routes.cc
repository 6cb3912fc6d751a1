// Routes of logins, organizations, teams, members and tokens. Described in openapi.json beside this
// file.
#include "api/routes.h"
#include "api/account/account_resources.h"

namespace mishap {
namespace {

constexpr std::string_view kReadTeams = "team:read|org:read";
constexpr std::string_view kMakeTeams = "team:write|org:write";
constexpr std::string_view kChangeMemberTeams = "org:read|team:write|member:write";

}  // namespace

std::vector<Route> AccountRoutes() {
  return {
      {"GET", "", "-", &GetRoot},
      {"GET", "auth/", "", &GetMe},
      {"GET", "users/me/", "", &GetMe},
      {"PUT", "users/me/", "!", &PutMe},
      {"POST", "mishap/login/", "-", &PostLogin},
      {"POST", "mishap/logout/", "!", &PostLogout},
      {"GET", "mishap/session/", "-", &GetSession},
      {"GET", "mishap/sessions/", "!", &ListLoginSessions},
      {"DELETE", "mishap/sessions/{session}/", "!", &DeleteLoginSession},
      {"PUT", "mishap/password/", "!", &PutPassword},
      {"GET", "mishap/invites/{secret}/", "-", &GetInvite},
      {"POST", "mishap/invites/{secret}/accept/", "-", &AcceptInviteLink},
      {"GET", "api-tokens/", "!", &ListPersonalTokens},
      {"POST", "api-tokens/", "!", &PostPersonalToken},
      {"DELETE", "api-tokens/{token}/", "!", &DeletePersonalToken},
      {"GET", "organizations/", "", &ListOrganizations},
      {"GET", "organizations/{o}/", "org:read", &GetOrganization},
      {"PUT", "organizations/{o}/", "org:write", &PutOrganization},
      {"GET", "organizations/{o}/audit-logs/", "org:write", &ListAudit},
      {"GET", "organizations/{o}/org-auth-tokens/", "org:read", &ListOrganizationTokens},
      {"POST", "organizations/{o}/org-auth-tokens/", "!org:write", &PostOrganizationToken},
      {"GET", "organizations/{o}/org-auth-tokens/{token}/", "org:read", &GetOrganizationToken},
      {"PUT", "organizations/{o}/org-auth-tokens/{token}/", "!org:write", &PutOrganizationToken},
      {"DELETE", "organizations/{o}/org-auth-tokens/{token}/", "!org:write",
       &DeleteOrganizationToken},
      {"GET", "organizations/{o}/teams/", kReadTeams, &ListTeamsOfOrganization},
      {"POST", "organizations/{o}/teams/", kMakeTeams, &PostTeam},
      {"GET", "organizations/{o}/user-teams/", "org:read", &ListTeamsOfCaller},
      {"GET", "teams/{o}/{t}/", "team:read", &GetTeam},
      {"PUT", "teams/{o}/{t}/", "team:write", &PutTeam},
      {"DELETE", "teams/{o}/{t}/", "team:admin", &DeleteTeam},
      {"GET", "teams/{o}/{t}/members/", "team:read", &ListMembersOfTeam},
      {"GET", "teams/{o}/{t}/projects/", "project:read", &ListProjectsOfTeam},
      {"GET", "projects/{o}/{p}/teams/", "project:read", &ListTeamsOfProject},
      {"POST", "projects/{o}/{p}/teams/{t}/", "project:write", &PostTeamOfProject},
      {"DELETE", "projects/{o}/{p}/teams/{t}/", "project:write", &DeleteTeamOfProject},
      {"GET", "organizations/{o}/members/", "member:read", &ListMembers},
      {"POST", "organizations/{o}/members/", "member:invite", &PostMember},
      {"GET", "organizations/{o}/members/{m}/", "member:read", &GetMember},
      {"PUT", "organizations/{o}/members/{m}/", "member:invite", &PutMember},
      {"DELETE", "organizations/{o}/members/{m}/", "member:admin", &DeleteMember},
      {"POST", "organizations/{o}/members/{m}/teams/{t}/", kChangeMemberTeams, &PostMemberTeam},
      {"DELETE", "organizations/{o}/members/{m}/teams/{t}/", kChangeMemberTeams, &DeleteMemberTeam},
      {"GET", "organizations/{o}/users/", "org:read", &ListUsersOfOrganization},
      {"GET", "projects/{o}/{p}/members/", "project:read", &ListMembersOfProject},
  };
}

}  // namespace mishap

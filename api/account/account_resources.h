// The resources of this folder: one function a route (routes.cc says which).
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "api/resources.h"
#include "storage/account/member_store.h"
#include "storage/account/team_store.h"
#include "storage/user_store.h"

namespace mishap {

// login_resource.cc
Answer PostLogin(ApiCall& call);
Answer PostLogout(ApiCall& call);
Answer GetSession(ApiCall& call);
Answer ListLoginSessions(ApiCall& call);
Answer DeleteLoginSession(ApiCall& call);
Answer PutMe(ApiCall& call);
Answer PutPassword(ApiCall& call);
// The user whose password this is, or the answer that refuses (401, 429).
Result<tl::expected<User, HttpMessageResponse>> CheckLogin(ApiCall& call, const std::string& email,
                                                           const std::string& password);
// Begins a session: 200 with the cookie.
Answer RespondSignedIn(ApiCall& call, const User& user);
HttpMessageResponse RefuseCrossSite();
// team_resource.cc
Answer ListTeamsOfOrganization(ApiCall& call);
Answer PostTeam(ApiCall& call);
Answer GetTeam(ApiCall& call);
Answer PutTeam(ApiCall& call);
Answer DeleteTeam(ApiCall& call);
Answer ListMembersOfTeam(ApiCall& call);
Answer ListProjectsOfTeam(ApiCall& call);
Answer ListTeamsOfCaller(ApiCall& call);
Answer ListTeamsOfProject(ApiCall& call);
Answer PostTeamOfProject(ApiCall& call);
Answer DeleteTeamOfProject(ApiCall& call);
struct TeamOnPath {
  Scope scope;
  Team team;
};
// {o} and {t}. Errors: not_found.
Result<TeamOnPath> TeamFromPath(const ApiCall& call);
// member_resource.cc
Answer ListMembers(ApiCall& call);
Answer PostMember(ApiCall& call);
Answer GetMember(ApiCall& call);
Answer PutMember(ApiCall& call);
Answer DeleteMember(ApiCall& call);
Answer PostMemberTeam(ApiCall& call);
Answer DeleteMemberTeam(ApiCall& call);
Answer ListUsersOfOrganization(ApiCall& call);
Answer ListMembersOfProject(ApiCall& call);
// A list of members, a page of it, those that `query` fits.
Answer RespondMembers(ApiCall& call, std::vector<MemberRow> members);
// invite_resource.cc
Answer GetInvite(ApiCall& call);
Answer AcceptInviteLink(ApiCall& call);
// token_resource.cc
Answer ListPersonalTokens(ApiCall& call);
Answer PostPersonalToken(ApiCall& call);
Answer DeletePersonalToken(ApiCall& call);
Answer ListOrganizationTokens(ApiCall& call);
Answer PostOrganizationToken(ApiCall& call);
Answer GetOrganizationToken(ApiCall& call);
Answer PutOrganizationToken(ApiCall& call);
Answer DeleteOrganizationToken(ApiCall& call);
// audit_resource.cc
Answer ListAudit(ApiCall& call);
Answer PutOrganization(ApiCall& call);

}  // namespace mishap

// Members of an organization and those invited to it (schema control): they share their numbers, so
// that one list and one path show both. An invite is a link: 256 random bits, kept as a hash, good
// once and for 72 hours.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/account/team_store.h"
#include "storage/connection.h"
#include "storage/read_caller.h"

namespace mishap {

inline constexpr std::int64_t kInviteMicros = 72 * kMicrosPerHour;

using MemberId = NumericId<struct MemberTag>;

struct MemberRow {
  MemberId id;
  std::string email;
  std::string role;
  std::optional<UserRow> user;  // none: invited
  Timestamp created_at;
  std::optional<Timestamp> invite_expires_at;
  std::string inviter;             // e-mail; empty: nobody
  std::vector<std::string> teams;  // slugs
};

// By e-mail, invited ones too.
Result<std::vector<MemberRow>> ReadMembers(Session& session, OrganizationId organization);
Result<MemberRow> FindMember(Session& session, OrganizationId organization, MemberId member);
Result<MemberRow> FindMemberOfUser(Session& session, OrganizationId organization, UserId user);

// Slugs of the scope's projects that each member sees.
Result<std::map<UserId, std::vector<std::string>>> ReadMemberProjects(Session& session,
                                                                      const Scope& scope);

// The last owner stays: permission_denied. Ends nothing else of the user.
Status ChangeMemberRole(Session& session, const AuditBy& by, OrganizationId organization,
                        MemberId member, std::string_view role);
// Leaves the teams too; an invite is withdrawn.
Status RemoveMember(Session& session, const AuditBy& by, OrganizationId organization,
                    MemberId member);
// Exactly these teams.
Status SetMemberTeams(Session& session, const AuditBy& by, OrganizationId organization,
                      MemberId member, const std::vector<TeamId>& teams);

struct NewInvite {
  std::string email;
  std::string role = "member";
  std::vector<TeamId> teams = {};
};
struct MadeInvite {
  MemberId id;
  std::string secret;  // 64 hex digits; shown once
};
// Errors: invalid_argument (e-mail, role), conflict (a member or invited already).
Result<MadeInvite> CreateInvite(Session& session, Random& random, const AuditBy& by,
                                OrganizationId organization, const NewInvite& wanted);
// A new link; the old one is dead. Errors: not_found, conflict (a member already).
Result<MadeInvite> RenewInvite(Session& session, Random& random, const AuditBy& by,
                               OrganizationId organization, MemberId invite);

struct OpenInvite {
  OrganizationId organization;
  std::string organization_slug;
  std::string organization_name;
  std::string email;
  std::string role;
  Timestamp expires_at;
  bool has_account = false;  // somebody signs in with this e-mail already
};
// Errors: not_found (unknown, used, withdrawn, expired).
Result<OpenInvite> FindInvite(Session& session, std::string_view secret, Timestamp now);
// The user becomes a member and joins the teams; the invite is gone. Errors: not_found.
Status AcceptInvite(Session& session, const AuditBy& by, std::string_view secret, UserId user);

}  // namespace mishap

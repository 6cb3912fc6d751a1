#include "storage/account/member_store.h"

#include <fmt/format.h>

#include "storage/account/role.h"
#include "storage/account/token_text.h"
#include "storage/pqxx_session.h"
#include "storage/user_store.h"

namespace mishap {
namespace {

MemberRow MemberOf(const pqxx::row& row) {
  MemberRow out;
  out.id = {row["id"].as<std::int64_t>()};
  out.email = row["email"].c_str();
  out.role = row["role"].c_str();
  out.created_at = TimestampOf(row["created_at"]);
  out.invite_expires_at = OptionalTimestampOf(row["expires_at"]);
  out.inviter = row["inviter"].c_str();
  out.teams = TextArrayOf(row["teams"]);
  if (!row["user_id"].is_null()) {
    UserRow user;
    user.id = {row["user_id"].as<std::int64_t>()};
    user.email = out.email;
    user.name = row["name"].c_str();
    user.is_active = row["is_active"].as<bool>();
    user.created_at = TimestampOf(row["user_created_at"]);
    user.last_login_at = OptionalTimestampOf(row["last_login_at"]);
    out.user = std::move(user);
  }
  return out;
}

Error NoMember() {
  return {Reason::kNotFound, "no such member of this organization"};
}

// The member (or invite) in a transaction that is about to change it. Changes of members of one
// organization go one after the other, so that two cannot both remove the other last owner.
Result<MemberRow> LockMember(Work& work, OrganizationId organization, MemberId member) {
  work.Run("organization_lock", organization);
  const pqxx::result rows = work.Run("member_list", organization, member, 0);
  if (rows.empty()) return Fail(NoMember());
  return MemberOf(rows[0]);
}

Status KeepAnOwner(Work& work, OrganizationId organization, const MemberRow& member) {
  if (!member.user || member.role != "owner") return {};
  if (work.Run("member_count_owners", organization)[0][0].as<int>() > 1) return {};
  return Fail(Reason::kPermissionDenied,
              "The last owner cannot be removed or changed; make another member an owner first.");
}

}  // namespace

Result<std::vector<MemberRow>> ReadMembers(Session& session, OrganizationId organization) {
  return Read(session, [&](Work& work) {
    std::vector<MemberRow> out;
    for (const pqxx::row& row : work.Run("member_list", organization, 0, 0)) {
      out.push_back(MemberOf(row));
    }
    return out;
  });
}

Result<MemberRow> FindMember(Session& session, OrganizationId organization, MemberId member) {
  return Read(session, [&](Work& work) -> Result<MemberRow> {
    const pqxx::result rows = work.Run("member_list", organization, member, 0);
    if (!member || rows.empty()) return Fail(NoMember());
    return MemberOf(rows[0]);
  });
}

Result<MemberRow> FindMemberOfUser(Session& session, OrganizationId organization, UserId user) {
  return Read(session, [&](Work& work) -> Result<MemberRow> {
    const pqxx::result rows = work.Run("member_list", organization, 0, user);
    if (!user || rows.empty()) return Fail(NoMember());
    return MemberOf(rows[0]);
  });
}

Result<std::map<UserId, std::vector<std::string>>> ReadMemberProjects(Session& session,
                                                                      const Scope& scope) {
  return Read(session, [&](Work& work) {
    std::map<UserId, std::vector<std::string>> out;
    for (const pqxx::row& row :
         work.Run("member_projects", scope.Organization(), ArrayParam(scope.Projects()))) {
      out[UserId{row[0].as<std::int64_t>()}] = TextArrayOf(row[1]);
    }
    return out;
  });
}

Status ChangeMemberRole(Session& session, const AuditBy& by, OrganizationId organization,
                        MemberId member, std::string_view role) {
  if (RoleRank(role) < 0) {
    return Fail(Reason::kInvalidArgument, fmt::format("there is no role '{}'", role));
  }
  return Transact(session, [&](Work& work) -> Status {
    auto old = LockMember(work, organization, member);
    if (!old) return Fail(old.error());
    if (old->role == role) return {};
    if (auto fine = KeepAnOwner(work, organization, *old); !fine) return fine;
    work.Run(old->user ? "member_set_role" : "invite_set_role", organization, member, role);
    WriteAudit(
        work, by, organization,
        {"member.edit", old->email, fmt::format(R"({{"role":"{}","was":"{}"}})", role, old->role)});
    return {};
  });
}

Status RemoveMember(Session& session, const AuditBy& by, OrganizationId organization,
                    MemberId member) {
  return Transact(session, [&](Work& work) -> Status {
    auto old = LockMember(work, organization, member);
    if (!old) return Fail(old.error());
    if (auto fine = KeepAnOwner(work, organization, *old); !fine) return fine;
    if (old->user) {
      work.Run("team_member_delete_all", organization, old->user->id);
      work.Run("member_delete", organization, member);
    } else {
      work.Run("invite_delete", organization, member);
    }
    WriteAudit(work, by, organization, {"member.remove", old->email});
    return {};
  });
}

Status SetMemberTeams(Session& session, const AuditBy& by, OrganizationId organization,
                      MemberId member, const std::vector<TeamId>& teams) {
  return Transact(session, [&](Work& work) -> Status {
    auto old = LockMember(work, organization, member);
    if (!old) return Fail(old.error());
    std::vector<std::int64_t> ids;
    ids.reserve(teams.size());
    for (TeamId team : teams) ids.push_back(team.value);
    if (old->user) {
      work.Run("team_member_delete_all", organization, old->user->id);
      work.Run("team_member_insert_all", organization, old->user->id, ArrayParam(ids));
    } else {
      work.Run("invite_set_teams", organization, member, ArrayParam(ids));
    }
    WriteAudit(work, by, organization, {"member.edit", old->email, R"({"teams":true})"});
    return {};
  });
}

Result<MadeInvite> CreateInvite(Session& session, Random& random, const AuditBy& by,
                                OrganizationId organization, const NewInvite& wanted) {
  if (auto fine = CheckEmail(wanted.email); !fine) return Fail(fine.error());
  if (RoleRank(wanted.role) < 0) {
    return Fail(Reason::kInvalidArgument, fmt::format("there is no role '{}'", wanted.role));
  }
  MadeInvite out;
  out.secret = random.Hex(32);
  std::vector<std::int64_t> teams;
  for (TeamId team : wanted.teams) teams.push_back(team.value);
  return Transact(session, [&](Work& work) -> Result<MadeInvite> {
    work.Run("invite_delete_expired", organization, wanted.email, by.at);
    const pqxx::result rows =
        work.Run("invite_insert", organization, wanted.email, wanted.role, ArrayParam(teams),
                 BytesParam(Sha256(out.secret)), by.user, Timestamp{by.at.micros + kInviteMicros});
    if (rows.empty()) {
      return Fail(Reason::kConflict,
                  fmt::format("The user {} is a member or invited already.", wanted.email));
    }
    out.id = {rows[0][0].as<std::int64_t>()};
    WriteAudit(work, by, organization,
               {"member.invite", wanted.email, fmt::format(R"({{"role":"{}"}})", wanted.role)});
    return out;
  });
}

Result<MadeInvite> RenewInvite(Session& session, Random& random, const AuditBy& by,
                               OrganizationId organization, MemberId invite) {
  MadeInvite out{invite, random.Hex(32)};
  return Transact(session, [&](Work& work) -> Result<MadeInvite> {
    auto old = LockMember(work, organization, invite);
    if (!old) return Fail(old.error());
    if (old->user) return Fail(Reason::kConflict, "The invite was accepted already.");
    work.Run("invite_renew", organization, invite, BytesParam(Sha256(out.secret)),
             Timestamp{by.at.micros + kInviteMicros});
    WriteAudit(work, by, organization, {"member.reinvite", old->email});
    return out;
  });
}

Result<OpenInvite> FindInvite(Session& session, std::string_view secret, Timestamp now) {
  return Read(session, [&](Work& work) -> Result<OpenInvite> {
    const pqxx::result rows = work.Run("invite_by_hash", BytesParam(Sha256(secret)), now);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such invite, or it is used or expired");
    const pqxx::row row = rows[0];
    return OpenInvite{OrganizationId{row[0].as<std::int64_t>()},
                      row[1].c_str(),
                      row[2].c_str(),
                      row[3].c_str(),
                      row[4].c_str(),
                      TimestampOf(row[5]),
                      row[6].as<bool>()};
  });
}

Status AcceptInvite(Session& session, const AuditBy& by, std::string_view secret, UserId user) {
  return Transact(session, [&](Work& work) -> Status {
    const pqxx::result rows = work.Run("invite_take", BytesParam(Sha256(secret)), by.at);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such invite, or it is used or expired");
    const OrganizationId organization{rows[0][0].as<std::int64_t>()};
    work.Run("member_insert", organization, user, rows[0][2].c_str());
    work.Run("team_member_insert_all", organization, user, rows[0][3].c_str());
    WriteAudit(work, by, organization, {"member.accept-invite", rows[0][1].c_str()});
    return {};
  });
}

}  // namespace mishap

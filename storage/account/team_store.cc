#include "storage/account/team_store.h"

#include <fmt/format.h>

#include "storage/pqxx_session.h"
#include "storage/slug.h"

namespace mishap {
namespace {

Team TeamOf(const pqxx::row& row) {
  return {TeamId{row[0].as<std::int64_t>()}, row[1].c_str(),   row[2].c_str(), TimestampOf(row[3]),
          row[4].as<std::int64_t>(),         row[5].as<bool>()};
}

std::vector<Team> TeamsOf(const pqxx::result& rows) {
  std::vector<Team> out;
  for (const pqxx::row& row : rows) out.push_back(TeamOf(row));
  return out;
}

Error NoTeam() {
  return {Reason::kNotFound, "there is no such team in this organization"};
}

// Its slug, locked until the transaction ends.
Result<std::string> Lock(Work& work, OrganizationId organization, TeamId team) {
  const pqxx::result rows = work.Run("team_lock", organization, team);
  if (rows.empty()) return Fail(NoTeam());
  return std::string(rows[0][0].c_str());
}

}  // namespace

Result<std::vector<Team>> ReadTeams(Session& session, OrganizationId organization, UserId asking) {
  return Read(session,
              [&](Work& work) { return TeamsOf(work.Run("team_list", organization, asking)); });
}

Result<std::vector<Team>> ReadTeamsOfProject(Session& session, OrganizationId organization,
                                             ProjectId project, UserId asking) {
  return Read(session, [&](Work& work) {
    return TeamsOf(work.Run("team_list_of_project", organization, asking, project));
  });
}

Result<Team> FindTeam(Session& session, OrganizationId organization, std::string_view slug_or_id,
                      UserId asking) {
  return Read(session, [&](Work& work) -> Result<Team> {
    const auto id = IdOfPath(slug_or_id);
    const pqxx::result rows = id ? work.Run("team_by_id", organization, asking, *id)
                                 : work.Run("team_by_slug", organization, asking, slug_or_id);
    if (rows.empty()) return Fail(NoTeam());
    return TeamOf(rows[0]);
  });
}

Result<TeamId> CreateTeam(Session& session, const AuditBy& by, OrganizationId organization,
                          std::string_view slug, std::string_view name) {
  if (auto fine = CheckSlug(slug, kOrganizationSlugBytesMax); !fine) return Fail(fine.error());
  return Transact(session, [&](Work& work) -> Result<TeamId> {
    const pqxx::result rows = work.Run("team_insert", organization, slug, name);
    if (rows.empty()) return Fail(Reason::kConflict, "A team with this slug already exists.");
    const TeamId team{rows[0][0].as<std::int64_t>()};
    if (by.user) work.Run("team_member_insert", organization, team, by.user);
    WriteAudit(work, by, organization, {"team.create", std::string(slug)});
    return team;
  });
}

Status ChangeTeam(Session& session, const AuditBy& by, OrganizationId organization, TeamId team,
                  std::string_view slug, std::string_view name) {
  if (auto fine = CheckSlug(slug, kOrganizationSlugBytesMax); !fine) return fine;
  auto done = Transact(session, [&](Work& work) -> Status {
    auto old = Lock(work, organization, team);
    if (!old) return Fail(old.error());
    if (work.Run("team_update", organization, team, slug, name).empty()) {
      return Fail(Reason::kConflict, "A team with this slug already exists.");
    }
    WriteAudit(work, by, organization, {"team.edit", *old});
    return {};
  });
  return done;
}

Status RemoveTeam(Session& session, const AuditBy& by, OrganizationId organization, TeamId team) {
  return Transact(session, [&](Work& work) -> Status {
    const pqxx::result rows = work.Run("team_delete", organization, team);
    if (rows.empty()) return Fail(NoTeam());
    WriteAudit(work, by, organization, {"team.remove", rows[0][0].c_str()});
    return {};
  });
}

Result<bool> AddToTeam(Session& session, const AuditBy& by, OrganizationId organization,
                       TeamId team, UserId user) {
  return Transact(session, [&](Work& work) -> Result<bool> {
    auto slug = Lock(work, organization, team);
    if (!slug) return Fail(slug.error());
    const pqxx::result member = work.Run("member_email", organization, user);
    if (member.empty()) return Fail(Reason::kNotFound, "no member of this organization");
    if (work.Run("team_member_insert", organization, team, user).empty()) return false;
    WriteAudit(work, by, organization,
               {"member.join-team", fmt::format("{} #{}", member[0][0].c_str(), *slug)});
    return true;
  });
}

Result<bool> RemoveFromTeam(Session& session, const AuditBy& by, OrganizationId organization,
                            TeamId team, UserId user) {
  return Transact(session, [&](Work& work) -> Result<bool> {
    auto slug = Lock(work, organization, team);
    if (!slug) return Fail(slug.error());
    const pqxx::result member = work.Run("member_email", organization, user);
    if (member.empty()) return Fail(Reason::kNotFound, "no member of this organization");
    if (work.Run("team_member_delete", organization, team, user).empty()) return false;
    WriteAudit(work, by, organization,
               {"member.leave-team", fmt::format("{} #{}", member[0][0].c_str(), *slug)});
    return true;
  });
}

Result<std::vector<ProjectId>> ReadProjectsOfTeam(Session& session, OrganizationId organization,
                                                  TeamId team) {
  return Read(session, [&](Work& work) {
    std::vector<ProjectId> out;
    for (const pqxx::row& row : work.Run("team_projects", organization, team)) {
      out.push_back({row[0].as<std::int64_t>()});
    }
    return out;
  });
}

Result<bool> AddProjectToTeam(Session& session, const AuditBy& by, OrganizationId organization,
                              TeamId team, ProjectId project) {
  return Transact(session, [&](Work& work) -> Result<bool> {
    auto slug = Lock(work, organization, team);
    if (!slug) return Fail(slug.error());
    const pqxx::result found = work.Run("team_project_slug", organization, project);
    if (found.empty()) return Fail(Reason::kNotFound, "no such project");
    if (work.Run("team_project_insert", organization, team, project).empty()) return false;
    WriteAudit(work, by, organization,
               {"project.add-team", fmt::format("{} #{}", found[0][0].c_str(), *slug)});
    return true;
  });
}

Result<bool> RemoveProjectFromTeam(Session& session, const AuditBy& by, OrganizationId organization,
                                   TeamId team, ProjectId project) {
  return Transact(session, [&](Work& work) -> Result<bool> {
    auto slug = Lock(work, organization, team);
    if (!slug) return Fail(slug.error());
    const pqxx::result found = work.Run("team_project_slug", organization, project);
    if (found.empty()) return Fail(Reason::kNotFound, "no such project");
    if (work.Run("team_project_delete", organization, team, project).empty()) return false;
    WriteAudit(work, by, organization,
               {"project.remove-team", fmt::format("{} #{}", found[0][0].c_str(), *slug)});
    return true;
  });
}

}  // namespace mishap

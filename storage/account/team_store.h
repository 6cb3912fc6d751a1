// Teams (schema control): which members see which projects. Every function stays within one
// organization; what belongs to another is not_found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"

namespace mishap {

using TeamId = NumericId<struct TeamTag>;

struct Team {
  TeamId id;
  std::string slug;
  std::string name;
  Timestamp created_at;
  std::int64_t member_count = 0;
  bool is_member = false;  // the one who asks
};

// asking: whose membership is shown; none: nobody's. By slug.
Result<std::vector<Team>> ReadTeams(Session& session, OrganizationId organization, UserId asking);
Result<std::vector<Team>> ReadTeamsOfProject(Session& session, OrganizationId organization,
                                             ProjectId project, UserId asking);
// By slug or all-digit id. Errors: not_found.
Result<Team> FindTeam(Session& session, OrganizationId organization, std::string_view slug_or_id,
                      UserId asking);

// The one who makes it joins it (unless nobody). Errors: invalid_argument (slug), conflict.
Result<TeamId> CreateTeam(Session& session, const AuditBy& by, OrganizationId organization,
                          std::string_view slug, std::string_view name);
Status ChangeTeam(Session& session, const AuditBy& by, OrganizationId organization, TeamId team,
                  std::string_view slug, std::string_view name);
Status RemoveTeam(Session& session, const AuditBy& by, OrganizationId organization, TeamId team);

// False if it was so already. Errors: not_found when the user is no member of the organization.
Result<bool> AddToTeam(Session& session, const AuditBy& by, OrganizationId organization,
                       TeamId team, UserId user);
Result<bool> RemoveFromTeam(Session& session, const AuditBy& by, OrganizationId organization,
                            TeamId team, UserId user);

Result<std::vector<ProjectId>> ReadProjectsOfTeam(Session& session, OrganizationId organization,
                                                  TeamId team);
// False if it was so already. Errors: not_found (project or team of another organization).
Result<bool> AddProjectToTeam(Session& session, const AuditBy& by, OrganizationId organization,
                              TeamId team, ProjectId project);
Result<bool> RemoveProjectFromTeam(Session& session, const AuditBy& by, OrganizationId organization,
                                   TeamId team, ProjectId project);

}  // namespace mishap

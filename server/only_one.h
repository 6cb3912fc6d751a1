// "The only one there is": commands leave out --organization when nothing is ambiguous.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "server/command.h"
#include "storage/account/team_store.h"
#include "storage/connection.h"
#include "storage/organization_store.h"
#include "storage/project_store.h"

namespace mishap {

// slug empty: the only organization. Errors: not_found, invalid_argument (several; they are named).
Result<Organization> ChooseOrganization(Session& session, const std::string& slug);

// The team a new project or member joins: the named one, the only one there is, or none. Errors:
// not_found.
Result<std::optional<TeamId>> ChooseTeam(Session& session, OrganizationId organization,
                                         const std::string& slug);

// For the audit log.
AuditBy ByCommandLine(const CommandContext& context);

}  // namespace mishap

// Organizations and their members (schema control).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"

namespace mishap {

struct Organization {
  OrganizationId id;
  std::string slug;
  std::string name;
  Timestamp created_at;
};

// Errors: invalid_argument (slug), conflict (slug taken).
Result<Organization> CreateOrganization(Session& session, std::string_view slug,
                                        std::string_view name);
Result<std::vector<Organization>> ListOrganizations(Session& session);  // by slug
// Those the user is a member of, by slug.
Result<std::vector<Organization>> OrganizationsOf(Session& session, UserId user);
// By slug, or by id when the text is all digits (web-api 0.1). Errors: not_found.
Result<Organization> FindOrganization(Session& session, std::string_view slug_or_id);

struct OrganizationChange {
  std::string slug;
  std::string name;
  bool open_membership = false;
  std::string settings_json = "{}";  // merged into the stored ones; null members are taken away
};
// Errors: not_found, invalid_argument (slug), conflict (slug taken).
Status ChangeOrganization(Session& session, const AuditBy& by, OrganizationId organization,
                          const OrganizationChange& change);

// role: owner | manager | admin | member | viewer. Adding again changes the role.
Status AddMember(Session& session, OrganizationId organization, UserId user, std::string_view role);

}  // namespace mishap

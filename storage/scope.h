// Scope: what a caller may see, resolved once from a token or a login. Every tenant query takes
// one; there is no other way to name a project to storage, so a route that forgets authorisation
// does not compile.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace mishap {

class Scope {
 public:
  // projects: all active projects of the organization the caller may see, sorted.
  // role: of the user in the organization; empty without a user.
  Scope(OrganizationId organization, std::string organization_slug, UserId user,
        std::vector<ProjectId> projects, std::vector<std::string> permissions,
        std::string role = {});

  OrganizationId Organization() const { return organization_; }
  const std::string& OrganizationSlug() const { return organization_slug_; }
  UserId User() const { return user_; }  // none for organization tokens
  const std::vector<ProjectId>& Projects() const { return projects_; }
  bool Sees(ProjectId project) const;
  // "event:read" is implied by event:write and event:admin (web-api 0.8).
  bool Allows(std::string_view permission) const;
  const std::vector<std::string>& Permissions() const { return permissions_; }
  const std::string& Role() const { return role_; }

  // The same caller, narrowed to some projects; projects outside the scope are dropped.
  Scope Narrowed(const std::vector<ProjectId>& projects) const;

 private:
  OrganizationId organization_;
  std::string organization_slug_;
  UserId user_;
  std::vector<ProjectId> projects_;
  std::vector<std::string> permissions_;
  std::string role_;
};

}  // namespace mishap

#include "storage/scope.h"

#include <algorithm>
#include <utility>

#include "storage/account/role.h"

namespace mishap {

Scope::Scope(OrganizationId organization, std::string organization_slug, UserId user,
             std::vector<ProjectId> projects, std::vector<std::string> permissions,
             std::string role)
    : organization_(organization),
      organization_slug_(std::move(organization_slug)),
      user_(user),
      projects_(std::move(projects)),
      permissions_(std::move(permissions)),
      role_(std::move(role)) {
  std::sort(projects_.begin(), projects_.end());
  projects_.erase(std::unique(projects_.begin(), projects_.end()), projects_.end());
}

bool Scope::Sees(ProjectId project) const {
  return std::binary_search(projects_.begin(), projects_.end(), project);
}

bool Scope::Allows(std::string_view permission) const {
  return IsAllowed(permissions_, permission);
}

Scope Scope::Narrowed(const std::vector<ProjectId>& projects) const {
  std::vector<ProjectId> kept;
  std::copy_if(projects.begin(), projects.end(), std::back_inserter(kept),
               [&](ProjectId project) { return Sees(project); });
  return Scope(organization_, organization_slug_, user_, std::move(kept), permissions_, role_);
}

}  // namespace mishap

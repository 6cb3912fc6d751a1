#include "storage/scope.h"

#include <algorithm>
#include <utility>

namespace mishap {
namespace {

// Position in read < write < admin; -1 for permissions outside that ladder (event:tail, org:ci).
int LadderStep(std::string_view action) {
  if (action == "read") return 0;
  if (action == "write") return 1;
  if (action == "admin") return 2;
  return -1;
}

// web-api 0.8: admin includes write includes read; org:admin includes org:integrations,
// member:write member:invite.
bool Implies(std::string_view held, std::string_view asked) {
  if (held == asked) return true;
  const std::size_t held_colon = held.find(':');
  const std::size_t asked_colon = asked.find(':');
  if (held_colon == std::string_view::npos || asked_colon == std::string_view::npos) return false;
  const std::string_view family = held.substr(0, held_colon);
  if (family != asked.substr(0, asked_colon)) return false;
  const int held_step = LadderStep(held.substr(held_colon + 1));
  const std::string_view action = asked.substr(asked_colon + 1);
  const int asked_step = LadderStep(action);
  if (held_step >= 0 && asked_step >= 0) return held_step >= asked_step;
  if (family == "org" && action == "integrations") return held_step == 2;
  if (family == "member" && action == "invite") return held_step >= 1;
  return false;
}

}  // namespace

Scope::Scope(OrganizationId organization, std::string organization_slug, UserId user,
             std::vector<ProjectId> projects, std::vector<std::string> permissions)
    : organization_(organization),
      organization_slug_(std::move(organization_slug)),
      user_(user),
      projects_(std::move(projects)),
      permissions_(std::move(permissions)) {
  std::sort(projects_.begin(), projects_.end());
  projects_.erase(std::unique(projects_.begin(), projects_.end()), projects_.end());
}

bool Scope::Sees(ProjectId project) const {
  return std::binary_search(projects_.begin(), projects_.end(), project);
}

bool Scope::Allows(std::string_view permission) const {
  return std::any_of(permissions_.begin(), permissions_.end(),
                     [&](const std::string& held) { return Implies(held, permission); });
}

Scope Scope::Narrowed(const std::vector<ProjectId>& projects) const {
  std::vector<ProjectId> kept;
  std::copy_if(projects.begin(), projects.end(), std::back_inserter(kept),
               [&](ProjectId project) { return Sees(project); });
  return Scope(organization_, organization_slug_, user_, std::move(kept), permissions_);
}

}  // namespace mishap

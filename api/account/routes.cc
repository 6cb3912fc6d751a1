// Routes of who calls, organizations, teams, members, tokens. Described in openapi.json beside this
// file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> AccountRoutes() {
  return {
      {"GET", "", "-", &GetRoot},
      {"GET", "auth/", "", &GetMe},
      {"GET", "users/me/", "", &GetMe},
      {"GET", "organizations/", "", &ListOrganizations},
      {"GET", "organizations/{o}/", "org:read", &GetOrganization},
      {"GET", "organizations/{o}/teams/", "org:read", &ListTeams},
      {"GET", "projects/{o}/{p}/teams/", "project:read", &ListTeams},
  };
}

}  // namespace mishap

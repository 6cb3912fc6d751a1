// Routes of projects, their keys and environments. Described in openapi.json beside this file.
#include "api/routes.h"

#include "api/project/resources.h"

namespace mishap {

std::vector<Route> ProjectRoutes() {
  return {
      {"GET", "organizations/{o}/projects/", "org:read|project:read", &ListProjectsOfOrganization},
      {"GET", "organizations/{o}/project-keys/", "org:read", &ListKeysOfOrganization},
      {"GET", "organizations/{o}/environments/", "org:read", &ListEnvironmentsOfOrganization},
      {"GET", "projects/", "project:read", &ListAllProjects},
      {"GET", "projects/{o}/{p}/", "project:read", &GetProject},
      {"POST", "organizations/{o}/projects/", "project:write", &PostProjectOfOrganization},
      {"POST", "teams/{o}/{t}/projects/", "project:write", &PostProjectOfTeam},
      {"PUT", "projects/{o}/{p}/", "project:write", &PutProject},
      {"DELETE", "projects/{o}/{p}/", "project:admin", &DeleteProject},
      {"GET", "projects/{o}/{p}/environments/{environment}/", "project:read", &GetEnvironment},
      {"PUT", "projects/{o}/{p}/environments/{environment}/", "project:write", &PutEnvironment},
      {"GET", "mishap/projects/{o}/{p}/refused/", "project:read", &ListRefusedRequests},
      {"GET", "projects/{o}/{p}/stacktrace-link/", "project:read", &GetStacktraceLink},
      {"GET", "projects/{o}/{p}/filters/", "project:read", &ListFilters},
      {"PUT", "projects/{o}/{p}/filters/{filter}/", "project:write", &PutFilter},
      {"GET", "projects/{o}/{p}/stats/", "project:read", &GetProjectStats},
      {"GET", "projects/{o}/{p}/keys/{k}/stats/", "project:read", &GetKeyStats},
      {"GET", "organizations/{o}/stats/", "org:read", &GetOrganizationStats},
      {"GET", "organizations/{o}/stats_v2/", "org:read", &GetOutcomeStats},
      {"GET", "projects/{o}/{p}/keys/", "project:read", &ListKeysOfProject},
      {"POST", "projects/{o}/{p}/keys/", "project:write", &PostKey},
      {"GET", "projects/{o}/{p}/keys/{k}/", "project:read", &GetKey},
      {"PUT", "projects/{o}/{p}/keys/{k}/", "project:write", &PutKey},
      {"DELETE", "projects/{o}/{p}/keys/{k}/", "project:admin", &DeleteKey},
      {"GET", "projects/{o}/{p}/environments/", "project:read", &ListEnvironmentsOfProject},
  };
}

}  // namespace mishap

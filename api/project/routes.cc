// Routes of projects, their keys and environments. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> ProjectRoutes() {
  return {
      {"GET", "organizations/{o}/projects/", "org:read|project:read", &ListProjectsOfOrganization},
      {"GET", "organizations/{o}/project-keys/", "org:read", &ListKeysOfOrganization},
      {"GET", "organizations/{o}/environments/", "org:read", &ListEnvironmentsOfOrganization},
      {"GET", "projects/", "project:read", &ListAllProjects},
      {"GET", "projects/{o}/{p}/", "project:read", &GetProject},
      {"GET", "projects/{o}/{p}/keys/", "project:read", &ListKeysOfProject},
      {"POST", "projects/{o}/{p}/keys/", "project:write", &PostKey},
      {"GET", "projects/{o}/{p}/keys/{k}/", "project:read", &GetKey},
      {"PUT", "projects/{o}/{p}/keys/{k}/", "project:write", &PutKey},
      {"DELETE", "projects/{o}/{p}/keys/{k}/", "project:admin", &DeleteKey},
      {"GET", "projects/{o}/{p}/environments/", "project:read", &ListEnvironmentsOfProject},
  };
}

}  // namespace mishap

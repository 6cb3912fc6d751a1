// Routes of the issue lists and tags. Described in openapi.json beside this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> SearchRoutes() {
  return {
      {"GET", "organizations/{o}/issues/", "event:read", &ListIssuesOfOrganization},
      {"GET", "projects/{o}/{p}/issues/", "event:read", &ListIssuesOfProject},
      {"GET", "organizations/{o}/issues-stats/", "event:read", &ListIssueStats},
      {"GET", "organizations/{o}/issues-count/", "event:read", &CountIssuesOfOrganization},
      {"GET", "mishap/organizations/{o}/search/", "event:read", &SearchEverything},
      {"GET", "mishap/organizations/{o}/issues/{i}/tag-share/{key}/", "event:read", &GetTagShare},
      {"GET", "organizations/{o}/tags/", "org:read", &ListOrganizationTags},
      {"GET", "organizations/{o}/tags/{key}/values/", "org:read", &ListOrganizationTagValues},
      {"GET", "projects/{o}/{p}/tags/", "project:read", &ListProjectTags},
      {"GET", "projects/{o}/{p}/tags/{key}/values/", "project:read", &ListProjectTagValues},
  };
}

}  // namespace mishap

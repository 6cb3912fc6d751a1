// Routes of one issue, its updates, tags, activity and comments. Described in openapi.json beside
// this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> IssueRoutes() {
  return {
      {"GET", "organizations/{o}/shortids/{short}/", "event:read", &FindShortIdOfOrganization},
      {"PUT", "organizations/{o}/issues/", "event:write", &PutIssuesOfOrganization},
      {"PUT", "projects/{o}/{p}/issues/", "event:write", &PutIssuesOfProject},
      {"GET", "issues/{i}/", "event:read", &GetIssue},
      {"PUT", "issues/{i}/", "event:write", &PutIssue},
      {"GET", "issues/{i}/tags/", "event:read", &ListIssueTags},
      {"GET", "issues/{i}/tags/{key}/", "event:read", &GetIssueTag},
      {"GET", "issues/{i}/tags/{key}/values/", "event:read", &ListIssueTagValues},
      {"GET", "issues/{i}/activities/", "event:read", &GetIssueActivities},
      {"GET", "issues/{i}/stats/", "event:read", &GetIssueStats},
      {"GET", "issues/{i}/first-last-release/", "event:read", &GetFirstLastRelease},
      {"GET", "issues/{i}/notes/", "event:read", &EmptyList},
      {"GET", "issues/{i}/comments/", "event:read", &EmptyList},
      {"GET", "issues/{i}/external-issues/", "event:read", &EmptyList},
  };
}

}  // namespace mishap

// Routes of one issue, its tags and activity. Described in openapi.json beside
// this file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> IssueRoutes() {
  return {
      {"GET", "organizations/{o}/shortids/{short}/", "event:read", &FindShortIdOfOrganization},
      {"GET", "mishap/organizations/{o}/issues/{i}/markdown/", "event:read", &GetIssueMarkdown},
      {"GET", "issues/{i}/", "event:read", &GetIssue},
      {"GET", "issues/{i}/tags/", "event:read", &ListIssueTags},
      {"GET", "issues/{i}/tags/{key}/", "event:read", &GetIssueTag},
      {"GET", "issues/{i}/tags/{key}/values/", "event:read", &ListIssueTagValues},
      {"GET", "issues/{i}/activities/", "event:read", &GetIssueActivities},
      {"GET", "issues/{i}/stats/", "event:read", &GetIssueStats},
      {"GET", "issues/{i}/first-last-release/", "event:read", &GetFirstLastRelease},
      {"GET", "issues/{i}/external-issues/", "event:read", &EmptyList},
  };
}

}  // namespace mishap

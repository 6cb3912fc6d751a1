// Routes of events, of an issue, of a project and by id. Described in openapi.json beside this
// file.
#include "api/routes.h"
#include "api/resources.h"

namespace mishap {

std::vector<Route> EventRoutes() {
  return {
      {"GET", "organizations/{o}/eventids/{e}/", "event:read|org:read", &FindEventId},
      {"GET", "organizations/{o}/events/{pe}/", "org:read", &GetOrganizationEvent},
      {"GET", "projects/{o}/{p}/events/", "project:read", &ListProjectEvents},
      {"GET", "projects/{o}/{p}/events/{e}/", "project:read", &GetProjectEvent},
      {"GET", "projects/{o}/{p}/events/{e}/json/", "project:read", &GetProjectEventJson},
      {"GET", "mishap/organizations/{o}/issues/{i}/events/{e}/compare/{other}/", "event:read",
       &CompareEventsOfIssue},
      {"GET", "issues/{i}/events/", "event:read", &ListIssueEvents},
      {"GET", "issues/{i}/events/{e}/", "event:read", &GetIssueEvent},
      {"GET", "issues/{i}/events/{e}/json/", "event:read", &GetIssueEventJson},
  };
}

}  // namespace mishap

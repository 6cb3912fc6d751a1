// Routes of triage: changing and deleting issues, comments, who follows. Described in openapi.json
// beside this file.
#include "api/routes.h"
#include "api/triage/resources.h"

namespace mishap {

std::vector<Route> TriageRoutes() {
  return {
      {"PUT", "organizations/{o}/issues/", "event:write", &PutIssuesOfOrganization},
      {"DELETE", "organizations/{o}/issues/", "event:admin", &DeleteIssuesOfOrganization},
      {"PUT", "projects/{o}/{p}/issues/", "event:write", &PutIssuesOfProject},
      {"DELETE", "projects/{o}/{p}/issues/", "event:admin", &DeleteIssuesOfProject},
      {"PUT", "issues/{i}/", "event:write", &PutIssue},
      {"DELETE", "issues/{i}/", "event:admin", &DeleteIssue},
      {"GET", "issues/{i}/notes/", "event:read", &ListNotes},
      {"POST", "issues/{i}/notes/", "event:write", &PostNote},
      {"PUT", "issues/{i}/notes/{n}/", "event:write", &PutNote},
      {"DELETE", "issues/{i}/notes/{n}/", "event:write", &DeleteOwnNote},
      {"GET", "issues/{i}/comments/", "event:read", &ListNotes},
      {"POST", "issues/{i}/comments/", "event:write", &PostNote},
      {"PUT", "issues/{i}/comments/{n}/", "event:write", &PutNote},
      {"DELETE", "issues/{i}/comments/{n}/", "event:write", &DeleteOwnNote},
      {"GET", "issues/{i}/participants/", "event:read", &ListParticipants},
      {"POST", "mishap/organizations/{o}/bulk/", "event:write", &PostBulk},
      {"GET", "mishap/organizations/{o}/bulk/{b}/", "event:write", &GetBulk},
      {"POST", "mishap/organizations/{o}/bulk/{b}/apply/", "event:write", &ApplyBulk},
      {"POST", "mishap/organizations/{o}/bulk/{b}/undo/", "event:write", &UndoBulk},
      {"GET", "mishap/organizations/{o}/regressed/", "event:read", &CountRegressedInReleases},
      {"GET", "organizations/{o}/shared/issues/{share}/", "-", &GetSharedIssue},
  };
}

}  // namespace mishap

// Routes of attachments and user reports. Described in openapi.json beside this file.
#include "api/routes.h"

#include "api/record/resources.h"

namespace mishap {

std::vector<Route> RecordRoutes() {
  return {
      {"GET", "projects/{o}/{p}/events/{e}/attachments/", "project:read", &ListEventAttachments},
      {"GET", "projects/{o}/{p}/events/{e}/attachments/{a}/", "project:read", &GetEventAttachment},
      {"DELETE", "projects/{o}/{p}/events/{e}/attachments/{a}/", "project:write",
       &DeleteEventAttachment},
      {"GET", "projects/{o}/{p}/user-feedback/", "project:read", &ListUserReportsOfProject},
      {"POST", "projects/{o}/{p}/user-feedback/", "project:write|project:dsn", &PostUserReport},
      {"GET", "issues/{i}/user-reports/", "event:read", &ListUserReportsOfIssue},
      {"GET", "issues/{i}/user-feedback/", "event:read", &ListUserReportsOfIssue},
      {"GET", "issues/{i}/attachments/", "event:read", &ListAttachmentsOfIssue},
  };
}

}  // namespace mishap

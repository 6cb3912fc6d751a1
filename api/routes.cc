#include "api/routes.h"

#include <string>

#include "api/resources.h"

namespace mishap {
namespace {

constexpr std::string_view kReadOrganization = "org:read";
constexpr std::string_view kReadProject = "project:read";
constexpr std::string_view kWriteProject = "project:write";
constexpr std::string_view kAdminProject = "project:admin";
constexpr std::string_view kReadEvent = "event:read";
constexpr std::string_view kReadEventAnywhere = "event:read|org:read";
constexpr std::string_view kWriteEvent = "event:write";

constexpr Route kRoutes[] = {
    {"GET", "", "-", &GetRoot},
    {"GET", "auth/", "", &GetMe},
    {"GET", "users/me/", "", &GetMe},
    {"GET", "organizations/", "", &ListOrganizations},
    {"GET", "organizations/{o}/", kReadOrganization, &GetOrganization},
    {"GET", "organizations/{o}/teams/", kReadOrganization, &ListTeams},
    {"GET", "organizations/{o}/repos/", kReadOrganization, &EmptyList},
    {"GET", "organizations/{o}/projects/", "org:read|project:read", &ListProjectsOfOrganization},
    {"GET", "organizations/{o}/project-keys/", kReadOrganization, &ListKeysOfOrganization},
    {"GET", "organizations/{o}/environments/", kReadOrganization, &ListEnvironmentsOfOrganization},
    {"GET", "organizations/{o}/tags/", kReadOrganization, &ListOrganizationTags},
    {"GET", "organizations/{o}/tags/{key}/values/", kReadOrganization, &ListOrganizationTagValues},
    {"GET", "organizations/{o}/eventids/{e}/", kReadEventAnywhere, &FindEventId},
    {"GET", "organizations/{o}/shortids/{short}/", kReadEvent, &FindShortIdOfOrganization},
    {"GET", "organizations/{o}/events/{pe}/", kReadOrganization, &GetOrganizationEvent},
    {"GET", "organizations/{o}/issues/", kReadEvent, &ListIssuesOfOrganization},
    {"PUT", "organizations/{o}/issues/", kWriteEvent, &PutIssuesOfOrganization},
    {"GET", "projects/", kReadProject, &ListAllProjects},
    {"GET", "projects/{o}/{p}/", kReadProject, &GetProject},
    {"GET", "projects/{o}/{p}/keys/", kReadProject, &ListKeysOfProject},
    {"POST", "projects/{o}/{p}/keys/", kWriteProject, &PostKey},
    {"GET", "projects/{o}/{p}/keys/{k}/", kReadProject, &GetKey},
    {"PUT", "projects/{o}/{p}/keys/{k}/", kWriteProject, &PutKey},
    {"DELETE", "projects/{o}/{p}/keys/{k}/", kAdminProject, &DeleteKey},
    {"GET", "projects/{o}/{p}/teams/", kReadProject, &ListTeams},
    {"GET", "projects/{o}/{p}/environments/", kReadProject, &ListEnvironmentsOfProject},
    {"GET", "projects/{o}/{p}/tags/", kReadProject, &ListProjectTags},
    {"GET", "projects/{o}/{p}/tags/{key}/values/", kReadProject, &ListProjectTagValues},
    {"GET", "projects/{o}/{p}/issues/", kReadEvent, &ListIssuesOfProject},
    {"PUT", "projects/{o}/{p}/issues/", kWriteEvent, &PutIssuesOfProject},
    {"GET", "projects/{o}/{p}/events/", kReadProject, &ListProjectEvents},
    {"GET", "projects/{o}/{p}/events/{e}/", kReadProject, &GetProjectEvent},
    {"GET", "projects/{o}/{p}/events/{e}/json/", kReadProject, &GetProjectEventJson},
    {"GET", "mishap/organizations/{o}/issues/{i}/explanation/", kReadEvent, &GetIssueExplanation},
    {"GET", "mishap/organizations/{o}/issues/{i}/explanation/{h}/", kReadEvent,
     &GetHashExplanation},
};

// Registered twice: below organizations/{o}/ and, for old clients, at the root.
constexpr Route kIssueRoutes[] = {
    {"GET", "issues/{i}/", kReadEvent, &GetIssue},
    {"PUT", "issues/{i}/", kWriteEvent, &PutIssue},
    {"GET", "issues/{i}/events/", kReadEvent, &ListIssueEvents},
    {"GET", "issues/{i}/events/{e}/", kReadEvent, &GetIssueEvent},
    {"GET", "issues/{i}/events/{e}/json/", kReadEvent, &GetIssueEventJson},
    {"GET", "issues/{i}/tags/", kReadEvent, &ListIssueTags},
    {"GET", "issues/{i}/tags/{key}/", kReadEvent, &GetIssueTag},
    {"GET", "issues/{i}/tags/{key}/values/", kReadEvent, &ListIssueTagValues},
    {"GET", "issues/{i}/hashes/", kReadEvent, &ListIssueHashes},
    {"GET", "issues/{i}/activities/", kReadEvent, &GetIssueActivities},
    {"GET", "issues/{i}/stats/", kReadEvent, &GetIssueStats},
    {"GET", "issues/{i}/first-last-release/", kReadEvent, &GetFirstLastRelease},
    {"GET", "issues/{i}/notes/", kReadEvent, &EmptyList},
    {"GET", "issues/{i}/comments/", kReadEvent, &EmptyList},
    {"GET", "issues/{i}/user-reports/", kReadEvent, &EmptyList},
    {"GET", "issues/{i}/attachments/", kReadEvent, &EmptyList},
    {"GET", "issues/{i}/external-issues/", kReadEvent, &EmptyList},
};
constexpr std::size_t kIssueRouteCount = sizeof kIssueRoutes / sizeof kIssueRoutes[0];

std::vector<Route> MakeRoutes() {
  static std::string patterns[kIssueRouteCount];
  std::vector<Route> out(std::begin(kRoutes), std::end(kRoutes));
  for (std::size_t i = 0; i < kIssueRouteCount; ++i) {
    Route route = kIssueRoutes[i];
    out.push_back(route);
    patterns[i] = "organizations/{o}/" + std::string(route.pattern);
    route.pattern = patterns[i];
    out.push_back(route);
  }
  return out;
}

}  // namespace

const std::vector<Route>& Routes() {
  static const std::vector<Route> kAll = MakeRoutes();
  return kAll;
}

}  // namespace mishap

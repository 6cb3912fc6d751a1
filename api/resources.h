// Every resource of the API: one function a route (api/routes.cc says which). Each answers one
// request on a reader thread and reads through call.session only.
#pragma once

#include "api/call.h"
#include "api/pagination.h"

namespace mishap {

// session_resource.cc
Answer GetRoot(ApiCall& call);
Answer GetMe(ApiCall& call);
// organization_resource.cc
Answer ListOrganizations(ApiCall& call);
Answer GetOrganization(ApiCall& call);
// The organization with all that belongs to it.
Answer RespondOrganization(ApiCall& call, const Scope& scope);
// project_resource.cc
// `query` of a list of projects, in lower case: a part of name or slug, `slug:x`, `id:1` or
// `platform:x`.
bool FitsProjectQuery(const ProjectRow& project, const std::string& query);
Answer ListProjectsOfOrganization(ApiCall& call);
Answer ListAllProjects(ApiCall& call);
Answer GetProject(ApiCall& call);
Answer ListEnvironmentsOfOrganization(ApiCall& call);
Answer ListEnvironmentsOfProject(ApiCall& call);
// key_resource.cc
Answer ListKeysOfProject(ApiCall& call);
Answer ListKeysOfOrganization(ApiCall& call);
Answer GetKey(ApiCall& call);
Answer PostKey(ApiCall& call);
Answer PutKey(ApiCall& call);
Answer DeleteKey(ApiCall& call);
// issue_list_resource.cc
Answer ListIssuesOfOrganization(ApiCall& call);
Answer ListIssuesOfProject(ApiCall& call);
Answer ListIssueStats(ApiCall& call);
// A page of these issues, over all time; the request's sort and cursor.
Answer RespondIssues(ApiCall& call, const Scope& scope, const std::vector<IssueId>& ids);
// issue_resource.cc
Answer GetIssue(ApiCall& call);
Answer GetIssueActivities(ApiCall& call);
Answer GetIssueStats(ApiCall& call);
Answer GetFirstLastRelease(ApiCall& call);
// issue_event_resource.cc
Answer ListIssueEvents(ApiCall& call);
Answer GetIssueEvent(ApiCall& call);
Answer GetIssueEventJson(ApiCall& call);
// project_event_resource.cc
Answer ListProjectEvents(ApiCall& call);
Answer GetProjectEvent(ApiCall& call);
Answer GetProjectEventJson(ApiCall& call);
Answer GetOrganizationEvent(ApiCall& call);
// lookup_resource.cc
Answer FindEventId(ApiCall& call);
Answer FindShortIdOfOrganization(ApiCall& call);
// tag_resource.cc
Answer ListIssueTags(ApiCall& call);
Answer GetIssueTag(ApiCall& call);
Answer ListIssueTagValues(ApiCall& call);
Answer ListOrganizationTags(ApiCall& call);
Answer ListProjectTags(ApiCall& call);
Answer ListOrganizationTagValues(ApiCall& call);
Answer ListProjectTagValues(ApiCall& call);
// hash_resource.cc
Answer ListIssueHashes(ApiCall& call);
Answer GetIssueExplanation(ApiCall& call);
Answer GetHashExplanation(ApiCall& call);
// search/
Answer CountIssuesOfOrganization(ApiCall& call);
Answer SearchEverything(ApiCall& call);
Answer GetTagShare(ApiCall& call);
// event/compare_resource.cc
Answer CompareEventsOfIssue(ApiCall& call);
// issue/markdown_resource.cc
Answer GetIssueMarkdown(ApiCall& call);
// Lists that are empty until their feature exists: clients ask for them and must not fail.
Answer EmptyList(ApiCall& call);

// The page of a list that is wholly in memory: rows [begin, end) and the answer's Link and X-Hits
// headers.
Result<OffsetPage> PageOf(const ApiCall& call, std::size_t total);
HttpMessageResponse RespondPage(const ApiCall& call, std::string body, const OffsetPage& page,
                                std::size_t total);

}  // namespace mishap

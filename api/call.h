// ApiCall: one request on its way through a resource, with what the resource may use. Also the
// words every resource shares: which organization, project or issue a path names. Another
// organization's object is never found.
#pragma once

#include <string>
#include <vector>

#include "api/api_front.h"
#include "api/query_params.h"
#include "api/respond.h"
#include "api/router.h"
#include "base/clock.h"
#include "base/random.h"
#include "event/event_json.h"
#include "event/payload_codec.h"
#include "net/http.h"
#include "storage/account/audit_log.h"
#include "storage/read_caller.h"
#include "storage/read_events.h"
#include "storage/read_issues.h"
#include "storage/read_projects.h"

namespace mishap {

struct ApiCall {
  const HttpMessageRequest& request;
  PathParams path;
  QueryParams query;
  Session& session;
  const Caller& caller;  // kind is empty where no credentials were sent
  const PayloadCodec& codec;
  EventReader& reader;
  Random& random;
  const std::string& public_url;  // without a trailing slash
  Timestamp now;
  const ApiFront& front;
  std::string_view permissions;  // of the route
};

// Who does this and from where, for the audit log.
AuditBy AuditByOf(const ApiCall& call);

// The scope of the organization that {o} names, by slug or id. Errors: not_found, permission_denied
// (the caller is of that organization and may not do there what the route asks for).
Result<Scope> OrganizationScope(const ApiCall& call);

struct ProjectOnPath {
  Scope scope;  // narrowed to the project
  ProjectRow project;
};
// {o} and {p}. Errors: not_found.
Result<ProjectOnPath> ProjectFromPath(const ApiCall& call);

// The projects that `project=` and `projectSlug=` select; none given or -1: all of the scope.
// Errors: invalid_argument (neither number nor slug), permission_denied (not of this scope).
Result<std::vector<ProjectRow>> SelectedProjects(const ApiCall& call, const Scope& scope);
Scope NarrowedTo(const Scope& scope, const std::vector<ProjectRow>& projects);

struct IssueOnPath {
  Scope scope;  // narrowed to the issue's project
  ProjectRow project;
  IssueRow issue;
};
// {i}: an id, or (with {o}) a short id; merges are followed. Errors: not_found.
Result<IssueOnPath> IssueFromPath(const ApiCall& call);
// "WEB-1" among `projects`; nullopt if none of them has that slug.
std::optional<IssueId> FindShortId(const std::vector<ProjectRow>& projects, std::string_view text);

// The event behind a stored row. Errors: unavailable (unknown dictionary), internal (damaged).
Result<Event> DecodeStored(const ApiCall& call, const StoredEventRow& row);

// `environment=` values; empty = all.
std::vector<std::string> Environments(const ApiCall& call);

}  // namespace mishap

// The resources of projects that write, and their inbound filters and counts
// (api/project/routes.cc).
#pragma once

#include "api/resources.h"

namespace mishap {

// The project with its settings, as GET, POST and PUT answer it.
Answer RespondProjectDetail(ApiCall& call, const Scope& scope, ProjectId id, int status);

// project_write_resource.cc
Answer PostProjectOfOrganization(ApiCall& call);
Answer PostProjectOfTeam(ApiCall& call);
Answer PutProject(ApiCall& call);
Answer DeleteProject(ApiCall& call);
Answer PutEnvironment(ApiCall& call);
Answer GetEnvironment(ApiCall& call);
// refused_resource.cc
Answer ListRefusedRequests(ApiCall& call);
Answer GetStacktraceLink(ApiCall& call);
// filter_resource.cc
Answer ListFilters(ApiCall& call);
Answer PutFilter(ApiCall& call);
// outcome_resource.cc
Answer GetOutcomeStats(ApiCall& call);
Answer GetProjectStats(ApiCall& call);
Answer GetOrganizationStats(ApiCall& call);
Answer GetKeyStats(ApiCall& call);

}  // namespace mishap

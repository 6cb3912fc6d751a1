// The resources of triage: one function a route (routes.cc says which).
#pragma once

#include "api/call.h"

namespace mishap {

// update_resource.cc
Answer PutIssue(ApiCall& call);
Answer PutIssuesOfOrganization(ApiCall& call);
Answer PutIssuesOfProject(ApiCall& call);
Answer DeleteIssue(ApiCall& call);
Answer DeleteIssuesOfOrganization(ApiCall& call);
Answer DeleteIssuesOfProject(ApiCall& call);
// note_resource.cc
Answer ListNotes(ApiCall& call);
Answer PostNote(ApiCall& call);
Answer PutNote(ApiCall& call);
Answer DeleteOwnNote(ApiCall& call);
// people_resource.cc
Answer ListParticipants(ApiCall& call);
Answer GetSharedIssue(ApiCall& call);
// regressed_resource.cc
Answer CountRegressedInReleases(ApiCall& call);
// bulk_resource.cc
Answer PostBulk(ApiCall& call);
Answer GetBulk(ApiCall& call);
Answer ApplyBulk(ApiCall& call);
Answer UndoBulk(ApiCall& call);

}  // namespace mishap

// The resources of releases, commits, deploys and repositories (api/release/routes.cc).
#pragma once

#include "api/resources.h"

namespace mishap {

// release_resource.cc
Answer PostRelease(ApiCall& call);
Answer GetRelease(ApiCall& call);
Answer PutRelease(ApiCall& call);
Answer DeleteRelease(ApiCall& call);
Answer ListReleases(ApiCall& call);
Answer ListIssuesResolvedInRelease(ApiCall& call);
Answer GetPreviousWithCommits(ApiCall& call);
// commit_resource.cc
Answer ListCommitsOfRelease(ApiCall& call);
Answer ListFilesOfRelease(ApiCall& call);
Answer GetReleaseMeta(ApiCall& call);
Answer ListDeploysOfRelease(ApiCall& call);
Answer PostDeploy(ApiCall& call);
Answer ListRepositoriesOfOrganization(ApiCall& call);
Answer PostRepository(ApiCall& call);
Answer DeleteRepository(ApiCall& call);
Answer ListCommitsOfRepository(ApiCall& call);
// upload_resource.cc
Answer GetChunkUpload(ApiCall& call);
Answer PostChunks(ApiCall& call);
Answer PostArtifactBundle(ApiCall& call);
Answer PostReleaseAssemble(ApiCall& call);
Answer ListArtifactBundlesOfProject(ApiCall& call);
// debug_file_resource.cc
Answer PostDebugFiles(ApiCall& call);
Answer ListDebugFilesOfProject(ApiCall& call);
Answer DeleteDebugFile(ApiCall& call);
// file_resource.cc
Answer ListFilesUploaded(ApiCall& call);
Answer PostReleaseFile(ApiCall& call);
Answer GetReleaseFile(ApiCall& call);
Answer PutReleaseFile(ApiCall& call);
Answer DeleteReleaseFile(ApiCall& call);

}  // namespace mishap

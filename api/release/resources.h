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
Answer PostDebugFiles(ApiCall& call);
Answer ListDebugFilesOfProject(ApiCall& call);
Answer DeleteDebugFile(ApiCall& call);
Answer ListArtifactBundlesOfProject(ApiCall& call);

}  // namespace mishap

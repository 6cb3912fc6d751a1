// Routes of releases, commits, deploys, repositories. Described in openapi.json beside this file.
#include "api/routes.h"

#include "api/release/resources.h"

namespace mishap {
namespace {

constexpr std::string_view kRead = "project:read|project:releases|org:ci";
constexpr std::string_view kWrite = "project:releases|project:write|org:ci";
constexpr std::string_view kRemove = "project:admin|project:releases";
constexpr std::string_view kUpload = "project:releases|project:write|org:ci";
constexpr std::string_view kReadRepositories = "org:read|org:ci";
constexpr std::string_view kWriteRepositories = "org:integrations|org:write";

}  // namespace

std::vector<Route> ReleaseRoutes() {
  return {
      {"GET", "organizations/{o}/releases/", kRead, &ListReleases},
      {"POST", "organizations/{o}/releases/", kWrite, &PostRelease},
      {"GET", "organizations/{o}/releases/{v}/", kRead, &GetRelease},
      {"PUT", "organizations/{o}/releases/{v}/", kWrite, &PutRelease},
      {"DELETE", "organizations/{o}/releases/{v}/", kRemove, &DeleteRelease},
      {"GET", "organizations/{o}/releases/{v}/resolved/", kRead, &ListIssuesResolvedInRelease},
      {"GET", "organizations/{o}/releases/{v}/commits/", kRead, &ListCommitsOfRelease},
      {"GET", "organizations/{o}/releases/{v}/commitfiles/", kRead, &ListFilesOfRelease},
      {"GET", "organizations/{o}/releases/{v}/previous-with-commits/", kRead,
       &GetPreviousWithCommits},
      {"GET", "organizations/{o}/releases/{v}/meta/", kRead, &GetReleaseMeta},
      {"GET", "organizations/{o}/releases/{v}/deploys/", kRead, &ListDeploysOfRelease},
      {"POST", "organizations/{o}/releases/{v}/deploys/", kWrite, &PostDeploy},
      {"GET", "projects/{o}/{p}/releases/", kRead, &ListReleases},
      {"POST", "projects/{o}/{p}/releases/", kWrite, &PostRelease},
      {"GET", "projects/{o}/{p}/releases/{v}/", kRead, &GetRelease},
      {"PUT", "projects/{o}/{p}/releases/{v}/", kWrite, &PutRelease},
      {"DELETE", "projects/{o}/{p}/releases/{v}/", kRemove, &DeleteRelease},
      {"GET", "projects/{o}/{p}/releases/{v}/resolved/", kRead, &ListIssuesResolvedInRelease},
      {"GET", "projects/{o}/{p}/releases/{v}/commits/", kRead, &ListCommitsOfRelease},
      {"GET", "organizations/{o}/chunk-upload/", kUpload, &GetChunkUpload},
      {"POST", "organizations/{o}/chunk-upload/", kUpload, &PostChunks},
      {"POST", "organizations/{o}/artifactbundle/assemble/", kUpload, &PostArtifactBundle},
      {"POST", "organizations/{o}/releases/{v}/assemble/", kUpload, &PostReleaseAssemble},
      {"GET", "organizations/{o}/releases/{v}/files/", kRead, &ListFilesUploaded},
      {"POST", "organizations/{o}/releases/{v}/files/", kUpload, &PostReleaseFile},
      {"GET", "organizations/{o}/releases/{v}/files/{file}/", kRead, &GetReleaseFile},
      {"PUT", "organizations/{o}/releases/{v}/files/{file}/", kWrite, &PutReleaseFile},
      {"DELETE", "organizations/{o}/releases/{v}/files/{file}/", kWrite, &DeleteReleaseFile},
      {"GET", "projects/{o}/{p}/releases/{v}/files/", kRead, &ListFilesUploaded},
      {"POST", "projects/{o}/{p}/releases/{v}/files/", kUpload, &PostReleaseFile},
      {"GET", "projects/{o}/{p}/releases/{v}/files/{file}/", kRead, &GetReleaseFile},
      {"PUT", "projects/{o}/{p}/releases/{v}/files/{file}/", kWrite, &PutReleaseFile},
      {"DELETE", "projects/{o}/{p}/releases/{v}/files/{file}/", kWrite, &DeleteReleaseFile},
      {"POST", "projects/{o}/{p}/files/difs/assemble/", kUpload, &PostDebugFiles},
      {"GET", "projects/{o}/{p}/files/dsyms/", kRead, &ListDebugFilesOfProject},
      {"DELETE", "projects/{o}/{p}/files/dsyms/", kRemove, &DeleteDebugFile},
      {"GET", "projects/{o}/{p}/files/artifact-bundles/", kRead, &ListArtifactBundlesOfProject},
      {"GET", "organizations/{o}/repos/", kReadRepositories, &ListRepositoriesOfOrganization},
      {"POST", "organizations/{o}/repos/", kWriteRepositories, &PostRepository},
      {"DELETE", "organizations/{o}/repos/{repo}/", kWriteRepositories, &DeleteRepository},
      {"GET", "organizations/{o}/repos/{repo}/commits/", kReadRepositories,
       &ListCommitsOfRepository},
  };
}

}  // namespace mishap

// Commits of releases, repositories and deploys (web-api 2.11, 2.14).
#include "api/json_body.h"
#include "api/release/release_body.h"
#include "api/release/release_scope.h"
#include "api/release/release_shape.h"
#include "api/release/resources.h"
#include "base/bytes.h"
#include "storage/release/deploy_store.h"

namespace mishap {
namespace {

constexpr int kRepositoryCommitsMax = 1000;

// One page of a list that is wholly in memory.
template <class Row, class Write>
Answer RespondRows(ApiCall& call, const std::vector<Row>& rows, Write write) {
  auto page = PageOf(call, rows.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) write(rows[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows.size());
}

Result<std::int64_t> RepositoryOnPath(const ApiCall& call) {
  auto id = ParseDigits(call.path.Get("repo"));
  if (!id) return NotFound();
  return *id;
}

}  // namespace

Answer ListCommitsOfRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto release = FindRelease(call.session, where->scope, call.path.Get("v"));
  if (!release) return Fail(release.error());
  auto commits = ListReleaseCommits(call.session, where->scope, call.path.Get("v"));
  if (!commits) return Fail(commits.error());
  return RespondRows(call, *commits, [&](const CommitRow& commit, JsonWriter& json) {
    WriteCommit(commit, &*release, json);
  });
}

Answer ListFilesOfRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto commits = ListReleaseCommits(call.session, where->scope, call.path.Get("v"));
  if (!commits) return Fail(commits.error());
  struct Changed {
    const CommitRow* commit;
    const CommitFile* file;
  };
  std::vector<Changed> rows;
  for (const auto& commit : *commits) {
    for (const auto& file : commit.files) rows.push_back({&commit, &file});
  }
  const auto organization = std::to_string(where->scope.Organization().value);
  return RespondRows(call, rows, [&](const Changed& row, JsonWriter& json) {
    json.BeginObject().Field("id", std::to_string(row.commit->id) + ":" + row.file->path);
    json.Field("orgId", organization).Field("repoName", row.commit->repository.name);
    json.Field("commitMessage", row.commit->message).Key("author").BeginObject();
    json.Field("name", row.commit->author_name).Field("email", row.commit->author_email);
    json.EndObject().Field("filename", row.file->path).Field("type", row.file->type).EndObject();
  });
}

Answer ListDeploysOfRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto projects = SelectedProjects(call, where->scope);
  if (!projects) return Fail(projects.error());
  auto deploys = ListDeploys(call.session, NarrowedTo(where->scope, *projects), call.path.Get("v"));
  if (!deploys) return Fail(deploys.error());
  return RespondRows(call, *deploys, &WriteDeploy);
}

Answer PostDeploy(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto body = ParseDeployBody(call.request.body, call.now);
  if (!body) return std::move(body.error());
  auto projects = ProjectsOfBody(call, *where, body->projects);
  if (!projects) return std::move(projects.error());
  for (auto project : *projects) body->deploy.projects.push_back(project.value);
  auto deploy = AddDeploy(call.session, where->scope, call.path.Get("v"), std::move(body->deploy));
  if (!deploy) return Fail(deploy.error());
  std::string out;
  JsonWriter json(out);
  WriteDeploy(*deploy, json);
  return RespondJson(201, std::move(out));
}

Answer ListRepositoriesOfOrganization(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto status = call.query.GetOr("status", "active");
  std::vector<RepositoryRow> rows;
  if (status.empty() || status == "active") {
    auto found = ListRepositories(call.session, *scope, call.query.GetOr("query", ""));
    if (!found) return Fail(found.error());
    rows = std::move(*found);
  }
  return RespondRows(call, rows, &WriteRepository);
}

Answer PostRepository(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto body = ParseRepositoryBody(call.request.body);
  if (!body) return std::move(body.error());
  auto saved = SaveRepository(call.session, *scope, body->name, body->url);
  if (!saved) return Fail(saved.error());
  std::string out;
  JsonWriter json(out);
  WriteRepository(*saved, json);
  return RespondJson(201, std::move(out));
}

Answer DeleteRepository(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto id = RepositoryOnPath(call);
  if (!id) return Fail(id.error());
  auto hidden = HideRepository(call.session, *scope, *id);
  if (!hidden) return Fail(hidden.error());
  return RespondEmpty(204);
}

Answer ListCommitsOfRepository(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto id = RepositoryOnPath(call);
  if (!id) return Fail(id.error());
  auto commits = ListRepositoryCommits(call.session, *scope, *id, kRepositoryCommitsMax);
  if (!commits) return Fail(commits.error());
  return RespondRows(call, *commits, [](const CommitRow& commit, JsonWriter& json) {
    WriteCommit(commit, nullptr, json);
  });
}

Answer GetReleaseMeta(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto release = FindRelease(call.session, where->scope, call.path.Get("v"));
  if (!release) return Fail(release.error());
  auto commits = ListReleaseCommits(call.session, where->scope, call.path.Get("v"));
  if (!commits) return Fail(commits.error());
  std::int64_t new_issues = 0, files = 0;
  for (const auto& project : release->projects) new_issues += project.new_issues;
  for (const auto& commit : *commits) files += static_cast<std::int64_t>(commit.files.size());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("version", release->version).Key("versionInfo");
  WriteVersionParts(release->version, json);
  json.Key("projects").BeginArray();
  for (const auto& project : release->projects) {
    json.BeginObject().Field("id", project.id.value).Field("slug", project.slug);
    json.Field("name", project.name).Field("platform", project.platform);
    json.Field("newGroups", project.new_issues).EndObject();
  }
  json.EndArray().Field("newGroups", new_issues).Field("deployCount", release->deploy_count);
  json.Field("commitCount", release->commit_count).Key("released");
  release->released_at ? json.Time(*release->released_at) : json.Time(release->created_at);
  json.Field("commitFilesChanged", files).Field("releaseFileCount", 0).Key("bundleId").Null();
  json.Field("isArtifactBundle", false).EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

// One release: made, shown, changed, removed (web-api 2.11). Old clients and the bundler plugins
// use the project's form of each route, new ones the organization's.
#include <algorithm>

#include "api/release/commit_message.h"
#include "api/release/release_body.h"
#include "api/release/release_scope.h"
#include "api/release/release_shape.h"
#include "api/release/resources.h"
#include "base/bytes.h"
#include "event/release_version.h"
#include "storage/triage/commit_fixes.h"

namespace mishap {
namespace {

Answer RespondRelease(ApiCall& call, const Scope& scope, const std::string& version, int status) {
  auto release = FindRelease(call.session, scope, version);
  if (!release) return Fail(release.error());
  std::string body;
  JsonWriter json(body);
  WriteRelease(*release, json);
  return RespondJson(status, std::move(body));
}

// The issues that the commits' messages name, of all projects the caller sees.
Result<std::vector<CommitFix>> FixesOf(ApiCall& call, const Scope& scope,
                                       const std::vector<NewCommit>& commits) {
  std::vector<CommitFix> out;
  std::optional<std::vector<ProjectRow>> projects;
  for (const auto& commit : commits) {
    for (const auto& id : FixedIssuesOf(commit.message)) {
      if (!projects) {
        auto found = ReadProjects(call.session, scope);
        if (!found) return Fail(found.error());
        projects = std::move(*found);
      }
      for (const auto& project : *projects) {
        if (project.slug != id.project_slug) continue;
        out.push_back({MakeIssueId(project.id, id.number), commit.repository, commit.sha});
      }
    }
  }
  return out;
}

Status SaveCommits(ApiCall& call, const ReleaseScope& where, const std::string& version,
                   const ReleaseBody& body) {
  if (body.commits) {
    auto saved = ReplaceReleaseCommits(call.session, where.scope, version, *body.commits, call.now);
    if (!saved) return saved;
    auto fixes = FixesOf(call, where.organization, *body.commits);
    if (!fixes) return Fail(fixes.error());
    auto resolved = ResolveFixedIssues(call.session, where.organization, version, *fixes, call.now);
    if (!resolved) return Fail(resolved.error());
  }
  if (!body.refs) return {};
  return SetReleaseRefs(call.session, where.scope, version, *body.refs, call.now);
}

Answer Save(ApiCall& call, const ReleaseScope& where, const std::string& version,
            const ReleaseBody& body, const std::vector<ProjectId>& projects) {
  auto saved =
      SaveRelease(call.session, AuditByOf(call), where.scope, version, projects, body.change);
  if (!saved) return Fail(saved.error());
  if (auto ok = SaveCommits(call, where, version, body); !ok) {
    if (ok.error().reason != Reason::kInvalidArgument) return Fail(ok.error());
    return RespondFieldError({"refs"}, "Invalid repository names: " + ok.error().detail);
  }
  const bool is_post = call.request.method == "POST";
  return RespondRelease(call, where.scope, version, !is_post ? 200 : saved->is_new ? 201 : 208);
}

// A version on the path names a release; a name no release can have names nothing.
Result<std::string> VersionOnPath(const ApiCall& call) {
  std::string version(TrimAscii(call.path.Get("v")));
  if (!IsValidReleaseName(version)) return NotFound();
  return version;
}

}  // namespace

Answer PostRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto body = ParseReleaseBody(call.request.body, true);
  if (!body) return std::move(body.error());
  auto projects = ProjectsOfBody(call, *where, body->projects);
  if (!projects) return std::move(projects.error());
  if (projects->empty()) {
    // Archiving and restoring name no project; the release must be there then.
    auto known = FindRelease(call.session, where->scope, body->version);
    if (!known && known.error().reason != Reason::kNotFound) return Fail(known.error());
    if (!known) return RespondFieldError({"projects"}, "This list may not be empty.");
  }
  return Save(call, *where, body->version, *body, *projects);
}

Answer GetRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto version = VersionOnPath(call);
  if (!version) return Fail(version.error());
  return RespondRelease(call, where->scope, *version, 200);
}

Answer PutRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto version = VersionOnPath(call);
  if (!version) return Fail(version.error());
  auto known = FindRelease(call.session, where->scope, *version);
  if (!known) return Fail(known.error());
  auto body = ParseReleaseBody(call.request.body, false);
  if (!body) return std::move(body.error());
  auto projects = ProjectsOfBody(call, *where, body->projects);
  if (!projects) return std::move(projects.error());
  return Save(call, *where, *version, *body, *projects);
}

Answer DeleteRelease(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto version = VersionOnPath(call);
  if (!version) return Fail(version.error());
  // Found by the project, removed for the organization: a release is one thing.
  auto known = FindRelease(call.session, where->scope, *version);
  if (!known) return Fail(known.error());
  auto removed = RemoveRelease(call.session, AuditByOf(call), where->organization, *version);
  if (!removed) return Fail(removed.error());
  return RespondEmpty(204);
}

Answer ListReleases(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto projects = SelectedProjects(call, where->scope);
  if (!projects) return Fail(projects.error());
  auto filter = ReleaseFilterOf(call);
  if (!filter) return Fail(filter.error());
  auto page = ListReleases(call.session, NarrowedTo(where->scope, *projects), *filter);
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& release : page->rows) WriteRelease(release, json);
  json.EndArray();
  auto out = RespondJson(200, std::move(body));
  PageLinks links;
  links.has_previous = filter->offset > 0;
  links.previous = {0, std::max<std::int64_t>(0, filter->offset - filter->limit), true};
  links.next = {0, filter->offset + filter->limit, false};
  links.has_next = page->more;
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, links));
  return out;
}

Answer GetPreviousWithCommits(ApiCall& call) {
  auto where = ReleaseScopeFromPath(call);
  if (!where) return Fail(where.error());
  auto version = VersionOnPath(call);
  if (!version) return Fail(version.error());
  auto previous = FindPreviousWithCommits(call.session, where->scope, *version);
  if (!previous) return Fail(previous.error());
  std::string body;
  JsonWriter json(body);
  *previous ? WriteRelease(**previous, json) : void(json.BeginObject().EndObject());
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

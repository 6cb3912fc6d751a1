// One search over issues, releases and commits: what a search box at the top of a page asks.
#include "api/issue_query.h"
#include "api/release/release_shape.h"
#include "api/resources.h"
#include "api/short_id.h"
#include "base/bytes.h"
#include "base/json_writer.h"
#include "storage/search/find_names.h"

namespace mishap {
namespace {

constexpr int kFoundMax = 5;  // of each kind
constexpr std::size_t kTextBytesMax = 200;

// As a search; what is none is looked for as text.
Result<IssueQuery> QueryOf(const ApiCall& call, const std::string& text) {
  auto query = IssueQueryOfOrganization(call, text);
  if (query || query.error().reason != Reason::kInvalidArgument) return query;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '\\';
    quoted += c;
  }
  return IssueQueryOfOrganization(call, quoted + "\"");
}

void WriteFound(const IssueRow& issue, const IssueQuery& query, const ApiCall& call,
                JsonWriter& json) {
  for (const auto& project : query.projects) {
    if (project.id != issue.project) continue;
    auto id = std::to_string(issue.id.value);
    json.BeginObject().Field("id", id).Field("title", issue.title).Field("culprit", issue.culprit);
    json.Field("shortId", FormatShortId(project.slug, ShortNumberOf(issue.id)));
    json.Field("project", project.slug).Field("lastSeen", issue.last_seen);
    json.Field("permalink", call.public_url + "/organizations/" + query.scope.OrganizationSlug() +
                                "/issues/" + id + "/");
    json.EndObject();
  }
}

Status WriteIssues(ApiCall& call, const std::string& text, JsonWriter& json) {
  auto query = QueryOf(call, text);
  if (!query) return Fail(query.error());
  auto hit = FindDirectHit(call, *query);
  if (!hit) return Fail(hit.error());
  json.Key("issues").BeginArray();
  if (*hit) {
    auto issue = ReadIssue(call.session, query->scope, (*hit)->issue);
    if (!issue) return Fail(issue.error());
    WriteFound(*issue, *query, call, json);
  } else {
    auto page = ListIssues(call.session, query->scope, query->filter, query->sort, {}, kFoundMax);
    if (!page) return Fail(page.error());
    for (const auto& row : page->rows) WriteFound(row.issue, *query, call, json);
  }
  json.EndArray();
  return {};
}

}  // namespace

// {"issues": [...], "releases": [...], "commits": [...]}, at most five of each.
Answer SearchEverything(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto text = std::string(TrimAscii(call.query.GetOr("query", "")));
  if (text.empty()) return BadRequest("query is required");
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  if (auto ok = WriteIssues(call, text, json); !ok) return Fail(ok.error());
  auto name = std::string(Utf8Prefix(text, kTextBytesMax));
  auto found = FindReleasesAndCommits(call.session, *scope, name, kFoundMax);
  if (!found) return Fail(found.error());
  json.Key("releases").BeginArray();
  for (const auto& release : found->releases) {
    json.BeginObject().Field("version", release.version);
    json.Field("dateCreated", release.created_at).EndObject();
  }
  json.EndArray().Key("commits").BeginArray();
  for (const auto& commit : found->commits) {
    json.BeginObject().Field("id", commit.sha).Field("message", commit.message);
    json.Field("repository", commit.repository).Field("authorName", commit.author_name);
    json.Field("dateCreated", commit.committed_at).EndObject();
  }
  json.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

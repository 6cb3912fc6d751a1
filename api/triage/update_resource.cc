// Changing and deleting issues: one, several by id, or all that a search finds (web-api 2.5).
#include <algorithm>

#include "api/issue_query.h"
#include "api/issue_resource.h"
#include "api/issue_shape.h"
#include "api/resources.h"
#include "api/triage/change_of_update.h"
#include "api/triage/triage_shape.h"
#include "api/triage/update_body.h"
#include "storage/regroup/regroup.h"
#include "storage/triage/bulk_change.h"
#include "storage/triage/issue_change.h"
#include "storage/triage/triage_facts.h"

namespace mishap {
namespace {

// What one call changes at most when it names no ids; clients do not loop.
constexpr int kBulkMax = 1000;

Result<std::vector<IssueId>> Selected(ApiCall& call, const IssueQuery& query) {
  auto page =
      ListIssues(call.session, query.scope, query.filter, IssueSort::kLastSeen, {}, kBulkMax);
  if (!page) return Fail(page.error());
  std::vector<IssueId> ids;
  ids.reserve(page->rows.size());
  for (const auto& row : page->rows) ids.push_back(row.issue.id);
  return ids;
}

// The projects the selected issues live in: release details make sense for one only.
Scope ScopeOf(const Scope& scope, const std::vector<IssueId>& ids) {
  std::vector<ProjectId> projects;
  projects.reserve(ids.size());
  for (auto id : ids) projects.push_back(ProjectOf(id));
  return scope.Narrowed(projects);
}

// Only what changed; the facts are those of the first issue.
Answer RespondChange(ApiCall& call, const Scope& scope, const IssueUpdate& update,
                     const IssueChange& change, const std::vector<IssueId>& ids) {
  auto facts = ReadTriageFacts(call.session, scope, {ids.front()});
  if (!facts) return Fail(facts.error());
  std::string body;
  JsonWriter json(body);
  WriteIssueChange(update, change, (*facts)[ids.front()], json);
  return RespondJson(200, std::move(body));
}

// The issues go and their hashes drop what comes: needs more than changing them.
Answer Discard(ApiCall& call, const Scope& scope, const std::vector<IssueId>& ids) {
  if (!scope.Allows("event:admin")) return Fail(Reason::kPermissionDenied, "");
  auto gone = DiscardIssues(call.session, scope, ids, call.now);
  if (!gone) return Fail(gone.error());
  return RespondEmpty(204);
}

// {"merge": {"parent": "1", "children": ["2"]}}
Answer Merge(ApiCall& call, const Scope& scope, const std::vector<IssueId>& ids) {
  if (scope.Projects().size() > 1) {
    return RespondDetail(400, "Merging across multiple projects is not supported");
  }
  auto merged = MergeIssues(call.session, scope, ids, call.now);
  if (!merged) return Fail(merged.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("merge").BeginObject();
  json.Field("parent", std::to_string(merged->parent.value)).Key("children").BeginArray();
  for (auto child : merged->children) json.String(std::to_string(child.value));
  json.EndArray().EndObject().EndObject();
  return RespondJson(200, std::move(body));
}

Answer ChangeSelected(ApiCall& call, const IssueQuery& query, const std::vector<IssueId>& ids) {
  auto update = ParseIssueUpdate(call.request.body);
  if (!update) return std::move(update.error());
  if (ids.empty()) return RespondEmpty(204);
  auto scope = ScopeOf(query.scope, ids);
  if (update->discard) return Discard(call, scope, ids);
  auto change = MakeIssueChange(call, scope, *update, false);
  if (!change) return Fail(change.error());
  if (!*change) return std::move(change->error());
  if (!update->ChangesFields() && update->merge) return Merge(call, scope, ids);
  if (!update->ChangesFields()) return RespondJson(200, "{}");
  auto changed = ChangeIssuesUndoably(call.session, scope, ids, **change, call.random);
  if (!changed) return Fail(changed.error());
  const auto& found = changed->done.found;
  if (found.empty()) return RespondEmpty(204);
  if (update->merge) return Merge(call, scope, found);
  auto out = RespondChange(call, scope, *update, **change, found);
  if (out && !changed->undo.empty()) out->headers.emplace_back("X-Mishap-Undo", changed->undo);
  return out;
}

// Without id, query and status a bulk update means every issue (sentry-cli issues mute -a), and
// time does not matter where people named what they mean.
void WidenSelection(const ApiCall& call, IssueQuery& query) {
  bool bare = !call.query.Has("id") && !call.query.Has("query") && !call.query.Has("status");
  if (bare) query.filter.search = {};
  if (query.window.is_default) query.filter.start = {0};
}

Answer PutBulk(ApiCall& call, Result<IssueQuery> query) {
  if (!query) return Fail(query.error());
  WidenSelection(call, *query);
  auto ids = Selected(call, *query);
  if (!ids) return Fail(ids.error());
  return ChangeSelected(call, *query, *ids);
}

Answer DeleteBulk(ApiCall& call, Result<IssueQuery> query) {
  if (!query) return Fail(query.error());
  if (query->window.is_default) query->filter.start = {0};
  auto ids = Selected(call, *query);
  if (!ids) return Fail(ids.error());
  auto gone = DeleteIssues(call.session, query->scope, *ids);
  if (!gone) return Fail(gone.error());
  return RespondEmpty(204);
}

}  // namespace

Result<std::optional<HttpMessageResponse>> UpdateOneIssue(ApiCall& call, IssueOnPath& found,
                                                          const IssueUpdate& update) {
  using Refusal = std::optional<HttpMessageResponse>;
  auto change = MakeIssueChange(call, found.scope, update, true);
  if (!change) return Fail(change.error());
  if (!*change) return Refusal(std::move(change->error()));
  if (!update.ChangesFields()) return Refusal();
  auto done = ChangeIssues(call.session, found.scope, {found.issue.id}, **change);
  if (!done) return Fail(done.error());
  auto after = ReadIssue(call.session, found.scope, found.issue.id);
  if (!after) return Fail(after.error());
  found.issue = std::move(*after);
  return Refusal();
}

Answer PutIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto update = ParseIssueUpdate(call.request.body);
  if (!update) return std::move(update.error());
  if (update->discard) return Discard(call, found->scope, {found->issue.id});
  auto refused = UpdateOneIssue(call, *found, *update);
  if (!refused) return Fail(refused.error());
  if (*refused) return std::move(**refused);
  return RespondIssue(call, *found);
}

Answer PutIssuesOfOrganization(ApiCall& call) {
  return PutBulk(call, IssueQueryOfOrganization(call));
}

Answer PutIssuesOfProject(ApiCall& call) {
  return PutBulk(call, IssueQueryOfProject(call));
}

Answer DeleteIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto gone = DeleteIssues(call.session, found->scope, {found->issue.id});
  if (!gone) return Fail(gone.error());
  return RespondEmpty(202);
}

Answer DeleteIssuesOfOrganization(ApiCall& call) {
  return DeleteBulk(call, IssueQueryOfOrganization(call));
}

Answer DeleteIssuesOfProject(ApiCall& call) {
  return DeleteBulk(call, IssueQueryOfProject(call));
}

}  // namespace mishap

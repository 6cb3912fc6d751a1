// Bulk changes (decisions 3.12): dry run, apply with progress, undo. One page of Sentry's own bulk
// update is update_resource.cc.
#include "api/issue_query.h"
#include "api/triage/change_of_update.h"
#include "api/triage/resources.h"
#include "api/triage/update_body.h"
#include "base/json_writer.h"
#include "storage/triage/bulk_change.h"

namespace mishap {
namespace {

constexpr int kPageIssues = 1'000;
constexpr std::int64_t kUndoMicros = 24 * kMicrosPerHour;

// Every issue that fits, page by page; one more than the limit is enough to know.
Result<std::vector<IssueId>> AllThatFit(ApiCall& call, const IssueQuery& query) {
  std::vector<IssueId> ids;
  std::optional<IssuePosition> position;
  while (ids.size() <= kBulkIssuesMax) {
    auto page = ListIssues(call.session, query.scope, query.filter, IssueSort::kLastSeen, position,
                           kPageIssues);
    if (!page) return Fail(page.error());
    ids.reserve(ids.size() + page->rows.size());
    for (const auto& row : page->rows) ids.push_back(row.issue.id);
    if (!page->has_more || page->rows.empty()) break;
    position = IssuePosition{page->rows.back().sort_key, page->rows.back().issue.id, false};
  }
  return ids;
}

void TimeOrNull(JsonWriter& json, std::string_view name, const std::optional<Timestamp>& time) {
  json.Key(name);
  time ? json.Time(*time) : json.Null();
}

Answer RespondBulk(int status, const BulkChange& bulk) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("id", bulk.id).Field("state", bulk.state).Field("total", bulk.total);
  json.Field("done", bulk.done).Field("changed", bulk.changed).Field("restored", bulk.restored);
  json.Key("error");
  bulk.error.empty() ? json.Null() : json.String(bulk.error);
  json.Field("dateCreated", bulk.created_at);
  TimeOrNull(json, "dateApplied", bulk.applied_at);
  TimeOrNull(json, "dateFinished", bulk.finished_at);
  std::optional<Timestamp> undo_until;
  if (bulk.applied_at && (bulk.state == "done" || bulk.state == "failed")) {
    undo_until = Timestamp{bulk.applied_at->micros + kUndoMicros};
  }
  TimeOrNull(json, "undoUntil", undo_until);
  json.EndObject();
  return RespondJson(status, std::move(body));
}

}  // namespace

Answer PostBulk(ApiCall& call) {
  auto query = IssueQueryOfOrganization(call);
  if (!query) return Fail(query.error());
  if (query->window.is_default) query->filter.start = {0};
  auto ids = AllThatFit(call, *query);
  if (!ids) return Fail(ids.error());
  auto bulk = SelectForBulk(call.session, query->scope, *ids, call.random);
  if (!bulk && bulk.error().reason == Reason::kTooLarge) return BadRequest(bulk.error().detail);
  if (!bulk) return Fail(bulk.error());
  return RespondBulk(201, *bulk);
}

Answer GetBulk(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto bulk = ReadBulk(call.session, *scope, call.path.Get("b"));
  if (!bulk) return Fail(bulk.error());
  return RespondBulk(200, *bulk);
}

Answer ApplyBulk(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto update = ParseIssueUpdate(call.request.body);
  if (!update) return std::move(update.error());
  if (update->merge || update->discard) {
    return BadRequest(
        "merge and discard cannot be applied in bulk: they have an undo of their own");
  }
  if (!update->ChangesFields()) return BadRequest("The update changes nothing.");
  auto narrowed = ScopeOfBulk(call.session, *scope, call.path.Get("b"));
  if (!narrowed) return Fail(narrowed.error());
  auto change = MakeIssueChange(call, *narrowed, *update, false);
  if (!change) return Fail(change.error());
  if (!*change) return std::move(change->error());
  auto bulk = StartBulk(call.session, *scope, call.path.Get("b"), **change);
  if (!bulk) return Fail(bulk.error());
  return RespondBulk(202, *bulk);
}

Answer UndoBulk(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto bulk = StartBulkUndo(call.session, *scope, call.path.Get("b"));
  if (!bulk) return Fail(bulk.error());
  return RespondBulk(202, *bulk);
}

}  // namespace mishap

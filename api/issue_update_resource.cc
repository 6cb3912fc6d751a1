// Changing issues: one, several by id, or all that a search finds (web-api 2.5).
#include <algorithm>

#include "api/issue_query.h"
#include "api/issue_resource.h"
#include "api/issue_shape.h"
#include "api/resources.h"
#include "api/update_body.h"
#include "storage/triage.h"

namespace mishap {
namespace {

// What one call changes at most when it names no ids; clients do not loop.
constexpr int kBulkMax = 1000;

std::string IgnoreDetails(const IgnoreCondition& ignore, Timestamp now) {
  std::string out;
  JsonWriter json(out);
  auto number = [&](std::string_view name, const std::optional<std::int64_t>& value) {
    if (value) json.Field(name, *value);
  };
  json.BeginObject();
  number("ignoreCount", ignore.count);
  number("ignoreWindow", ignore.window_min);
  number("ignoreUserCount", ignore.user_count);
  number("ignoreUserWindow", ignore.user_window_min);
  if (ignore.duration_min) {
    auto until = Timestamp{now.micros + *ignore.duration_min * 60 * kMicrosPerSecond};
    json.Field("ignoreUntil", until).Field("ignoreDuration", *ignore.duration_min);
  }
  json.EndObject();
  return out;
}

IssueChange IgnoreChange(const IssueUpdate& update, Timestamp now) {
  IssueChange change;
  change.status = IssueStatus::kIgnored;
  change.substatus = update.substatus;
  if (change.substatus == IssueSubstatus::kNone) {
    change.substatus = update.ignore.until_escalating ? IssueSubstatus::kArchivedUntilEscalating
                       : update.ignore.Any()          ? IssueSubstatus::kArchivedUntilConditionMet
                                                      : IssueSubstatus::kArchivedForever;
  }
  change.status_details = IgnoreDetails(update.ignore, now);
  change.activity = "set_ignored";
  change.activity_details = change.status_details;
  change.always = update.ignore.Any() || update.substatus != IssueSubstatus::kNone;
  return change;
}

std::string ReleaseDetails(std::string_view version, bool next) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject();
  if (next) {
    json.Field("inNextRelease", true);
  } else {
    json.Field("inRelease", version);
  }
  json.EndObject();
  return out;
}

std::string ReleaseActivity(std::string_view version, std::string_view current, bool next) {
  std::string out;
  JsonWriter json(out);
  json.BeginObject().Field("version", next ? std::string_view() : version);
  if (next) json.Field("current_release_version", current).Field("inNextRelease", true);
  json.EndObject();
  return out;
}

using Change = Result<tl::expected<IssueChange, HttpMessageResponse>>;

Change Refused(HttpMessageResponse response) {
  return Change(tl::unexpected(std::move(response)));
}

Change ResolveChange(ApiCall& call, const Scope& scope, const IssueUpdate& update) {
  IssueChange change;
  change.status = IssueStatus::kResolved;
  change.activity = "set_resolved";
  if (!update.in_next_release && !update.in_release) return Change(change);
  if (scope.Projects().size() != 1) {
    return Refused(
        RespondDetail(400, "Cannot set resolved in next release for multiple projects."));
  }
  auto version =
      update.in_next_release || *update.in_release == "latest" ? std::string() : *update.in_release;
  auto release = ReadRelease(call.session, scope, scope.Projects().front(), version);
  if (!release) return Fail(release.error());
  if (!*release && update.in_release) {
    return Refused(RespondFieldError({"statusDetails", "inRelease"},
                                     "Unable to find a release with the given version."));
  }
  if (!*release && update.needs_release) {
    return Refused(RespondFieldError({"statusDetails", "inNextRelease"},
                                     "No release data present in the system."));
  }
  if (!*release) return Change(change);  // nothing to be next after: a plain resolve
  change.status_details = ReleaseDetails((*release)->version, update.in_next_release);
  change.activity = "set_resolved_in_release";
  change.activity_details =
      ReleaseActivity((*release)->version, (*release)->version, update.in_next_release);
  change.always = true;
  return Change(change);
}

Change MakeChange(ApiCall& call, const Scope& scope, const IssueUpdate& update) {
  if (update.status == IssueStatus::kIgnored) return Change(IgnoreChange(update, call.now));
  if (update.status == IssueStatus::kResolved) return ResolveChange(call, scope, update);
  IssueChange change;
  change.status = IssueStatus::kUnresolved;
  change.substatus = update.substatus;
  change.activity = "set_unresolved";
  change.always = update.substatus != IssueSubstatus::kNone;
  return Change(change);
}

// {"status":"resolved","statusDetails":{...},"substatus":null,"inbox":null}: only what changed.
HttpMessageResponse RespondChange(const IssueChange& change) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("status", StatusName(change.status));
  json.Key("statusDetails").Raw(change.status_details).Key("substatus");
  auto substatus = SubstatusName(change.substatus);
  if (substatus.empty() && change.status == IssueStatus::kUnresolved) substatus = "ongoing";
  substatus.empty() ? json.Null() : json.String(substatus);
  json.Key("inbox").Null().EndObject();
  return RespondJson(200, std::move(body));
}

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

Answer PutBulk(ApiCall& call, Result<IssueQuery> query) {
  if (!query) return Fail(query.error());
  auto update = ParseIssueUpdate(call.request.body);
  if (!update) return std::move(update.error());
  auto ids = Selected(call, *query);
  if (!ids) return Fail(ids.error());
  if (ids->empty()) return RespondEmpty(204);
  if (!update->status) return RespondJson(200, "{}");
  auto scope = ScopeOf(query->scope, *ids);
  auto change = MakeChange(call, scope, *update);
  if (!change) return Fail(change.error());
  if (!*change) return std::move(change->error());
  (*change)->now = call.now;
  auto changed = ChangeIssues(call.session, scope, *ids, **change);
  if (!changed) return Fail(changed.error());
  if (changed->empty()) return RespondEmpty(204);
  return RespondChange(**change);
}

// Without id, query and status a bulk update means every issue (sentry-cli issues mute -a), and
// time does not matter where people named what they mean.
void WidenSelection(const ApiCall& call, IssueQuery& query) {
  bool bare = !call.query.Has("id") && !call.query.Has("query") && !call.query.Has("status");
  if (bare) query.filter.statuses.reset();
  if (query.window.is_default) query.filter.start = {0};
}

}  // namespace

Answer PutIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto update = ParseIssueUpdate(call.request.body);
  if (!update) return std::move(update.error());
  if (!update->status) return RespondIssue(call, *found);
  auto change = MakeChange(call, found->scope, *update);
  if (!change) return Fail(change.error());
  if (!*change) return std::move(change->error());
  (*change)->now = call.now;
  (*change)->is_single = true;
  auto changed = ChangeIssues(call.session, found->scope, {found->issue.id}, **change);
  if (!changed) return Fail(changed.error());
  auto after = ReadIssue(call.session, found->scope, found->issue.id);
  if (!after) return Fail(after.error());
  found->issue = std::move(*after);
  return RespondIssue(call, *found);
}

Answer PutIssuesOfOrganization(ApiCall& call) {
  auto query = IssueQueryOfOrganization(call);
  if (query) WidenSelection(call, *query);
  return PutBulk(call, std::move(query));
}

Answer PutIssuesOfProject(ApiCall& call) {
  auto query = IssueQueryOfProject(call);
  if (query) WidenSelection(call, *query);
  return PutBulk(call, std::move(query));
}

}  // namespace mishap

// Lists of issues over one, several or all projects (web-api 2.4).
#include <algorithm>

#include "api/issue_query.h"
#include "api/issue_shape.h"
#include "api/resources.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr int kStatsIssuesMax = 100;

struct StatsChoice {
  std::string name;  // empty: none wanted
  Timestamp start;
  std::int64_t bucket_s = 3600;
};

// groupStatsPeriod: 24 hours, 14 days, or `auto` = the window asked for.
StatsChoice ChooseStats(const ApiCall& call, const TimeWindow& window) {
  if (!PartsWanted(call.query).stats) return {};
  auto period = call.query.GetOr("groupStatsPeriod", "24h");
  if (period == "14d") return {"14d", {call.now.micros - 13 * kMicrosPerDay}, 86'400};
  if (period == "auto") {
    bool days = window.end.micros - window.start.micros > 4 * kMicrosPerDay;
    return {"auto", window.start, days ? 86'400 : 3600};
  }
  return {"24h", {call.now.micros - 23 * kMicrosPerHour}, 3600};
}

const ProjectRow* ProjectWithId(const std::vector<ProjectRow>& projects, ProjectId id) {
  for (const auto& project : projects) {
    if (project.id == id) return &project;
  }
  return nullptr;
}

struct ListAnswer {
  std::vector<IssueRow> issues;
  PageLinks links;
  IssueCount hits{0, kIssueHitsMax};
  std::string matching_event;
  std::string matching_environment;
};

using Counts = std::unordered_map<IssueId, std::int64_t>;

// Events and users in the window.
struct WindowCounts {
  Counts events;
  Counts users;
};

// An issue that lies wholly in the window needs no sum over its hours and days.
Result<WindowCounts> CountsOf(ApiCall& call, const IssueQuery& query,
                              const std::vector<IssueRow>& issues) {
  const CountWindow window{query.window.start, query.window.end, Environments(call)};
  WindowCounts whole;
  std::vector<IssueId> rest;
  for (const auto& issue : issues) {
    const bool inside = window.environments.empty() && issue.first_seen >= window.start &&
                        (query.filter.until_now || issue.last_seen <= window.end);
    if (inside) {
      whole.events[issue.id] = issue.times_seen;
      whole.users[issue.id] = issue.users_seen;
    } else {
      rest.push_back(issue.id);
    }
  }
  if (!PartsWanted(call.query).stats) return whole;  // nobody looks
  auto events = ReadIssueTotals(call.session, query.scope, rest, window);
  if (!events) return Fail(events.error());
  whole.events.merge(*events);
  auto users = ReadIssueUsers(call.session, query.scope, rest, window);
  if (!users) return Fail(users.error());
  whole.users.merge(*users);
  return whole;
}

Result<std::unordered_set<IssueId>> WithAttachments(ApiCall& call, const IssueQuery& query,
                                                    const std::vector<IssueId>& ids) {
  if (!PartsWanted(call.query).attachments) return std::unordered_set<IssueId>();
  return ReadIssuesWithAttachments(call.session, query.scope, ids);
}

using WriteRow = void (*)(const IssueView& view, JsonWriter& json);

Answer Respond(ApiCall& call, const IssueQuery& query, const ListAnswer& list,
               WriteRow write = &WriteListedIssue) {
  std::vector<IssueId> ids;
  for (const auto& issue : list.issues) ids.push_back(issue.id);
  auto counts = CountsOf(call, query, list.issues);
  if (!counts) return Fail(counts.error());
  auto with_files = WithAttachments(call, query, ids);
  if (!with_files) return Fail(with_files.error());
  auto facts = ReadTriageFacts(call.session, query.scope, ids);
  if (!facts) return Fail(facts.error());
  auto choice = ChooseStats(call, query.window);
  auto end = choice.name == "auto" ? query.window.end : call.now;
  CountWindow stats_window{choice.start, end, Environments(call)};
  auto buckets = choice.name.empty() ? std::vector<IssueBucket>()
                                     : ReadIssueBuckets(call.session, query.scope, ids,
                                                        stats_window, choice.bucket_s);
  if (!buckets) return Fail(buckets.error());
  auto organization_url = call.public_url + "/organizations/" + query.scope.OrganizationSlug();
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& issue : list.issues) {
    const auto* project = ProjectWithId(query.projects, issue.project);
    if (!project) continue;
    IssueView view{issue, *project, organization_url, counts->events[issue.id], {}, {}, {}};
    view.parts = PartsWanted(call.query);
    view.users = counts->users[issue.id];
    view.latest_has_attachments = with_files->contains(issue.id);
    if (!choice.name.empty()) {
      view.stats.emplace_back(choice.name,
                              MakeSeries(choice.start, end, choice.bucket_s, *buckets, issue.id));
    }
    view.triage = &(*facts)[issue.id];
    view.matching_event = list.matching_event;
    view.matching_environment = list.matching_environment;
    write(view, json);
  }
  json.EndArray();
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, list.links));
  out.headers.emplace_back("X-Hits", std::to_string(list.hits.hits));
  out.headers.emplace_back("X-Max-Hits", std::to_string(list.hits.max));
  return out;
}

Answer RespondDirectHit(ApiCall& call, IssueQuery& query, const DirectHit& hit) {
  ListAnswer list;
  auto issue = ReadIssue(call.session, query.scope, hit.issue);
  if (!issue) return Fail(issue.error());
  list.issues.push_back(std::move(*issue));
  list.hits.hits = 1;
  list.matching_event = hit.event;
  list.matching_environment = hit.environment;
  query.window = {{0}, call.now, true};  // a direct hit knows no window
  auto out = Respond(call, query, list);
  if (out) out->headers.emplace_back("X-Sentry-Direct-Hit", "1");
  return out;
}

PageLinks LinksOf(const IssueList& page, const std::optional<Cursor>& cursor) {
  PageLinks links;
  bool backwards = cursor && cursor->backwards;
  links.has_previous = backwards ? page.has_more : cursor.has_value();
  links.has_next = backwards || page.has_more;
  if (page.rows.empty()) {
    auto here = cursor.value_or(Cursor{});
    links.previous = {here.value, here.offset, true};
    links.next = {here.value, here.offset, false};
    return links;
  }
  const auto& first = page.rows.front();
  const auto& last = page.rows.back();
  links.previous = {first.sort_key, first.issue.id.value, true};
  links.next = {last.sort_key, last.issue.id.value, false};
  return links;
}

// A first page that holds everything needs no counting; nor is it worth its price where each
// issue's events have to be looked at: then there are the rows of the page and one more.
Result<IssueCount> CountHits(ApiCall& call, const IssueQuery& query, const IssueList& page,
                             bool is_first, int size) {
  auto rows = static_cast<std::int64_t>(page.rows.size());
  if (is_first && !page.has_more) return IssueCount{rows, kIssueHitsMax};
  if (is_first && page.is_dear) return IssueCount{size + 1, size + 1};
  return CountIssues(call.session, query.scope, query.filter);
}

}  // namespace

Result<IssuePage> LoadIssuePage(ApiCall& call, const IssueQuery& query) {
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  std::optional<IssuePosition> position;
  if (*cursor)
    position = IssuePosition{(*cursor)->value, {(*cursor)->offset}, (*cursor)->backwards};
  auto page = ListIssues(call.session, query.scope, query.filter, query.sort, position, *size);
  if (!page) return Fail(page.error());
  auto links = LinksOf(*page, *cursor);
  return IssuePage{std::move(*page), links, !*cursor, *size};
}

namespace {

Answer RespondList(ApiCall& call, IssueQuery query) {
  auto hit = FindDirectHit(call, query);
  if (!hit) return Fail(hit.error());
  if (*hit) return RespondDirectHit(call, query, **hit);
  auto page = LoadIssuePage(call, query);
  if (!page) return Fail(page.error());
  ListAnswer list;
  auto hits = CountHits(call, query, page->list, page->is_first, page->size);
  if (!hits) return Fail(hits.error());
  list.hits = *hits;
  list.links = page->links;
  for (auto& row : page->list.rows) list.issues.push_back(std::move(row.issue));
  return Respond(call, query, list);
}

}  // namespace

Answer ListIssuesOfOrganization(ApiCall& call) {
  auto query = IssueQueryOfOrganization(call);
  if (!query) return Fail(query.error());
  return RespondList(call, std::move(*query));
}

Answer ListIssuesOfProject(ApiCall& call) {
  auto query = IssueQueryOfProject(call);
  if (!query) return Fail(query.error());
  return RespondList(call, std::move(*query));
}

// [{"id", "count", ...}] of the issues that `groups` names, for lists that came without counts.
Answer ListIssueStats(ApiCall& call) {
  if (call.query.All("groups").empty()) return BadRequest("groups is required: ids of issues");
  auto query = IssueQueryOfOrganization(call, "");
  if (!query) return Fail(query.error());
  auto page = ListIssues(call.session, query->scope, query->filter, IssueSort::kLastSeen, {},
                         kStatsIssuesMax);
  if (!page) return Fail(page.error());
  ListAnswer list;
  for (auto& row : page->rows) list.issues.push_back(std::move(row.issue));
  list.hits.hits = static_cast<std::int64_t>(list.issues.size());
  return Respond(call, *query, list, &WriteIssueStats);
}

Answer RespondIssues(ApiCall& call, const Scope& scope, const std::vector<IssueId>& ids) {
  auto projects = ReadProjects(call.session, scope);
  if (!projects) return Fail(projects.error());
  IssueQuery query{scope, std::move(*projects), {}, {}, {{0}, call.now, true}, {}};
  query.filter.ids = ids;
  query.filter.nothing = ids.empty();
  query.filter.end = Timestamp{call.now.micros + 60 * kMicrosPerSecond};
  query.filter.until_now = true;
  return RespondList(call, std::move(query));
}

}  // namespace mishap

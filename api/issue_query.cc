#include "api/issue_query.h"

#include <utility>

#include "api/search/search_binder.h"
#include "base/bytes.h"

namespace mishap {
namespace {

// Searches that cannot be anything but text are not tried as ids.
constexpr std::size_t kIdBytesMax = 120;

Result<IssueSort> ParseSort(const std::string& text) {
  if (text.empty() || text == "date") return IssueSort::kLastSeen;
  if (text == "new") return IssueSort::kFirstSeen;
  if (text == "freq" || text == "count") return IssueSort::kEvents;
  if (text == "user") return IssueSort::kUsers;
  if (text == "trends" || text == "priority" || text == "betterPriority") return IssueSort::kTrends;
  if (text == "recommended") return IssueSort::kRecommended;
  if (text == "inbox") return IssueSort::kInbox;
  return BadRequest("Invalid sort: \"" + text +
                    "\". Valid values are date, new, freq, user, trends, recommended, inbox.");
}

// `group` (lists), `groups` (their counts) and `id` (bulk updates) name issues outright.
Status AddIds(const ApiCall& call, const IssueQuery& query, IssueFilter& filter) {
  bool named = false;
  for (std::string_view name : {"group", "groups", "id"}) {
    for (const auto& text : call.query.All(name)) {
      if (text.empty()) continue;
      named = true;
      auto digits = ParseDigits(text);
      auto id =
          digits ? std::optional<IssueId>(IssueId{*digits}) : FindShortId(query.projects, text);
      if (id) filter.ids.push_back(*id);
    }
  }
  if (named && filter.ids.empty()) filter.nothing = true;
  if (named) filter.start = {0};
  return {};
}

// Narrows `query` by another search.
Status AddSearch(const ApiCall& call, std::string_view text, IssueQuery& query) {
  SearchContext context{call.now, query.projects, query.scope.User()};
  auto tree = ReadSearch(text, context);
  if (!tree) return Fail(tree.error());
  std::vector<SearchNode> both;
  both.push_back(std::move(query.filter.search));
  both.push_back(std::move(*tree));
  query.filter.search = both[0].FitsAll() ? std::move(both[1]) : SearchNode::All(std::move(both));
  return {};
}

Status AddLegacyStatus(const ApiCall& call, IssueQuery& query) {
  auto status = call.query.GetOr("status", "");
  if (status.empty()) return {};
  return AddSearch(call, "is:\"" + status + "\"", query);
}

Result<IssueQuery> Finish(const ApiCall& call, IssueQuery query) {
  auto window = ParseTimeWindow(call.query, call.now);
  if (!window) return Fail(window.error());
  query.window = *window;
  query.filter.start = window->start;
  query.filter.end = window->end;
  // Clocks of several servers differ by moments: an issue of this instant must not wait for the
  // next second.
  query.filter.until_now = window->end == call.now;
  if (query.filter.until_now) query.filter.end.micros += 60 * kMicrosPerSecond;
  auto sort = ParseSort(call.query.GetOr("sort", ""));
  if (!sort) return Fail(sort.error());
  query.sort = *sort;
  query.filter.environments = Environments(call);
  if (auto ok = AddIds(call, query, query.filter); !ok) return Fail(ok.error());
  if (auto ok = AddLegacyStatus(call, query); !ok) return Fail(ok.error());
  bool unfiltered = call.query.Has("query") || call.query.Has("status") ||
                    !query.filter.ids.empty() || query.filter.nothing;
  query.search =
      std::string(TrimAscii(call.query.GetOr("query", unfiltered ? "" : "is:unresolved")));
  return query;
}

Result<IssueQuery> Parsed(const ApiCall& call, Result<IssueQuery> query) {
  if (!query) return query;
  // An id alone may be no search at all; FindDirectHit looks at it first.
  auto ok = AddSearch(call, query->search, *query);
  if (!ok && call.request.method != "PUT" && ParseId128<EventId>(query->search)) return query;
  if (!ok) return Fail(ok.error());
  return query;
}

// Everything but the search itself.
Result<IssueQuery> OfOrganization(const ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  IssueQuery query{NarrowedTo(*scope, *projects), std::move(*projects), {}, {}, {}, {}};
  return Finish(call, std::move(query));
}

}  // namespace

Result<IssueQuery> IssueQueryOfOrganization(const ApiCall& call) {
  return Parsed(call, OfOrganization(call));
}

Result<IssueQuery> IssueQueryOfOrganization(const ApiCall& call, const std::string& search) {
  auto query = OfOrganization(call);
  if (query) query->search = std::string(TrimAscii(search));
  return Parsed(call, std::move(query));
}

Result<IssueQuery> IssueQueryOfProject(const ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  IssueQuery query{found->scope, {found->project}, {}, {}, {}, {}};
  return Parsed(call, Finish(call, std::move(query)));
}

Result<std::optional<DirectHit>> FindDirectHit(const ApiCall& call, const IssueQuery& query) {
  std::optional<DirectHit> none;
  if (query.search.empty() || query.search.size() > kIdBytesMax) return none;
  if (auto id = ParseId128<EventId>(query.search)) {
    auto row = ReadEvent(call.session, query.scope, *id);
    if (!row)
      return row.error().reason == Reason::kNotFound
                 ? none
                 : Result<std::optional<DirectHit>>(Fail(row.error()));
    auto event = DecodeStored(call, *row);
    if (!event) return Fail(event.error());
    return DirectHit{row->issue, ToHex(row->id), event->environment};
  }
  if (auto id = FindShortId(query.projects, query.search)) {
    auto issue = ReadIssue(call.session, query.scope, *id);
    if (issue) return DirectHit{issue->id, {}, {}};
    if (issue.error().reason != Reason::kNotFound) return Fail(issue.error());
  }
  return none;
}

}  // namespace mishap

// The issue list: one page of issues by sort key, and their number. What a search means in SQL:
// search/search_plan.h.
#include <algorithm>
#include <array>
#include <string>

#include "storage/read_issues.h"
#include "storage/read_rows.h"
#include "storage/search/search_plan.h"
#include "storage/search/search_split.h"
#include "storage/sql.h"

namespace mishap {
namespace {

// Statuses that conditions outside of any OR leave; merged and deleted issues never show.
std::vector<std::int64_t> Statuses(const SearchNode& search) {
  std::vector<std::int64_t> out = {0, 1, 2};
  for (const auto* part : Conjuncts(search)) {
    if (part->kind != SearchNode::Kind::kLeaf) continue;
    const auto& leaf = part->leaf;
    if (leaf.subject != SearchSubject::kStatus || leaf.is_negated) continue;
    std::erase_if(out, [&](std::int64_t status) {
      return std::none_of(leaf.statuses.begin(), leaf.statuses.end(),
                          [&](const StatusPair& pair) { return pair.status == status; });
    });
  }
  return out;
}

std::string_view SortPart(IssueSort sort) {
  switch (sort) {
    case IssueSort::kLastSeen:
      return "issue_sort_last_seen";
    case IssueSort::kFirstSeen:
      return "issue_sort_first_seen";
    case IssueSort::kEvents:
      return "issue_sort_events";
    case IssueSort::kUsers:
      return "issue_sort_users";
    case IssueSort::kTrends:
      return "issue_sort_trends";
    case IssueSort::kRecommended:
      return "issue_sort_recommended";
    case IssueSort::kInbox:
      return "issue_sort_inbox";
  }
  return "issue_sort_last_seen";
}

// The parts that a page and a count share.
struct Filtered {
  SqlTemplate sql;
  std::string start;
  std::string end;
  SearchPlan plan;
  std::string filter;
  std::string candidates;
  bool nothing = false;
};

Result<Filtered> MakeFilter(Work& work, const Scope& scope, const IssueFilter& filter) {
  Filtered out;
  out.start = out.sql.Value(FormatTimestamp(filter.start));
  out.end = out.sql.Value(FormatTimestamp(filter.end));
  SearchWindow window{filter.start,     filter.end, filter.environments,
                      filter.until_now, out.start,  out.end};
  auto plan = PlanIssueSearch(work, scope, filter.search, window, out.sql);
  if (!plan) return Fail(plan.error());
  out.plan = std::move(*plan);
  out.nothing = out.plan.candidates && out.plan.candidates->empty();
  if (out.plan.condition != "true") out.filter = "and " + out.plan.condition;
  auto restrict_to = [&](const std::vector<std::int64_t>& ids) {
    out.candidates +=
        " " + SqlTemplate::Fill(Sql("issue_candidates"), {{"ids", out.sql.Value(ArrayParam(ids))}});
  };
  if (!filter.ids.empty()) restrict_to(NumbersOf(filter.ids));
  if (out.plan.candidates) restrict_to(*out.plan.candidates);
  return out;
}

std::string Position(const IssuePosition& position, bool walks, SqlTemplate& sql) {
  std::string name = walks ? "issue_position_last_seen_" : "issue_position_key_";
  name += position.backwards ? "before" : "after";
  auto at =
      walks ? FormatTimestamp(Timestamp{position.sort_key}) : std::to_string(position.sort_key);
  return SqlTemplate::Fill(
      Sql(name), {{"at", sql.Value(at)}, {"id", sql.Value(std::to_string(position.id.value))}});
}

std::string SortKey(IssueSort sort, const IssueFilter& filter, SqlTemplate& sql) {
  std::string environments;
  const bool users = sort == IssueSort::kUsers;
  if ((users || sort == IssueSort::kEvents) && !filter.environments.empty()) {
    environments = SqlTemplate::Fill(
        Sql("issue_sort_environments"),
        {{"of", users ? "u" : "c"}, {"names", sql.Value(ArrayParam(filter.environments))}});
  }
  return SqlTemplate::Fill(
      Sql(SortPart(sort)),
      {{"whole", filter.environments.empty() ? "true" : "false"}, {"environments", environments}});
}

std::string MakeList(Filtered& parts, const Scope& scope, const IssueFilter& filter, IssueSort sort,
                     const std::optional<IssuePosition>& position, int limit) {
  auto& sql = parts.sql;
  bool walks = sort == IssueSort::kLastSeen && parts.candidates.empty();
  std::string direction = position && position->backwards ? "asc" : "desc";
  auto inner = SqlTemplate::Fill(Sql(walks ? "issue_list_by_last_seen" : "issue_list_by_key"),
                                 {{"filter", parts.filter},
                                  {"candidates", parts.candidates},
                                  {"position", position ? Position(*position, walks, sql) : ""},
                                  {"sort_key", walks ? "" : SortKey(sort, filter, sql)},
                                  {"projects", sql.Value(ArrayParam(scope.Projects()))},
                                  {"statuses", sql.Value(ArrayParam(Statuses(filter.search)))},
                                  {"limit", sql.Value(std::to_string(limit))}});
  inner = SqlTemplate::Fill(inner,
                            {{"start", parts.start}, {"end", parts.end}, {"direction", direction}});
  return SqlTemplate::Fill(Sql("issue_list_columns"), {{"inner", inner}, {"direction", direction}});
}

}  // namespace

Result<IssueList> ListIssues(Session& session, const Scope& scope, const IssueFilter& filter,
                             IssueSort sort, const std::optional<IssuePosition>& position,
                             int limit) {
  if (filter.nothing || scope.Projects().empty()) return IssueList{};
  return Read(session, [&](Work& work) -> Result<IssueList> {
    auto parts = MakeFilter(work, scope, filter);
    if (!parts) return Fail(parts.error());
    IssueList list;
    if (parts->nothing) return list;
    auto text = MakeList(*parts, scope, filter, sort, position, limit + 1);
    for (const auto& row : work.RunText(text, parts->sql.Params())) {
      list.rows.push_back({IssueRowOf(row), row["sort_key"].as<std::int64_t>()});
    }
    list.is_dear = parts->plan.reads_events && !parts->plan.candidates;
    list.has_more = list.rows.size() > static_cast<std::size_t>(limit);
    if (list.has_more) list.rows.pop_back();
    if (position && position->backwards) std::reverse(list.rows.begin(), list.rows.end());
    return list;
  });
}

Result<IssueCount> CountIssues(Session& session, const Scope& scope, const IssueFilter& filter) {
  if (filter.nothing || scope.Projects().empty()) return IssueCount{0, kIssueHitsMax};
  return Read(session, [&](Work& work) -> Result<IssueCount> {
    auto parts = MakeFilter(work, scope, filter);
    if (!parts) return Fail(parts.error());
    bool is_dear = parts->plan.reads_events && !parts->plan.candidates;
    IssueCount out{0, is_dear ? kEventHitsMax : kIssueHitsMax};
    if (parts->nothing) return out;
    auto& sql = parts->sql;
    auto text = SqlTemplate::Fill(Sql("issue_list_count"),
                                  {{"filter", parts->filter},
                                   {"candidates", parts->candidates},
                                   {"projects", sql.Value(ArrayParam(scope.Projects()))},
                                   {"statuses", sql.Value(ArrayParam(Statuses(filter.search)))},
                                   {"limit", sql.Value(std::to_string(out.max))},
                                   {"start", parts->start},
                                   {"end", parts->end}});
    out.hits = work.RunText(text, sql.Params())[0][0].as<std::int64_t>();
    return out;
  });
}

}  // namespace mishap

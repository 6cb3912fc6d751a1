// The issue list: one page of issues by sort key, and the counts of the window beside them. What a
// filter means in SQL: issue_filter_sql.h.
#include <algorithm>
#include <string>

#include "storage/issue_filter_sql.h"
#include "storage/read_issues.h"
#include "storage/read_rows.h"
#include "storage/sql.h"

namespace mishap {
namespace {

std::string Statuses(const IssueFilter& filter) {
  std::vector<std::int64_t> out;
  if (!filter.statuses) return "{0,1,2}";  // merged and deleted issues never show
  for (auto status : *filter.statuses) out.push_back(static_cast<std::int64_t>(status));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()),
            out.end());  // twice in the list is not twice found
  return ArrayParam(out);
}

std::string_view SortPart(IssueSort sort) {
  switch (sort) {
    case IssueSort::kFirstSeen:
      return "issue_sort_first_seen";
    case IssueSort::kEvents:
      return "issue_sort_events";
    default:
      return "issue_sort_users";
  }
}

struct ListStatement {
  SqlTemplate sql;
  std::string text;
};

std::string Position(const IssuePosition& position, IssueSort sort, SqlTemplate& sql) {
  bool by_time = sort == IssueSort::kLastSeen;
  std::string name = by_time ? "issue_position_last_seen_" : "issue_position_key_";
  name += position.backwards ? "before" : "after";
  auto at =
      by_time ? FormatTimestamp(Timestamp{position.sort_key}) : std::to_string(position.sort_key);
  return SqlTemplate::Fill(
      Sql(name), {{"at", sql.Value(at)}, {"id", sql.Value(std::to_string(position.id.value))}});
}

ListStatement MakeList(const Scope& scope, const IssueFilter& filter, IssueSort sort,
                       const std::optional<IssuePosition>& position, int limit) {
  ListStatement out;
  auto& sql = out.sql;
  auto start = sql.Value(FormatTimestamp(filter.start));
  auto end = sql.Value(FormatTimestamp(filter.end));
  std::string direction = position && position->backwards ? "asc" : "desc";
  auto inner = SqlTemplate::Fill(
      Sql(sort == IssueSort::kLastSeen ? "issue_list_by_last_seen" : "issue_list_by_key"),
      {{"filter", IssueConditions(filter, start, end, sql)},
       {"position", position ? Position(*position, sort, sql) : ""},
       {"sort_key", std::string(Sql(SortPart(sort)))},
       {"projects", sql.Value(ArrayParam(scope.Projects()))},
       {"statuses", sql.Value(Statuses(filter))},
       {"limit", sql.Value(std::to_string(limit))}});
  inner = SqlTemplate::Fill(inner, {{"start", start}, {"end", end}, {"direction", direction}});
  out.text =
      SqlTemplate::Fill(Sql("issue_list_columns"), {{"inner", inner}, {"direction", direction}});
  return out;
}

}  // namespace

Result<IssueList> ListIssues(Session& session, const Scope& scope, const IssueFilter& filter,
                             IssueSort sort, const std::optional<IssuePosition>& position,
                             int limit) {
  if (filter.nothing || scope.Projects().empty()) return IssueList{};
  auto statement = MakeList(scope, filter, sort, position, limit + 1);
  return Read(session, [&](Work& work) {
    IssueList list;
    for (const auto& row : work.RunText(statement.text, statement.sql.Params())) {
      list.rows.push_back({IssueRowOf(row), row["sort_key"].as<std::int64_t>()});
    }
    list.has_more = list.rows.size() > static_cast<std::size_t>(limit);
    if (list.has_more) list.rows.pop_back();
    if (position && position->backwards) std::reverse(list.rows.begin(), list.rows.end());
    return list;
  });
}

Result<std::int64_t> CountIssues(Session& session, const Scope& scope, const IssueFilter& filter,
                                 int limit) {
  if (filter.nothing || scope.Projects().empty()) return 0;
  SqlTemplate sql;
  auto start = sql.Value(FormatTimestamp(filter.start));
  auto end = sql.Value(FormatTimestamp(filter.end));
  auto text = SqlTemplate::Fill(Sql("issue_list_count"),
                                {{"filter", IssueConditions(filter, start, end, sql)},
                                 {"projects", sql.Value(ArrayParam(scope.Projects()))},
                                 {"statuses", sql.Value(Statuses(filter))},
                                 {"limit", sql.Value(std::to_string(limit))},
                                 {"start", start},
                                 {"end", end}});
  return Read(session, [&](Work& work) {
    return work.RunText(text, sql.Params())[0][0].as<std::int64_t>();
  });
}

}  // namespace mishap

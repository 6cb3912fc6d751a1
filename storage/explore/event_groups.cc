#include "storage/explore/event_groups.h"

#include "storage/read_rows.h"
#include "storage/search/search_plan.h"
#include "storage/sql.h"
#include "storage/sql_template.h"

namespace mishap {
namespace {

std::string ColumnSql(const GroupColumn& column, SqlTemplate& sql) {
  switch (column.kind) {
    case GroupColumnKind::kIssue:
      return "i.id";
    case GroupColumnKind::kTitle:
      return "i.title";
    case GroupColumnKind::kCulprit:
      return "i.culprit";
    case GroupColumnKind::kType:
      return "i.type";
    case GroupColumnKind::kLocation:
      return "i.metadata->>'filename'";
    case GroupColumnKind::kErrorType:
      return "i.metadata->>'type'";
    case GroupColumnKind::kErrorValue:
      return "i.metadata->>'value'";
    case GroupColumnKind::kPlatform:
      return "i.platform";
    case GroupColumnKind::kProject:
      return "e.project_id";
    case GroupColumnKind::kLevel:
      return "e.level";
    case GroupColumnKind::kEnvironment:
      return "coalesce(v.name, '')";
    case GroupColumnKind::kRelease:
      return "r.version";
    case GroupColumnKind::kHour:
      return "date_trunc('hour', e.received_at, 'UTC')";
    case GroupColumnKind::kDay:
      return "date_trunc('day', e.received_at, 'UTC')";
    case GroupColumnKind::kTag:
      return SqlTemplate::Fill(Sql("event_groups_tag"), {{"key", sql.Value(column.key)}});
    case GroupColumnKind::kBucket: {
      const auto step = sql.Value(std::to_string(column.bucket_s)) + "::bigint";
      return "(floor(extract(epoch from e.received_at) / " + step + ") * " + step + ")::bigint";
    }
    case GroupColumnKind::kUser:
      break;
  }
  return "e.user_hash";
}

std::string AggregateSql(const Aggregate& aggregate, SqlTemplate& sql) {
  switch (aggregate.kind) {
    case AggregateKind::kCountUnique:
      return "count(distinct " + ColumnSql(aggregate.column, sql) + ")";
    case AggregateKind::kFirstSeen:
      return "min(e.received_at)";
    case AggregateKind::kLastSeen:
      return "max(e.received_at)";
    case AggregateKind::kLatestEvent:
      return "(array_agg(e.event_id order by e.received_at desc, e.event_id desc))[1]";
    case AggregateKind::kCount:
      break;
  }
  return "count(*)";
}

bool IsTime(const EventGroupQuery& query, std::size_t at) {
  if (at < query.columns.size()) {
    const auto kind = query.columns[at].kind;
    return kind == GroupColumnKind::kHour || kind == GroupColumnKind::kDay;
  }
  const auto kind = query.aggregates[at - query.columns.size()].kind;
  return kind == AggregateKind::kFirstSeen || kind == AggregateKind::kLastSeen;
}

bool IsEventId(const EventGroupQuery& query, std::size_t at) {
  return at >= query.columns.size() &&
         query.aggregates[at - query.columns.size()].kind == AggregateKind::kLatestEvent;
}

Result<std::string> MakeSql(Work& work, const Scope& scope, const EventGroupQuery& query,
                            SqlTemplate& sql) {
  std::string columns, group;
  for (std::size_t i = 0; i < query.columns.size(); ++i) {
    group += (i == 0 ? "group by " : ", ") + std::to_string(i + 1);
    columns += (i == 0 ? "" : ", ") + ColumnSql(query.columns[i], sql);
  }
  for (const auto& aggregate : query.aggregates) {
    columns += (columns.empty() ? "" : ", ") + AggregateSql(aggregate, sql);
  }
  std::string filter;
  if (!query.filter.environments.empty()) {
    filter = SqlTemplate::Fill(Sql("event_filter_environment"),
                               {{"values", sql.Value(ArrayParam(query.filter.environments))}});
  }
  auto search = PlanEventSearch(work, scope, query.filter.search, sql);
  if (!search) return search;
  // Rows of the same value stand in one order for all pages.
  std::string order = std::to_string(query.order_by + 1) +
                      (query.descending ? " desc nulls last" : " asc nulls last");
  for (std::size_t i = 0; i < query.columns.size(); ++i) order += ", " + std::to_string(i + 1);
  return SqlTemplate::Fill(Sql("event_groups"),
                           {{"columns", columns},
                            {"filter", filter + " " + *search},
                            {"group", group},
                            {"order", order},
                            {"projects", sql.Value(ArrayParam(scope.Projects()))},
                            {"start", sql.Value(FormatTimestamp(query.filter.start))},
                            {"end", sql.Value(FormatTimestamp(query.filter.end))},
                            {"limit", sql.Value(std::to_string(query.limit))},
                            {"offset", sql.Value(std::to_string(query.offset))}});
}

}  // namespace

Result<std::vector<EventGroup>> ListEventGroups(Session& session, const Scope& scope,
                                                const EventGroupQuery& query) {
  return Read(session, [&](Work& work) -> Result<std::vector<EventGroup>> {
    SqlTemplate sql;
    auto text = MakeSql(work, scope, query, sql);
    if (!text) return Fail(text.error());
    const auto rows = work.RunText(*text, sql.Params());
    std::vector<EventGroup> out;
    out.reserve(rows.size());
    for (const auto& row : rows) {
      EventGroup group(query.columns.size() + query.aggregates.size());
      for (std::size_t i = 0; i < group.size(); ++i) {
        const auto field = row[static_cast<pqxx::row::size_type>(i)];
        if (field.is_null()) continue;
        group[i] = IsTime(query, i)      ? FormatTimestamp(TimestampOf(field))
                   : IsEventId(query, i) ? ToHex(EventIdOf(field))
                                         : TextOf(field);
      }
      out.push_back(std::move(group));
    }
    return out;
  });
}

}  // namespace mishap

#include "storage/read_events.h"

#include <algorithm>

#include "base/bytes.h"
#include "storage/read_rows.h"
#include "storage/search/search_plan.h"
#include "storage/sql.h"
#include "storage/sql_template.h"

namespace mishap {
namespace {

StoredEventRow StoredEventOf(const pqxx::row& row) {
  StoredEventRow out;
  out.project = {row["project_id"].as<std::int64_t>()};
  out.id = EventIdOf(row["event_id"]);
  out.issue = {row["issue_id"].as<std::int64_t>()};
  out.hash = EncodeHex(BytesOf(row["hash"]));
  out.received_at = TimestampOf(row["received_at"]);
  out.occurred_at = TimestampOf(row["occurred_at"]);
  out.json_bytes = row["json_bytes"].as<std::int64_t>();
  out.payload = BytesOf(row["payload"]);
  return out;
}

Result<std::string> MakeEventList(Work& work, const Scope& scope, const EventFilter& filter,
                                  bool oldest_first, const std::optional<EventPosition>& position,
                                  int limit, SqlTemplate& sql) {
  auto start = filter.start;
  auto end = filter.end;
  if (position && oldest_first) start = std::max(start, position->received_at);
  if (position && !oldest_first) end = std::min(end, position->received_at);
  std::string environment;
  if (!filter.environments.empty()) {
    environment = SqlTemplate::Fill(Sql("event_filter_environment"),
                                    {{"values", sql.Value(ArrayParam(filter.environments))}});
  }
  auto search = PlanEventSearch(work, scope, filter.search, sql);
  if (!search) return search;
  std::string direction = oldest_first ? "asc" : "desc";
  auto inner =
      SqlTemplate::Fill(Sql(filter.issue ? "event_list_of_issue" : "event_list_of_projects"),
                        {{"filter", environment + " " + *search},
                         {"projects", sql.Value(ArrayParam(scope.Projects()))},
                         {"start", sql.Value(FormatTimestamp(start))},
                         {"end", sql.Value(FormatTimestamp(end))},
                         {"limit", sql.Value(std::to_string(limit))},
                         {"skip", sql.Value(std::to_string(position ? position->skip : 0))},
                         {"direction", direction}});
  if (filter.issue) {
    inner = SqlTemplate::Fill(inner, {{"issue", sql.Value(std::to_string(filter.issue->value))}});
  }
  return SqlTemplate::Fill(Sql("event_columns"), {{"inner", inner}, {"direction", direction}});
}

std::optional<EventId> FirstId(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return EventIdOf(rows[0][0]);
}

}  // namespace

Result<std::vector<StoredEventRow>> ListEvents(Session& session, const Scope& scope,
                                               const EventFilter& filter, bool oldest_first,
                                               const std::optional<EventPosition>& position,
                                               int limit) {
  return Read(session, [&](Work& work) -> Result<std::vector<StoredEventRow>> {
    SqlTemplate sql;
    auto text = MakeEventList(work, scope, filter, oldest_first, position, limit, sql);
    if (!text) return Fail(text.error());
    std::vector<StoredEventRow> out;
    for (const auto& row : work.RunText(*text, sql.Params())) out.push_back(StoredEventOf(row));
    return out;
  });
}

Result<StoredEventRow> ReadEvent(Session& session, const Scope& scope, EventId id) {
  return Read(session, [&](Work& work) -> Result<StoredEventRow> {
    auto rows = work.Run("event_by_id", ArrayParam(scope.Projects()), id);
    if (rows.empty()) return Fail(Reason::kNotFound, "no such event");
    return StoredEventOf(rows[0]);
  });
}

Result<std::vector<IssueOfEvent>> ReadIssuesOfEvents(Session& session, const Scope& scope,
                                                     const std::vector<EventId>& ids) {
  std::vector<std::string> names;
  names.reserve(ids.size());
  for (const EventId& id : ids) names.push_back(ToHex(id));
  return Read(session, [&](Work& work) {
    std::vector<IssueOfEvent> out;
    for (const auto& row :
         work.Run("issues_of_events", ArrayParam(scope.Projects()), ArrayParam(names))) {
      out.push_back({EventIdOf(row["event_id"]),
                     {row["issue_id"].as<std::int64_t>()},
                     row["slug"].as<std::string>()});
    }
    return out;
  });
}

Result<StoredEventRow> ReadSample(Session& session, const Scope& scope, IssueId issue) {
  return Read(session, [&](Work& work) -> Result<StoredEventRow> {
    auto rows = work.Run("event_sample_of_issue", ArrayParam(scope.Projects()), issue);
    if (rows.empty()) return Fail(Reason::kNotFound, "no event is kept");
    return StoredEventOf(rows[0]);
  });
}

Result<EventNeighbours> ReadNeighbours(Session& session, const Scope& scope,
                                       const StoredEventRow& event,
                                       const std::vector<std::string>& environments) {
  return Read(session, [&](Work& work) {
    auto projects = ArrayParam(scope.Projects());
    auto names = NamesParam(environments);
    auto at = event.received_at;
    return EventNeighbours{
        FirstId(work.Run("event_before", projects, event.issue, at, event.id, names)),
        FirstId(work.Run("event_after", projects, event.issue, at, event.id, names))};
  });
}

}  // namespace mishap

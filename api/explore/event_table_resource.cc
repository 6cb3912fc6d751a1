// /events/: rows of events with chosen columns, or events counted in groups (web-api 2.12). The
// data sets of what Mishap does not keep (logs, spans, ...) are empty.
#include <algorithm>

#include "api/event_page.h"
#include "api/explore/event_cell.h"
#include "api/explore/event_field.h"
#include "api/explore/event_set.h"
#include "api/explore/resources.h"
#include "base/bytes.h"

namespace mishap {
namespace {

// Groups beyond this are not paged to.
constexpr std::int64_t kGroupsMax = 10'000;

struct Table {
  Scope scope;  // narrowed to the projects
  std::vector<ProjectRow> projects;
  std::vector<EventField> fields;  // as asked
  std::string data_set;
};

void WriteMeta(const Table& table, JsonWriter& json) {
  json.Key("meta").BeginObject().Key("fields").BeginObject();
  for (const auto& field : table.fields) json.Field(field.text, field.type);
  json.EndObject().Key("units").BeginObject();
  for (const auto& field : table.fields) json.Key(field.text).Null();
  json.EndObject().Field("isMetricsData", false).Field("isMetricsExtractedData", false);
  json.Key("tips").BeginObject().EndObject().Field("datasetReason", "unchanged");
  json.Field("dataset", table.data_set).EndObject();
}

template <class WriteRows>
HttpMessageResponse RespondTable(const ApiCall& call, const Table& table, const PageLinks& links,
                                 WriteRows write_rows) {
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("data").BeginArray();
  write_rows(json);
  json.EndArray();
  WriteMeta(table, json);
  json.EndObject();
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, links));
  return out;
}

HttpMessageResponse RespondNothing(const ApiCall& call, const Table& table) {
  return RespondTable(call, table, {}, [](JsonWriter&) {});
}

const ProjectRow* ProjectWithId(const std::vector<ProjectRow>& projects, ProjectId id) {
  auto found = std::find_if(projects.begin(), projects.end(),
                            [&](const ProjectRow& project) { return project.id == id; });
  return found == projects.end() ? nullptr : &*found;
}

// Each row has id and project.name, whatever was asked for.
Status WriteEventRow(ApiCall& call, const Table& table, const StoredEventRow& row,
                     JsonWriter& json) {
  const auto* project = ProjectWithId(table.projects, row.project);
  if (!project) return {};
  auto event = DecodeStored(call, row);
  if (!event) return Fail(event.error());
  const auto cells = CellsOf(*event, row, *project);
  bool has_id = false, has_project = false;
  json.BeginObject();
  for (const auto& field : table.fields) {
    has_id = has_id || field.text == "id";
    has_project = has_project || field.text == "project.name";
    json.Key(field.text);
    WriteEventCell(field, cells, json);
  }
  if (!has_id) json.Field("id", ToHex(row.id));
  if (!has_project) json.Field("project.name", project->slug);
  json.EndObject();
  return {};
}

Answer RespondRows(ApiCall& call, const Table& table, EventFilter filter,
                   const std::optional<EventOrder>& order) {
  if (order && table.fields[order->field].cell != EventCell::kTimestamp) {
    return BadRequest(
        "Events one by one are sorted by timestamp only; with an aggregate such as count() among "
        "the fields any of them sorts.");
  }
  auto page = LoadEventPage(call, table.scope, std::move(filter));
  if (!page) return Fail(page.error());
  Status failed;
  auto out = RespondTable(call, table, page->links, [&](JsonWriter& json) {
    for (const auto& row : page->rows) {
      if (failed) failed = WriteEventRow(call, table, row, json);
    }
  });
  if (!failed) return Fail(failed.error());
  return out;
}

Aggregate AggregateOf(const EventField& field) {
  switch (field.function) {
    case EventFunction::kCountUnique:
      return {AggregateKind::kCountUnique, *field.group};
    case EventFunction::kFirst:
      return {AggregateKind::kFirstSeen, {}};
    case EventFunction::kLast:
      return {AggregateKind::kLastSeen, {}};
    case EventFunction::kLatestEvent:
      return {AggregateKind::kLatestEvent, {}};
    default:
      return {AggregateKind::kCount, {}};
  }
}

// Where each field stands in a group's values: columns first, then aggregates.
Result<std::vector<std::size_t>> AddFields(const Table& table, EventGroupQuery& query) {
  for (const auto& field : table.fields) {
    if (IsAggregate(field)) continue;
    if (!field.group) {
      return BadRequest("Invalid query. Events cannot be grouped by " + field.text +
                        ": they keep it in their payload only. Leave it out, or leave the "
                        "aggregates out.");
    }
    query.columns.push_back(*field.group);
  }
  std::vector<std::size_t> out;
  out.reserve(table.fields.size());
  std::size_t column = 0;
  for (const auto& field : table.fields) {
    if (!IsAggregate(field)) {
      out.push_back(column++);
      continue;
    }
    out.push_back(query.columns.size() + query.aggregates.size());
    query.aggregates.push_back(AggregateOf(field));
  }
  return out;
}

Answer RespondGroups(ApiCall& call, const Table& table, EventFilter filter,
                     const std::optional<EventOrder>& order) {
  EventGroupQuery query;
  auto places = AddFields(table, query);
  if (!places) return Fail(places.error());
  if (auto ok = SetEventWindow(call, filter); !ok) return Fail(ok.error());
  query.filter = std::move(filter);
  query.order_by = order ? (*places)[order->field] : query.columns.size();
  query.descending = !order || order->descending;
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  query.offset = *cursor ? std::clamp<std::int64_t>((*cursor)->offset, 0, kGroupsMax) : 0;
  query.limit = *size + 1;
  auto groups = ListEventGroups(call.session, table.scope, query);
  if (!groups) return Fail(groups.error());
  PageLinks links;
  links.has_next = groups->size() > static_cast<std::size_t>(*size);
  if (links.has_next) groups->pop_back();
  links.has_next = links.has_next && query.offset + *size <= kGroupsMax;
  links.next = {0, query.offset + *size, false};
  links.has_previous = query.offset > 0;
  links.previous = {0, std::max<std::int64_t>(0, query.offset - *size), true};
  const double window_s =
      static_cast<double>(query.filter.end.micros - query.filter.start.micros) / kMicrosPerSecond;
  return RespondTable(call, table, links, [&](JsonWriter& json) {
    for (const auto& group : *groups) {
      json.BeginObject();
      for (std::size_t i = 0; i < table.fields.size(); ++i) {
        const auto& field = table.fields[i];
        json.Key(field.text);
        WriteGroupCell(field, group[(*places)[i]], table.projects, window_s, json);
      }
      json.EndObject();
    }
  });
}

}  // namespace

Answer ListEventTable(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  Table table{NarrowedTo(*scope, *projects), std::move(*projects), {}, {}};
  auto data_set = DataSetOf(call.query.GetOr("dataset", ""));
  if (!data_set) return Fail(data_set.error());
  table.data_set = data_set->name;
  if (!data_set->is_kept) return RespondNothing(call, table);
  auto fields = ParseEventFields(call.query.All("field"));
  if (!fields) return Fail(fields.error());
  table.fields = std::move(*fields);
  auto order = ParseEventOrder(call.query.GetOr("sort", ""), table.fields);
  // The order they stand in anyway needs no column of its own.
  if (!order && call.query.GetOr("sort", "").ends_with("timestamp")) {
    order = std::optional<EventOrder>();
  }
  if (!order) return Fail(order.error());
  auto search = EventSearch(call, table.projects, table.scope);
  if (!search) return Fail(search.error());
  EventFilter filter;
  filter.search = std::move(*search);
  if (table.projects.empty()) return RespondNothing(call, table);
  if (std::any_of(table.fields.begin(), table.fields.end(), IsAggregate)) {
    return RespondGroups(call, table, std::move(filter), *order);
  }
  return RespondRows(call, table, std::move(filter), *order);
}

}  // namespace mishap

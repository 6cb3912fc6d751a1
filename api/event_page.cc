#include "api/event_page.h"

#include <algorithm>

#include "api/event_shape.h"
#include "api/search/search_binder.h"
#include "api/time_window.h"
#include "base/bytes.h"
#include "storage/typed/user_report.h"

namespace mishap {
namespace {

// A cursor that skips further within one instant than this was not made by us.
constexpr std::int64_t kSkipMax = 1'000'000;

Result<std::optional<ReleaseRow>> ReleaseOf(ApiCall& call, const Scope& scope, const Event& event,
                                            ProjectId project) {
  if (event.release.empty()) return std::optional<ReleaseRow>();
  return ReadRelease(call.session, scope, project, event.release);
}

Result<EventPage> LoadPage(ApiCall& call, const Scope& scope, const EventFilter& filter) {
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  if (*cursor && (*cursor)->offset > kSkipMax) return BadRequest("Invalid cursor parameter.");
  std::optional<EventPosition> position;
  if (*cursor) position = EventPosition{{(*cursor)->value}, (*cursor)->offset};
  bool oldest_first = call.query.GetOr("sort", "-timestamp") == "timestamp";
  bool backwards = *cursor && (*cursor)->backwards;
  auto rows =
      ListEvents(call.session, scope, filter, oldest_first != backwards, position, *size + 1);
  if (!rows) return Fail(rows.error());
  bool has_more = rows->size() > static_cast<std::size_t>(*size);
  if (has_more) rows->pop_back();
  if (backwards) std::reverse(rows->begin(), rows->end());
  EventPage page;
  page.links = EventLinks(*rows, *cursor, has_more);
  page.rows = std::move(*rows);
  return page;
}

}  // namespace

Status SetEventWindow(const ApiCall& call, EventFilter& filter) {
  auto window = ParseTimeWindow(call.query, call.now);
  if (!window) return Fail(window.error());
  filter.start = window->start;
  filter.end =
      window->end == call.now ? Timestamp{call.now.micros + 60 * kMicrosPerSecond} : window->end;
  filter.environments = Environments(call);
  return {};
}

Result<EventPage> LoadEventPage(ApiCall& call, const Scope& scope, EventFilter filter) {
  if (auto ok = SetEventWindow(call, filter); !ok) return Fail(ok.error());
  return LoadPage(call, scope, filter);
}

PageLinks EventLinks(const std::vector<StoredEventRow>& rows, const std::optional<Cursor>& cursor,
                     bool has_more) {
  PageLinks links;
  bool backwards = cursor && cursor->backwards;
  links.has_previous = backwards ? has_more : cursor.has_value();
  links.has_next = backwards || has_more;
  auto here = cursor.value_or(Cursor{});
  if (rows.empty()) {
    links.previous = {here.value, here.offset, true};
    links.next = {here.value, here.offset, false};
    return links;
  }
  // Rows of the same instant cannot be told apart by the instant: count those already shown. A page
  // that is all one instant goes on where the cursor stood.
  auto shown = [&](Timestamp at, bool towards_previous) {
    auto same = std::count_if(rows.begin(), rows.end(),
                              [&](const StoredEventRow& row) { return row.received_at == at; });
    bool same_as_cursor = cursor && backwards == towards_previous && here.value == at.micros;
    return static_cast<std::int64_t>(same) + (same_as_cursor ? here.offset : 0);
  };
  auto first = rows.front().received_at;
  auto last = rows.back().received_at;
  links.previous = {first.micros, shown(first, true), true};
  links.next = {last.micros, shown(last, false), false};
  return links;
}

Status WriteEventObject(ApiCall& call, const Scope& scope, const StoredEventRow& row,
                        JsonWriter& json) {
  auto event = DecodeStored(call, row);
  if (!event) return Fail(event.error());
  auto release = ReleaseOf(call, scope, *event, row.project);
  if (!release) return Fail(release.error());
  auto neighbours = ReadNeighbours(call.session, scope, row, Environments(call));
  if (!neighbours) return Fail(neighbours.error());
  auto report = ReadEventReport(call.session, scope, row.id);
  if (!report) return Fail(report.error());
  WriteEventDetail(*event, {row, *neighbours, *release, *report ? &**report : nullptr}, json);
  return {};
}

Answer RespondEvents(ApiCall& call, const Scope& scope, EventFilter filter) {
  auto page = LoadEventPage(call, scope, std::move(filter));
  if (!page) return Fail(page.error());
  bool full = call.query.IsTrue("full");
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& row : page->rows) {
    auto event = DecodeStored(call, row);
    if (!event) return Fail(event.error());
    if (full) {
      WriteEventDetail(*event, {row, std::nullopt, std::nullopt}, json);
    } else {
      WriteEventSimple(*event, row, json);
    }
  }
  json.EndArray();
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, page->links));
  return out;
}

Answer RespondEvent(ApiCall& call, const Scope& scope, const StoredEventRow& row) {
  std::string body;
  JsonWriter json(body);
  if (auto ok = WriteEventObject(call, scope, row, json); !ok) return Fail(ok.error());
  return RespondJson(200, std::move(body));
}

Answer RespondEventJson(ApiCall& call, const StoredEventRow& row) {
  auto text = call.codec.Decompress(row.payload, kStoredJsonBytesMax);
  if (!text) return Fail(text.error());
  return RespondJson(200, std::move(*text));
}

Result<SearchNode> EventSearch(const ApiCall& call, const std::vector<ProjectRow>& projects,
                               const Scope& scope) {
  SearchContext context{call.now, projects, scope.User()};
  return ReadSearch(TrimAscii(call.query.GetOr("query", "")), context);
}

Result<EventId> EventIdFromPath(const ApiCall& call) {
  auto id = ParseId128<EventId>(call.path.Get("e"));
  if (!id) return NotFound();
  return id;
}

}  // namespace mishap

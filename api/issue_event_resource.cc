// Events of an issue (web-api 2.4, 2.9).
#include "api/event_page.h"
#include "api/resources.h"
#include "api/time_window.h"

namespace mishap {
namespace {

// How many of the newest events are looked at for the recommended one.
constexpr int kRecommendedAmong = 20;

Result<EventFilter> FilterFor(const ApiCall& call, const IssueOnPath& found) {
  auto window = ParseTimeWindow(call.query, call.now);
  if (!window) return Fail(window.error());
  auto search = EventSearch(call, {found.project}, found.scope);
  if (!search) return Fail(search.error());
  EventFilter filter;
  filter.search = std::move(*search);
  filter.issue = found.issue.id;
  filter.environments = Environments(call);
  filter.start = window->is_default ? Timestamp{0} : window->start;
  filter.end =
      window->end == call.now ? Timestamp{call.now.micros + 60 * kMicrosPerSecond} : window->end;
  return filter;
}

// Fewest processing errors, then the newest.
Result<StoredEventRow> Recommended(ApiCall& call, std::vector<StoredEventRow> rows) {
  std::size_t best = 0;
  std::size_t best_errors = ~std::size_t{0};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto event = DecodeStored(call, rows[i]);
    if (!event) return Fail(event.error());
    if (event->errors.size() < best_errors) {
      best_errors = event->errors.size();
      best = i;
    }
  }
  return std::move(rows[best]);
}

Result<StoredEventRow> NamedEvent(ApiCall& call, const IssueOnPath& found, std::string_view name) {
  auto filter = FilterFor(call, found);
  if (!filter) return Fail(filter.error());
  int limit = name == "recommended" ? kRecommendedAmong : 1;
  auto rows = ListEvents(call.session, found.scope, *filter, name == "oldest", {}, limit);
  if (!rows) return Fail(rows.error());
  if (rows->empty()) {
    // All events have left with their days: the sample stays as long as the issue.
    if (!filter->environments.empty() || !filter->search.FitsAll()) return NotFound();
    return ReadSample(call.session, found.scope, found.issue.id);
  }
  return Recommended(call, std::move(*rows));
}

}  // namespace

Result<StoredEventRow> EventOfIssueFromPath(ApiCall& call, const IssueOnPath& found) {
  const auto& name = call.path.Get("e");
  if (name == "latest" || name == "oldest" || name == "recommended") {
    return NamedEvent(call, found, name);
  }
  auto id = EventIdFromPath(call);
  if (!id) return Fail(id.error());
  auto row = ReadEvent(call.session, found.scope, *id);
  if (row && row->issue != found.issue.id) return NotFound();
  return row;
}

Answer ListIssueEvents(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto search = EventSearch(call, {found->project}, found->scope);
  if (!search) return Fail(search.error());
  EventFilter filter;
  filter.issue = found->issue.id;
  filter.search = std::move(*search);
  return RespondEvents(call, found->scope, std::move(filter));
}

Answer GetIssueEvent(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto row = EventOfIssueFromPath(call, *found);
  if (!row) return Fail(row.error());
  return RespondEvent(call, found->scope, *row);
}

Answer GetIssueEventJson(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto row = EventOfIssueFromPath(call, *found);
  if (!row) return Fail(row.error());
  return RespondEventJson(call, *row);
}

}  // namespace mishap

// Pages of events: of an issue or of a project. Cursors are (received_at in microseconds, rows of
// that instant to skip).
#pragma once

#include "api/call.h"
#include "api/pagination.h"
#include "base/json_writer.h"

namespace mishap {

// Documents that were accepted fit in this when unpacked.
inline constexpr std::size_t kStoredJsonBytesMax = 64u << 20;

struct EventPage {
  std::vector<StoredEventRow> rows;  // in list order
  PageLinks links;
};

// Window and environments of the request. Errors: invalid_argument.
Status SetEventWindow(const ApiCall& call, EventFilter& filter);
// A page of the list `filter` describes; window, environments, sort and paging come from the query.
// Errors: invalid_argument.
Result<EventPage> LoadEventPage(ApiCall& call, const Scope& scope, EventFilter filter);

// Answers the list `filter` describes, simple or (`full=1`) in detail; window, environments, sort
// and paging come from the query.
Answer RespondEvents(ApiCall& call, const Scope& scope, EventFilter filter);
// One event with its neighbours within its issue.
Answer RespondEvent(ApiCall& call, const Scope& scope, const StoredEventRow& row);
// The canonical JSON as stored.
Answer RespondEventJson(ApiCall& call, const StoredEventRow& row);
// The event as an object of a larger answer.
Status WriteEventObject(ApiCall& call, const Scope& scope, const StoredEventRow& row,
                        JsonWriter& json);

// {e} below an issue: an event id, latest, oldest or recommended (among those that query and
// environment select). Errors: not_found, invalid_argument.
Result<StoredEventRow> EventOfIssueFromPath(ApiCall& call, const IssueOnPath& found);
// {o}, {p} and {e}.
struct ProjectEventOnPath {
  Scope scope;
  ProjectRow project;
  StoredEventRow row;
};
Result<ProjectEventOnPath> EventOfProjectFromPath(ApiCall& call);

// An event id of the path, with or without dashes. Errors: not_found for anything else.
Result<EventId> EventIdFromPath(const ApiCall& call);
// `query=`, for lists of events. Errors: invalid_argument "Error parsing search query: ...".
Result<SearchNode> EventSearch(const ApiCall& call, const std::vector<ProjectRow>& projects,
                               const Scope& scope);
// Where the page's neighbours begin. rows: in list order.
PageLinks EventLinks(const std::vector<StoredEventRow>& rows, const std::optional<Cursor>& cursor,
                     bool has_more);

}  // namespace mishap

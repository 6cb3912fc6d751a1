// Stored events: pages of an issue or a project, one by id, neighbours. Payloads stay frames of the
// PayloadCodec.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"
#include "storage/search/search_tree.h"

namespace mishap {

struct StoredEventRow {
  ProjectId project;
  EventId id;
  IssueId issue;
  std::string hash;  // 32 hex digits: the deciding key
  Timestamp received_at;
  Timestamp occurred_at;
  std::int64_t json_bytes = 0;
  std::string payload;  // PayloadCodec frame
};

struct EventFilter {
  std::optional<IssueId> issue;           // absent: all events of the scope's projects
  std::vector<std::string> environments;  // empty: all; "" among them: events without one
  Timestamp start;
  Timestamp end;      // inclusive
  SearchNode search;  // holds for each event
};

// Rows at or beyond `received_at` in the direction asked, without the first `skip` of them.
struct EventPosition {
  Timestamp received_at;
  std::int64_t skip = 0;
};

// Newest first, or oldest first; by (received_at, event_id). At most `limit` rows.
Result<std::vector<StoredEventRow>> ListEvents(Session& session, const Scope& scope,
                                               const EventFilter& filter, bool oldest_first,
                                               const std::optional<EventPosition>& position,
                                               int limit);
// not_found when no event of the scope has this id. Falls back to the sample kept with the hash
// row.
Result<StoredEventRow> ReadEvent(Session& session, const Scope& scope, EventId id);

// The issue an event came to.
struct IssueOfEvent {
  EventId event;
  IssueId issue;
  std::string project_slug;
};
// Of those among `ids` that are stored, in no order.
Result<std::vector<IssueOfEvent>> ReadIssuesOfEvents(Session& session, const Scope& scope,
                                                     const std::vector<EventId>& ids);

// The newest sample kept with the issue's hash rows: what is left when its events have left with
// their days.
Result<StoredEventRow> ReadSample(Session& session, const Scope& scope, IssueId issue);

struct EventNeighbours {
  std::optional<EventId> previous;  // older
  std::optional<EventId> next;      // newer
};
Result<EventNeighbours> ReadNeighbours(Session& session, const Scope& scope,
                                       const StoredEventRow& event,
                                       const std::vector<std::string>& environments);

// The hash rows of an issue: what events link to.
struct HashRow {
  std::string hash;  // 32 hex digits
  std::string algorithm;
  std::string kind;  // site | message | alias | custom
  std::string origin;
  std::int64_t times_seen = 0;
  Timestamp first_seen;
  Timestamp last_seen;
  EventId last_event_id;
  std::string explanation;  // PayloadCodec frame of the JSON tree; empty without a sample
};
// Latest first. not_found is the caller's to find out (ReadIssue).
Result<std::vector<HashRow>> ReadHashes(Session& session, const Scope& scope, IssueId issue);

}  // namespace mishap

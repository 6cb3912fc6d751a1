// Events of some projects counted in groups: "errors by release", "users per issue". What stands in
// payloads only is not to be grouped by. Beside read_events.h, which lists events one by one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/read_events.h"

namespace mishap {

enum class GroupColumnKind {
  kIssue,  // its id
  kTitle,  // of the issue, as are the next five
  kCulprit,
  kType,
  kLocation,
  kErrorType,
  kErrorValue,
  kPlatform,
  kProject,  // its id
  kLevel,    // event/event.h's number
  kEnvironment,
  kRelease,
  kHour,  // of received_at, UTC
  kDay,
  kTag,     // `key`: a tag that is rolled up
  kUser,    // only to be counted
  kBucket,  // of received_at, `bucket_s` seconds long: its start in seconds since 1970
};

struct GroupColumn {
  GroupColumnKind kind = GroupColumnKind::kTag;
  std::string key;
  std::int64_t bucket_s = 0;

  bool operator==(const GroupColumn&) const = default;
};

enum class AggregateKind { kCount, kCountUnique, kFirstSeen, kLastSeen, kLatestEvent };

struct Aggregate {
  AggregateKind kind = AggregateKind::kCount;
  GroupColumn column;  // of kCountUnique
};

struct EventGroupQuery {
  EventFilter filter;  // without an issue
  std::vector<GroupColumn> columns;
  std::vector<Aggregate> aggregates;  // at least one
  // Which of columns and then aggregates the rows are ordered by, and downwards or not.
  std::size_t order_by = 0;
  bool descending = true;
  int limit = 100;
  std::int64_t offset = 0;
};

// A row's values, columns first and then aggregates, in order; nullopt: there is none. Ids and
// counts as digits, times as FormatTimestamp writes them, event ids as 32 hexadecimal digits.
using EventGroup = std::vector<std::optional<std::string>>;

// Errors: those of a search (read_events.h); timeout where the window holds too much.
Result<std::vector<EventGroup>> ListEventGroups(Session& session, const Scope& scope,
                                                const EventGroupQuery& query);

}  // namespace mishap

// Stored events and hash rows of one project, read through once in order of their ids, chunk by
// chunk: for replaying them under another grouping. Read only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct ReplayRow {
  std::int64_t row = 0;
  std::int16_t algorithm = 1;
  std::int16_t kind = 1;
  Hash128 hash;
  std::int64_t issue = 0;
  bool is_active = true;  // neither split nor discarded
  std::string payload;    // of its sample; empty: an alias
};
// Behind `after`, by row.
Result<std::vector<ReplayRow>> ReadReplayRows(Session& session, const Scope& scope,
                                              ProjectId project, std::int64_t after, int limit);

struct ReplayEvent {
  EventId id;
  std::int64_t row = 0;
  std::int64_t issue = 0;
  std::string payload;
};
// Behind `after`, by id: ids are random, so the first ones are a fair sample. Events of discarded
// hashes are left out.
Result<std::vector<ReplayEvent>> ReadReplayEvents(Session& session, const Scope& scope,
                                                  ProjectId project, const EventId& after,
                                                  int limit);
// Of the project's issues, an estimate from their counts.
Result<std::int64_t> CountReplayEvents(Session& session, const Scope& scope, ProjectId project);

}  // namespace mishap

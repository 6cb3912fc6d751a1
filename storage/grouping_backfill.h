// The backfill of a changed grouping (grouping 15): hash rows keep a sample event each, and what
// these are called under the new version is written beside the old names, for the same issues.
// Storage only: who computes the keys is jobs/grouping_backfill.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "event/project_grouping.h"
#include "storage/connection.h"

namespace mishap {

struct BackfillTask {
  ProjectId project;
  GroupingSetup setup;
  std::string previous_algorithm;
  std::int64_t after_row = 0;  // done up to here
};
// The newest version of some project whose backfill is not done.
Result<std::optional<BackfillTask>> NextBackfill(Session& session);

struct BackfillSample {
  std::int64_t row = 0;
  std::int16_t algorithm = 1;
  std::int16_t kind = 1;
  Hash128 hash;
  std::string payload;
};
// By row, at most `limit` of those behind task.after_row. Aliases have no sample.
Result<std::vector<BackfillSample>> ReadBackfillSamples(Session& session, const BackfillTask& task,
                                                        int limit);

struct BackfilledKey {
  std::int64_t row = 0;  // whose sample it is
  std::int16_t algorithm = 1;
  std::int16_t kind = 1;
  Hash128 hash;
  std::optional<Hash128> alias;
  std::optional<Hash128> site;  // of a text (kind 2): the key it was split from
};
// Keys that have a row already stay as they are. upto: rows up to here are done; is_done: all are.
// Returns how many rows were made.
Result<std::int64_t> WriteBackfill(Session& session, const BackfillTask& task,
                                   const std::vector<BackfilledKey>& keys, std::int64_t upto,
                                   bool is_done);

}  // namespace mishap

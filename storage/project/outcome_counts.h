// What became of items, counted per hour (tenant.outcome), read in buckets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/outcome.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct OutcomeBucket {
  ProjectId project;
  std::int64_t start_s = 0;  // of the bucket, seconds since 1970, a multiple of bucket_s
  std::string category;
  Outcome outcome = Outcome::kAccepted;
  std::string reason;  // empty: accepted
  std::int64_t quantity = 0;
};

// Of the scope's projects, from the bucket `start` is in up to `end`. bucket_s: whole hours.
// key: only what came with this key.
Result<std::vector<OutcomeBucket>> ReadOutcomeBuckets(Session& session, const Scope& scope,
                                                      Timestamp start, Timestamp end,
                                                      std::int64_t bucket_s,
                                                      std::optional<KeyId> key);

}  // namespace mishap

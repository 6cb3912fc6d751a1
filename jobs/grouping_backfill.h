// The backfill after a project's grouping changed (grouping 15): the sample of every hash row is
// grouped again under the new version, so that also issues that are seen once a year keep their
// name. Idempotent; goes on where it stood.
#pragma once

#include "base/result.h"
#include "grouping/grouping_version.h"
#include "storage/connection.h"

namespace mishap {

// One run: at most this many samples, so that a lease is never held for long.
inline constexpr int kBackfillSamplesMax = 20'000;

Status BackfillGroupings(Session& session, const AlgorithmFinder& find);

}  // namespace mishap

// Reads samples of new hash rows and keeps what similar issues are found by.
#pragma once

#include "event/payload_codec.h"
#include "grouping/grouping.h"
#include "storage/connection.h"

namespace mishap {

inline constexpr int kSimilarSamplesPerRun = 500;

// One round, at most kSimilarSamplesPerRun samples. A payload that cannot be read is passed over
// and logged: it would stop all behind it.
Status ReadSimilarSamples(Session& session, const PayloadCodec& codec,
                          const GroupingAlgorithm& algorithm);

}  // namespace mishap

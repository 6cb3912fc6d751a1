// Makes DigestEvents and DigestBatches for tests of the digest writer: readable defaults,
// everything can be changed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/digest_batch.h"

namespace mishap {

inline const SpoolId kTestSpool{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};

EventId EventIdOf(std::uint64_t n);
Hash128 HashOf(std::uint64_t n);
// The last 12:00 UTC that is at least 3 hours ago plus `seconds`; near enough to now for every
// partition and retention.
Timestamp Noon(std::int64_t seconds = 0);

// Event `n` of `project`, grouped under HashOf(hash): release 1.0, environment production, tags
// browser and os.
DigestEvent MakeEvent(std::uint64_t n, std::uint64_t hash, std::int64_t project = 1);
// A batch of these events that moves kTestSpool from `expected`; seqs are given in order.
DigestBatch BatchOf(std::vector<DigestEvent> events, std::uint64_t expected);

}  // namespace mishap

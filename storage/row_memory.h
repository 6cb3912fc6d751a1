// RowMemory: what a digest writer remembers of hash rows between batches (grouping 14.2): which row
// a key has and in which state. A state holds for one epoch of its project (tenant.project_counter
// .row_epoch), which everything that changes states, frees keys or removes rows counts up. The
// issue a row points to is not remembered at all: the statement that counts says it, from the row
// it has locked. Bounded; nothing is remembered of keys that have no row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>

#include "storage/digest_keys.h"
#include "storage/known_facts.h"

namespace mishap {

// Bounds: entries, about 100 bytes each.
inline constexpr std::size_t kHashFactsMax = 400'000;
inline constexpr std::size_t kEpochFactsMax = 100'000;

struct KnownRow {
  std::int64_t id = 0;
  std::int16_t state = 0;
};

// One thread writes and looks up; any thread may ask Contains.
class RowMemory {
 public:
  explicit RowMemory(std::size_t rows_max = kHashFactsMax) : rows_(rows_max) {}

  // True if the key had a row at some time, whatever its state.
  bool Contains(const HashKey& key) const {
    std::lock_guard lock(mutex_);
    return rows_.Contains(key);
  }
  // The row as it was in the epoch that was set last; nullopt if that is not known.
  std::optional<KnownRow> Find(const HashKey& key);
  // As it stands in the project's epoch, which must have been set.
  void Add(const HashKey& key, const KnownRow& row);

  std::optional<std::int64_t> Epoch(std::int64_t project);
  // Of two epochs only the last one's rows are found.
  void SetEpoch(std::int64_t project, std::int64_t epoch);

  // The key has no row any more.
  void Forget(const HashKey& key);
  // After an attempt that failed: no row is found until it was looked at again.
  void Distrust();
  void Clear();

 private:
  struct Entry {
    KnownRow row;
    std::int64_t epoch = 0;
    std::uint32_t trust = 0;
  };

  mutable std::mutex mutex_;  // guards rows_
  KnownFacts<HashKey, Entry, HashKeyHash> rows_;
  KnownFacts<std::int64_t, std::int64_t> epochs_{kEpochFactsMax};
  std::uint32_t trust_ = 0;
};

}  // namespace mishap

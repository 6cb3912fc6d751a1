#include "storage/row_memory.h"

namespace mishap {

std::optional<KnownRow> RowMemory::Find(const HashKey& key) {
  const std::int64_t* epoch = epochs_.Find(key.project);
  if (epoch == nullptr) return std::nullopt;
  std::lock_guard lock(mutex_);
  const Entry* entry = rows_.Find(key);
  if (entry == nullptr || entry->trust != trust_ || entry->epoch != *epoch) return std::nullopt;
  return entry->row;
}

void RowMemory::Add(const HashKey& key, const KnownRow& row) {
  const std::int64_t* epoch = epochs_.Find(key.project);
  if (epoch == nullptr) return;
  std::lock_guard lock(mutex_);
  rows_.Add(key, {row, *epoch, trust_});
}

std::optional<std::int64_t> RowMemory::Epoch(std::int64_t project) {
  const std::int64_t* epoch = epochs_.Find(project);
  return epoch == nullptr ? std::nullopt : std::optional(*epoch);
}

void RowMemory::SetEpoch(std::int64_t project, std::int64_t epoch) {
  epochs_.Add(project, epoch);
}

void RowMemory::Forget(const HashKey& key) {
  std::lock_guard lock(mutex_);
  rows_.Remove(key);
}

void RowMemory::Distrust() {
  ++trust_;
  epochs_.Clear();
}

void RowMemory::Clear() {
  Distrust();
  std::lock_guard lock(mutex_);
  rows_.Clear();
}

}  // namespace mishap

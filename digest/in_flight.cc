#include "digest/in_flight.h"

#include <algorithm>
#include <utility>

namespace mishap {

std::optional<InFlight::Cursor> InFlight::WaitForCursor() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || cursor_.generation != 0; });
  if (closed_) return std::nullopt;
  return cursor_;
}

bool InFlight::HasRoom(const ReadBatch& batch) const {
  if (slots_.empty()) return true;
  return !batch.alone && !slots_.back().alone && slots_.size() < batches_max_;
}

std::optional<InFlight::Ticket> InFlight::Take() {
  std::unique_lock lock(mutex_);
  auto next = slots_.end();
  changed_.wait(lock, [&] {
    next = std::find_if(slots_.begin(), slots_.end(), [](const Slot& s) { return !s.taken; });
    return closed_ || next != slots_.end();
  });
  if (closed_) return std::nullopt;
  next->taken = true;
  return Ticket{next->number, std::move(next->batch)};
}

void InFlight::Finish(std::uint64_t number, PreparedWork work) {
  {
    std::lock_guard lock(mutex_);
    auto slot = std::find_if(slots_.begin(), slots_.end(),
                             [&](const Slot& s) { return s.number == number; });
    if (slot == slots_.end()) return;  // reading started anew meanwhile
    const auto& events = work.batch.Batch().events;
    if (!events.empty()) slot->since = std::min(slot->since, events.front().received_at);
    slot->prepared = std::move(work);
  }
  changed_.notify_all();
}

std::optional<PreparedWork> InFlight::WaitForFront() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return closed_ || (!slots_.empty() && slots_.front().prepared); });
  if (closed_) return std::nullopt;
  return std::move(slots_.front().prepared);
}

void InFlight::CommitDone() {
  {
    std::lock_guard lock(mutex_);
    slots_.pop_front();
  }
  changed_.notify_all();
}

void InFlight::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  changed_.notify_all();
}

std::optional<Timestamp> InFlight::OldestSince() const {
  std::lock_guard lock(mutex_);
  if (slots_.empty()) return std::nullopt;
  return slots_.front().since;
}

std::size_t InFlight::Size() const {
  std::lock_guard lock(mutex_);
  return slots_.size();
}

}  // namespace mishap

// InFlight: the batches between reader, workers and committer. Workers take them in any order, the
// committer gets them back in the order of the spool. Bounded; where reading stands is decided here
// too, because a fence moves it.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "digest/open_range.h"
#include "digest/prepared_batch.h"
#include "spool/spool.h"

namespace mishap {

// A batch as the reader formed it.
struct ReadBatch {
  std::uint64_t expected_seq = 0;
  std::vector<SpoolRecord> records;  // at least one
  Timestamp read_at;
  bool alone =
      false;  // pushed only into an empty pipeline; the next one waits until this one is committed
  bool give_up = false;  // one record that goes to dead_letter undecoded
  SeqRange Range() const { return {records.front().seq, records.back().seq + 1}; }
};

struct PreparedWork {
  PreparedBatch batch;
  SeqRange range;
};

class InFlight {
 public:
  explicit InFlight(std::size_t batches_max) : batches_max_(batches_max) {}

  // Committer: reading goes on at `seq`; whatever was in flight is dropped. `while_empty` runs
  // under the lock, when nothing is in flight and nothing can be pushed.
  template <class F>
  void RestartAt(std::uint64_t seq, F while_empty);

  // Reader: where to read. Waits for the first RestartAt; nullopt once closed.
  struct Cursor {
    std::uint64_t generation = 0;
    std::uint64_t seq = 0;
  };
  std::optional<Cursor> WaitForCursor();
  // Reader: waits for room (alone: for emptiness). False when the cursor is outdated or InFlight is
  // closed: the batch is dropped, read again from WaitForCursor(). `before_visible` runs under the
  // lock just before workers can see it.
  template <class F>
  bool Push(const Cursor& cursor, ReadBatch batch, F before_visible);

  // Worker: the next batch to prepare; nullopt once closed.
  struct Ticket {
    std::uint64_t number = 0;
    ReadBatch batch;
  };
  std::optional<Ticket> Take();
  void Finish(std::uint64_t number, PreparedWork work);

  // Committer: the oldest batch, once it is prepared. It stays in flight until CommitDone. nullopt
  // once closed.
  std::optional<PreparedWork> WaitForFront();
  void CommitDone();

  void Close();
  // received_at of the oldest event in flight as far as it is known; nullopt when nothing is.
  std::optional<Timestamp> OldestSince() const;
  std::size_t Size() const;

 private:
  struct Slot {
    std::uint64_t number = 0;
    ReadBatch batch;
    std::optional<PreparedWork> prepared;
    bool taken = false;
    bool alone = false;
    Timestamp since;
  };
  bool HasRoom(const ReadBatch& batch) const;

  const std::size_t batches_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;
  std::uint64_t next_number_ = 1;
  Cursor cursor_;  // generation 0: not known yet
  bool closed_ = false;
};

template <class F>
void InFlight::RestartAt(std::uint64_t seq, F while_empty) {
  {
    std::lock_guard lock(mutex_);
    slots_.clear();
    ++cursor_.generation;
    cursor_.seq = seq;
    while_empty();
  }
  changed_.notify_all();
}

template <class F>
bool InFlight::Push(const Cursor& cursor, ReadBatch batch, F before_visible) {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(
        lock, [&] { return closed_ || cursor_.generation != cursor.generation || HasRoom(batch); });
    if (closed_ || cursor_.generation != cursor.generation) return false;
    before_visible();
    Slot slot;
    slot.number = next_number_++;
    slot.since = batch.read_at;
    slot.alone = batch.alone;
    cursor_.seq = batch.records.back().seq + 1;
    slot.batch = std::move(batch);
    slots_.push_back(std::move(slot));
  }
  changed_.notify_all();
  return true;
}

}  // namespace mishap

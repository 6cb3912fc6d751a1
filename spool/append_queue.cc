#include "spool/append_queue.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

namespace mishap {

Status AppendQueue::Push(PendingAppend&& append) {
  {
    std::lock_guard lock(mutex_);
    if (closed_) return Fail(Reason::kUnavailable, "the spool is closing");
    if (pending_bytes_ > 0 && pending_bytes_ + append.bytes > options_.pending_bytes_max) {
      return Fail(Reason::kOverloaded, fmt::format("{} bytes wait for the disk, the limit is {}",
                                                   pending_bytes_, options_.pending_bytes_max));
    }
    pending_bytes_ += append.bytes;
    waiting_.push_back(std::move(append));
  }
  work_.notify_one();
  return {};
}

std::vector<PendingAppend> AppendQueue::TakeGroup() {
  std::vector<PendingAppend> group;
  std::uint64_t bytes = 0;
  std::size_t records = 0;
  std::lock_guard lock(mutex_);
  while (!waiting_.empty()) {
    PendingAppend& next = waiting_.front();
    bytes += next.bytes;
    records += next.records.size();
    bool fits = bytes <= options_.group_bytes_max && records <= options_.group_records_max;
    if (!group.empty() && !fits) break;
    group.push_back(std::move(next));
    waiting_.pop_front();
  }
  return group;
}

std::vector<PendingAppend> AppendQueue::TakeAll() {
  std::lock_guard lock(mutex_);
  std::vector<PendingAppend> all(std::make_move_iterator(waiting_.begin()),
                                 std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  return all;
}

void AppendQueue::Finish(const std::vector<PendingAppend>& group) {
  std::lock_guard lock(mutex_);
  for (const PendingAppend& append : group) pending_bytes_ -= append.bytes;
}

bool AppendQueue::WaitForWork() {
  std::unique_lock lock(mutex_);
  work_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
  return !waiting_.empty();
}

void AppendQueue::Close() {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }
  work_.notify_all();
}

bool AppendQueue::IsClosed() const {
  std::lock_guard lock(mutex_);
  return closed_;
}

std::uint64_t AppendQueue::PendingBytes() const {
  std::lock_guard lock(mutex_);
  return pending_bytes_;
}

}  // namespace mishap

#include "storage/reader_pool.h"

#include <utility>

namespace mishap {

ReaderPool::ReaderPool(const ConnectionSettings& settings, std::size_t sessions_max,
                       std::chrono::milliseconds wait_max)
    : wait_max_(wait_max) {
  for (std::size_t i = 0; i < sessions_max; ++i) {
    idle_.push_back(std::make_unique<Session>(settings));
  }
}

Result<ReaderPool::Lease> ReaderPool::Acquire() {
  std::unique_lock lock(mutex_);
  if (!free_.wait_for(lock, wait_max_, [&] { return !idle_.empty(); })) {
    return Fail(Reason::kOverloaded, "all database readers are busy; try again in a moment");
  }
  std::unique_ptr<Session> session = std::move(idle_.back());
  idle_.pop_back();
  return Lease(*this, std::move(session));
}

void ReaderPool::Return(std::unique_ptr<Session> session) {
  {
    std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
  }
  free_.notify_one();
}

}  // namespace mishap

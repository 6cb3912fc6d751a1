// ReaderPool: the API's own connections, so that a heavy query cannot starve the writers (house 6).
// Bounded; a caller waits a little for a free one and is then told `overloaded`.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "storage/connection.h"

namespace mishap {

class ReaderPool {
 public:
  static constexpr std::size_t kSessionsMax = 4;
  static constexpr std::chrono::milliseconds kWaitMax{2000};

  // A borrowed session; goes back when the lease ends.
  class Lease {
   public:
    Lease(ReaderPool& pool, std::unique_ptr<Session> session)
        : pool_(&pool), session_(std::move(session)) {}
    Lease(Lease&&) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (session_) pool_->Return(std::move(session_));
    }
    Session& operator*() { return *session_; }
    Session* operator->() { return session_.get(); }

   private:
    ReaderPool* pool_;
    std::unique_ptr<Session> session_;
  };

  // Connects lazily: a pool can be made while PostgreSQL is away.
  explicit ReaderPool(const ConnectionSettings& settings, std::size_t sessions_max = kSessionsMax,
                      std::chrono::milliseconds wait_max = kWaitMax);

  // Safe from several threads. Errors: overloaded (all sessions busy for wait_max).
  Result<Lease> Acquire();

 private:
  void Return(std::unique_ptr<Session> session);

  const std::chrono::milliseconds wait_max_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Session>> idle_;
};

}  // namespace mishap

// A queue between threads with two bounds, items and bytes. Full means "no" at once: the caller
// answers 503, nothing waits in the dark. Closed means drained to the end, then nullopt.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace mishap {

template <class T>
class BoundedQueue {
 public:
  BoundedQueue(std::size_t items_max, std::size_t bytes_max)
      : items_max_(items_max), bytes_max_(bytes_max) {}

  // False when the queue is full or closed; `item` is then untouched.
  bool TryPush(T&& item, std::size_t bytes) {
    {
      std::lock_guard lock(mutex_);
      if (closed_ || items_.size() >= items_max_) return false;
      // A single item larger than the bound may still pass through an empty queue.
      if (!items_.empty() && bytes_ + bytes > bytes_max_) return false;
      items_.emplace_back(std::move(item), bytes);
      bytes_ += bytes;
    }
    ready_.notify_one();
    return true;
  }

  // Waits for an item; nullopt once the queue is closed and empty.
  std::optional<T> Pop() {
    std::unique_lock lock(mutex_);
    ready_.wait(lock, [&] { return closed_ || !items_.empty(); });
    if (items_.empty()) return std::nullopt;
    T item = std::move(items_.front().first);
    bytes_ -= items_.front().second;
    items_.pop_front();
    return item;
  }

  void Close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    ready_.notify_all();
  }

  std::size_t ItemCount() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }
  std::size_t ByteCount() const {
    std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  const std::size_t items_max_;
  const std::size_t bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::pair<T, std::size_t>> items_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace mishap

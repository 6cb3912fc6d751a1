// What producers appended and the writer has not yet taken. The next group forms here while the
// last one is synced.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "spool/spool.h"

namespace mishap {

// One Append call.
struct PendingAppend {
  std::vector<NewRecord> records;
  Spool::AppendDone done;
  std::uint64_t bytes = 0;  // as they will stand in the file
};

class AppendQueue {
 public:
  explicit AppendQueue(const SpoolOptions& options) : options_(options) {}

  // overloaded when pending_bytes_max is reached, unavailable when closed; `append` is then
  // untouched.
  Status Push(PendingAppend&& append);
  // At most group_bytes_max and group_records_max, but at least one call if there is any.
  std::vector<PendingAppend> TakeGroup();
  std::vector<PendingAppend> TakeAll();
  // The group was answered: its bytes are no longer pending.
  void Finish(const std::vector<PendingAppend>& group);
  // Waits for work; false once closed and empty.
  bool WaitForWork();
  void Close();

  bool IsClosed() const;
  std::uint64_t PendingBytes() const;

 private:
  const SpoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable work_;
  std::deque<PendingAppend> waiting_;
  std::uint64_t pending_bytes_ = 0;  // waiting or in the writer's hands
  bool closed_ = false;
};

}  // namespace mishap

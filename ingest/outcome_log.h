// OutcomeLog: outcomes of requests that were refused as a whole (4xx, 429, 503) and so have no
// record in the spool to ride with. Added up in memory, written to the spool every few seconds; a
// crash may lose that much (docs/limits.md).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "event/outcome.h"
#include "ingest/limits.h"
#include "spool/spool.h"

namespace mishap {

class OutcomeLog {
 public:
  OutcomeLog(Spool& spool, const Clock& clock, const IngestLimits& limits);
  // Ends the thread, flushes and waits for the spool's answer. Before the spool is closed.
  ~OutcomeLog();
  OutcomeLog(const OutcomeLog&) = delete;
  OutcomeLog& operator=(const OutcomeLog&) = delete;

  // A thread that calls Tick() every second, until the end of this object. Tests tick by hand.
  void StartThread();

  // Counts without a project are dropped: nobody owns them. Safe from several threads.
  void Add(const std::vector<OutcomeCount>& counts);
  // Flushes if the last flush is outcome_flush_s ago, or if there are too many different counts.
  void Tick();
  // What the spool does not take now is kept for the next time.
  void Flush();

 private:
  using Key = std::tuple<std::int64_t, std::int64_t, std::int64_t, Category, Outcome, std::string>;
  struct KeyHash {
    std::size_t operator()(const Key& key) const;
  };

  void AddLocked(const OutcomeCount& count);
  std::vector<NewRecord> TakeRecords(std::vector<OutcomeCount>& counts);
  void WaitForAnswers();
  void OnAppended(const std::vector<OutcomeCount>& counts, const Status& status);

  Spool& spool_;
  const Clock& clock_;
  const IngestLimits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<Key, OutcomeCount, KeyHash> counts_;  // per project, key, hour, ...
  Timestamp last_flush_;
  int appends_ = 0;  // handed to the spool, not answered
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace mishap

// Scheduler: runs background jobs, each on one server at a time, one after the other on one thread.
// A second thread keeps the lease of a job that takes long. Every job is idempotent: a lease lost
// under a slow job does no harm. What the jobs do is jobs/standard_jobs.h.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/result.h"
#include "jobs/lease_store.h"

namespace mishap {

struct Job {
  std::string name;  // a word of a closed list: it is a metric's label
  std::chrono::seconds period;
  std::function<Status()> run;
  std::string lease = {};  // what of it only one server may do at a time; empty: all, under `name`

  const std::string& Lease() const { return lease.empty() ? name : lease; }
};

class Scheduler {
 public:
  static constexpr std::chrono::seconds kRenewEvery{10};  // of a lease of 30
  static constexpr std::chrono::seconds kAskAgainAfter{
      10};  // another server has the job, or it is not due
  static constexpr std::chrono::seconds kRetryAfter{30};  // the job failed
  static constexpr std::chrono::seconds kOutagePause{5};  // the lease store did not answer

  // leases: called from two threads, never at once. holder: unique for this process.
  Scheduler(LeaseStore& leases, std::string holder, std::vector<Job> jobs, const Clock& clock,
            Metrics& metrics);
  ~Scheduler();  // stops
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  void Start();
  void Stop();  // after the job that runs

  // What the threads do, for tests: tries every job whose time has come; returns when the next
  // one's comes.
  std::chrono::steady_clock::time_point Tick();
  // Renews the lease of the job that runs, if one does.
  void RenewRunning();

 private:
  struct Plan {
    Job job;
    std::chrono::steady_clock::time_point due;
    Counter* ok = nullptr;
    Counter* failed = nullptr;
    Gauge* last_success = nullptr;
  };
  std::chrono::seconds Try(Plan& plan);
  Status Run(const Plan& plan);
  bool IsStopping() const;
  void JobLoop();
  void RenewLoop();

  LeaseStore& leases_;
  const std::string holder_;
  const Clock& clock_;
  std::vector<Plan> plans_;
  bool outage_ = false;

  mutable std::mutex mutex_;  // stopping_ and running_
  std::condition_variable changed_;
  bool stopping_ = false;
  std::string running_;  // name of the job that runs; empty: none
  std::mutex leases_mutex_;
  std::vector<std::thread> threads_;
};

}  // namespace mishap

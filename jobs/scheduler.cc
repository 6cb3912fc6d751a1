#include "jobs/scheduler.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "base/log.h"

namespace mishap {

Scheduler::Scheduler(LeaseStore& leases, std::string holder, std::vector<Job> jobs,
                     const Clock& clock, Metrics& metrics)
    : leases_(leases), holder_(std::move(holder)), clock_(clock) {
  for (Job& job : jobs) {
    Plan plan;
    const std::string label = "job=\"" + job.name + "\"";
    plan.ok = &metrics.GetCounter("mishap_job_runs_total", "Background jobs run",
                                  label + ",result=\"ok\"");
    plan.failed = &metrics.GetCounter("mishap_job_runs_total", "Background jobs run",
                                      label + ",result=\"failed\"");
    plan.last_success = &metrics.GetGauge("mishap_job_last_success_timestamp_seconds",
                                          "When this server last ran the job", label);
    plan.due = clock.Steady();
    plan.job = std::move(job);
    plans_.push_back(std::move(plan));
  }
}

Scheduler::~Scheduler() {
  Stop();
}

void Scheduler::Start() {
  threads_.emplace_back([this] { JobLoop(); });
  threads_.emplace_back([this] { RenewLoop(); });
}

void Scheduler::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool Scheduler::IsStopping() const {
  std::lock_guard lock(mutex_);
  return stopping_;
}

std::chrono::steady_clock::time_point Scheduler::Tick() {
  auto next = clock_.Steady() + kAskAgainAfter;
  for (Plan& plan : plans_) {
    if (IsStopping()) break;
    if (plan.due <= clock_.Steady()) {
      const std::chrono::seconds wait = Try(plan);
      plan.due = clock_.Steady() + wait;  // after the run, which may have taken long
    }
    next = std::min(next, plan.due);
  }
  return next;
}

// How long until the next try.
std::chrono::seconds Scheduler::Try(Plan& plan) {
  Result<bool> claimed = false;
  {
    std::lock_guard lock(leases_mutex_);
    claimed = leases_.Claim(plan.job.Lease(), holder_);
  }
  if (!claimed) {
    if (!std::exchange(outage_, true)) {
      Log(LogLevel::kWarning, "job_leases_unavailable", {{"error", claimed.error().detail}});
    }
    return kOutagePause;
  }
  outage_ = false;
  if (!*claimed) return std::min(plan.job.period, kAskAgainAfter);

  const Status status = Run(plan);
  std::string error;
  std::chrono::seconds next_run = plan.job.period;
  if (status) {
    plan.ok->Add();
    plan.last_success->Set(clock_.Now().micros / kMicrosPerSecond);
  } else {
    plan.failed->Add();
    error = status.error().detail.empty() ? std::string(ReasonName(status.error().reason))
                                          : status.error().detail;
    next_run = std::min(next_run, kRetryAfter);
    Log(LogLevel::kWarning, "job_failed", {{"job", plan.job.name}, {"error", error}});
  }
  std::lock_guard lock(leases_mutex_);
  // When this fails the lease runs out by itself and the job runs once more than it had to.
  if (auto finished = leases_.Finish(plan.job.Lease(), holder_, next_run, error); !finished) {
    Log(LogLevel::kWarning, "job_finish_failed",
        {{"job", plan.job.name}, {"error", finished.error().detail}});
  }
  return next_run;
}

Status Scheduler::Run(const Plan& plan) {
  {
    std::lock_guard lock(mutex_);
    running_ = plan.job.Lease();
  }
  Status status;
  try {
    status = plan.job.run();
  } catch (const std::exception& e) {
    status = Fail(Reason::kInternal, std::string("the job threw: ") + e.what());
  }
  std::lock_guard lock(mutex_);
  running_.clear();
  return status;
}

void Scheduler::RenewRunning() {
  std::string job;
  {
    std::lock_guard lock(mutex_);
    job = running_;
  }
  if (job.empty()) return;
  std::lock_guard lock(leases_mutex_);
  auto renewed = leases_.Renew(job, holder_);
  if (renewed && *renewed) return;
  Log(LogLevel::kWarning, "job_lease_lost",
      {{"job", job}, {"error", renewed ? std::string("another holder") : renewed.error().detail}});
}

void Scheduler::JobLoop() {
  while (!IsStopping()) {
    const auto wait = Tick() - clock_.Steady();
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] { return stopping_; });
  }
}

void Scheduler::RenewLoop() {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, kRenewEvery, [&] { return stopping_; })) {
    lock.unlock();
    RenewRunning();
    lock.lock();
  }
}

}  // namespace mishap

#include "ingest/grpc/issue_waiter.h"

#include <iterator>
#include <utility>

namespace mishap {
namespace {

constexpr std::chrono::milliseconds kPollInterval{50};

}  // namespace

IssueWaiter::IssueWaiter(IssueLookup lookup, const Clock& clock, const IngestLimits& limits)
    : lookup_(std::move(lookup)), clock_(clock), limits_(limits), thread_([this] { Run(); }) {}

IssueWaiter::~IssueWaiter() {
  Stop();
}

void IssueWaiter::Stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void IssueWaiter::Wait(ProjectId project, std::vector<CaptureResult> results, Done done) {
  {
    std::lock_guard lock(mutex_);
    if (!stopping_ && waiting_.size() < limits_.capture_waits_max) {
      waiting_.push_back({project, std::move(results), std::move(done),
                          clock_.Steady() + std::chrono::seconds(limits_.capture_wait_s_max)});
      changed_.notify_all();
      return;
    }
  }
  done(std::move(results));
}

// True when nothing is left to be asked.
bool IssueWaiter::Ask(Batch& batch) const {
  std::vector<EventId> missing;
  std::vector<CaptureResult*> results;
  for (CaptureResult& result : batch.results) {
    if (result.outcome != Outcome::kAccepted || !result.issue_short_id.empty()) continue;
    missing.push_back(result.id);
    results.push_back(&result);
  }
  if (missing.empty()) return true;
  auto found = lookup_(batch.project, missing);
  if (!found || found->size() != missing.size()) return false;
  bool all = true;
  for (std::size_t i = 0; i < missing.size(); ++i) {
    results[i]->issue_short_id = std::move((*found)[i]);
    all = all && !results[i]->issue_short_id.empty();
  }
  return all;
}

void IssueWaiter::Run() {
  std::unique_lock lock(mutex_);
  std::vector<Batch> asked;
  for (;;) {
    changed_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    const bool last = stopping_;
    if (last && waiting_.empty()) return;
    asked = std::exchange(waiting_, {});
    lock.unlock();
    std::vector<Batch> again;
    for (Batch& batch : asked) {
      if (Ask(batch) || last || clock_.Steady() > batch.until) {
        batch.done(std::move(batch.results));
      } else {
        again.push_back(std::move(batch));
      }
    }
    lock.lock();
    waiting_.insert(waiting_.end(), std::make_move_iterator(again.begin()),
                    std::make_move_iterator(again.end()));
    if (!again.empty()) changed_.wait_for(lock, kPollInterval, [this] { return stopping_; });
  }
}

}  // namespace mishap

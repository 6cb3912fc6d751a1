#include "ingest/outcome_log.h"

#include <map>

#include "base/log.h"
#include "event/record.h"

namespace mishap {
namespace {

constexpr std::chrono::seconds kTickInterval{1};

}  // namespace

std::size_t OutcomeLog::KeyHash::operator()(const Key& key) const {
  const auto& [project, id, hour, category, outcome, reason] = key;
  std::size_t hash = std::hash<std::string>{}(reason);
  auto mix = [&hash](std::int64_t value) {
    hash = hash * 0x9E3779B97F4A7C15ULL + std::hash<std::int64_t>{}(value);
  };
  mix(project);
  mix(id);
  mix(hour);
  mix(static_cast<std::int64_t>(category) * 16 + static_cast<std::int64_t>(outcome));
  return hash;
}

OutcomeLog::OutcomeLog(Spool& spool, const Clock& clock, const IngestLimits& limits)
    : spool_(spool), clock_(clock), limits_(limits), last_flush_(clock.Now()) {}

OutcomeLog::~OutcomeLog() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) thread_.join();
  WaitForAnswers();  // while an append is on its way, Flush takes nothing
  Flush();
  WaitForAnswers();
}

void OutcomeLog::WaitForAnswers() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return appends_ == 0; });
}

void OutcomeLog::StartThread() {
  thread_ = std::thread([this] {
    std::unique_lock lock(mutex_);
    while (!ending_) {
      changed_.wait_for(lock, kTickInterval, [this] { return ending_; });
      lock.unlock();
      Tick();
      lock.lock();
    }
  });
}

void OutcomeLog::AddLocked(const OutcomeCount& count) {
  if (!count.project) return;
  OutcomeCount floored = count;
  floored.timestamp = FloorToHour(count.timestamp);
  Key key{count.project.value, count.key.value, floored.timestamp.micros,
          count.category,      count.outcome,   count.reason};
  auto [it, fresh] = counts_.try_emplace(std::move(key), std::move(floored));
  if (!fresh) it->second.quantity += count.quantity;
}

void OutcomeLog::Add(const std::vector<OutcomeCount>& counts) {
  bool crowded = false;
  {
    std::lock_guard lock(mutex_);
    for (const OutcomeCount& count : counts) AddLocked(count);
    crowded = counts_.size() >= limits_.pending_outcomes_max;
  }
  if (crowded) Flush();
}

void OutcomeLog::Tick() {
  {
    std::lock_guard lock(mutex_);
    std::int64_t age = clock_.Now().micros - last_flush_.micros;
    if (age < limits_.outcome_flush_s * kMicrosPerSecond) return;
  }
  Flush();
}

// One record per project: a record belongs to one.
std::vector<NewRecord> OutcomeLog::TakeRecords(std::vector<OutcomeCount>& counts) {
  std::lock_guard lock(mutex_);
  last_flush_ = clock_.Now();
  if (counts_.empty() || appends_ > 0) return {};
  std::map<ProjectId, OutcomesRecord> by_project;
  for (auto& [key, count] : counts_) {
    counts.push_back(count);
    by_project[count.project].counts.push_back(std::move(count));
  }
  counts_.clear();
  ++appends_;
  std::vector<NewRecord> records;
  records.reserve(by_project.size());
  for (const auto& [project, record] : by_project) {
    records.push_back({RecordType::kOutcomes, project, EncodeOutcomesRecord(record)});
  }
  return records;
}

void OutcomeLog::Flush() {
  std::vector<OutcomeCount> counts;
  std::vector<NewRecord> records = TakeRecords(counts);
  if (records.empty()) return;
  Status appended = spool_.Append(
      std::move(records), [this, counts](const Status& status) { OnAppended(counts, status); });
  if (!appended) OnAppended(counts, appended);
}

void OutcomeLog::OnAppended(const std::vector<OutcomeCount>& counts, const Status& status) {
  std::lock_guard lock(mutex_);
  --appends_;
  if (!status) {
    Log(LogLevel::kWarning, "outcome_flush_failed", {{"detail", status.error().detail}});
    // Bounded even if the spool stays full: what is over the bound is lost, as after a crash.
    for (const OutcomeCount& count : counts) {
      if (counts_.size() < limits_.pending_outcomes_max) AddLocked(count);
    }
  }
  changed_.notify_all();
}

}  // namespace mishap

#include "ingest/outcome_log.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "tests/unit/ingest/fakes.h"

namespace mishap {
namespace {

OutcomeCount Count(std::int64_t project, std::string reason, Timestamp at, std::int64_t n = 1) {
  OutcomeCount count;
  count.project = ProjectId{project};
  count.key = KeyId{7};
  count.timestamp = at;
  count.category = Category::kError;
  count.outcome = Outcome::kInvalid;
  count.reason = std::move(reason);
  count.quantity = n;
  return count;
}

std::int64_t Total(const MemorySpool& spool) {
  std::int64_t total = 0;
  for (const OutcomeCount& count : spool.Outcomes()) total += count.quantity;
  return total;
}

TEST(OutcomeLog, AddsUpAndFlushesEveryFiveSeconds) {
  MemorySpool spool;
  StillClock clock;
  OutcomeLog log(spool, clock, IngestLimits{});
  for (int i = 0; i < 100; ++i) log.Add({Count(1, "a", clock.now), Count(2, "a", clock.now, 2)});
  log.Tick();
  EXPECT_TRUE(spool.all.empty());
  clock.now.micros += 5 * kMicrosPerSecond;
  log.Tick();
  ASSERT_EQ(spool.all.size(), 2u);  // a record belongs to one project
  EXPECT_EQ(spool.groups.size(), 1u);
  auto counts = spool.Outcomes();
  ASSERT_EQ(counts.size(), 2u);
  EXPECT_EQ(counts[0].quantity, 100);
  EXPECT_EQ(counts[1].quantity, 200);
  clock.now.micros += 5 * kMicrosPerSecond;
  log.Tick();
  EXPECT_EQ(spool.all.size(), 2u);  // nothing new
}

TEST(OutcomeLog, HoursStayApartAndNobodysCountsAreDropped) {
  MemorySpool spool;
  StillClock clock;
  OutcomeLog log(spool, clock, IngestLimits{});
  Timestamp next_hour{clock.now.micros + kMicrosPerHour};
  log.Add({Count(1, "a", clock.now), Count(1, "a", next_hour), Count(0, "a", clock.now)});
  log.Flush();
  EXPECT_EQ(spool.Outcomes().size(), 2u);
}

TEST(OutcomeLog, KeepsWhatTheSpoolDoesNotTake) {
  MemorySpool spool;
  StillClock clock;
  OutcomeLog log(spool, clock, IngestLimits{});
  for (auto mode : {MemorySpool::Mode::kRefuse, MemorySpool::Mode::kFail}) {
    spool.mode = mode;
    log.Add({Count(1, "a", clock.now)});
    log.Flush();
  }
  EXPECT_EQ(Total(spool), 0);
  spool.mode = MemorySpool::Mode::kAnswer;
  log.Flush();
  EXPECT_EQ(Total(spool), 2);
}

// Tells when a flush looks at the time.
class ToldClock final : public Clock {
 public:
  Timestamp Now() const override {
    std::lock_guard lock(mutex_);
    ++looks_;
    looked_.notify_all();
    return Timestamp{1'000'000 * kMicrosPerSecond};
  }
  std::chrono::steady_clock::time_point Steady() const override { return {}; }
  void WaitForLook(int looks, std::chrono::milliseconds at_most) const {
    std::unique_lock lock(mutex_);
    looked_.wait_for(lock, at_most, [&] { return looks_ >= looks; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable looked_;
  mutable int looks_ = 0;
};

// A stop in good order loses no count, also not those that came while an append was on its way.
TEST(OutcomeLog, TheEndTakesWhatCameDuringAnAppend) {
  MemorySpool spool;
  ToldClock clock;
  auto log = std::make_unique<OutcomeLog>(spool, clock, IngestLimits{});  // the first look
  spool.mode = MemorySpool::Mode::kHold;
  log->Add({Count(1, "a", clock.Now())});
  log->Flush();
  log->Add({Count(1, "b", clock.Now())});
  auto done = spool.WaitForHeld();
  spool.mode = MemorySpool::Mode::kAnswer;
  std::thread answer([&] {
    clock.WaitForLook(5, std::chrono::milliseconds(50));  // a flush that came too early
    done({});
  });
  log.reset();
  answer.join();
  EXPECT_EQ(Total(spool), 1);
}

TEST(OutcomeLog, FlushesWhenCrowdedAndAtTheEnd) {
  MemorySpool spool;
  StillClock clock;
  IngestLimits limits;
  limits.pending_outcomes_max = 10;
  {
    OutcomeLog log(spool, clock, limits);
    log.StartThread();
    for (int i = 0; i < 25; ++i) log.Add({Count(1, "r" + std::to_string(i), clock.now)});
    EXPECT_EQ(Total(spool), 20);
  }
  EXPECT_EQ(Total(spool), 25);
}

}  // namespace
}  // namespace mishap

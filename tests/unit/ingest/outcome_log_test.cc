#include "ingest/outcome_log.h"

#include <gtest/gtest.h>

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

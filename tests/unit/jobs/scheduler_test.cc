#include "jobs/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <latch>
#include <map>
#include <stdexcept>

namespace mishap {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SteppedClock final : public Clock {
 public:
  Timestamp Now() const override { return Timestamp{now_.count() * kMicrosPerSecond}; }
  std::chrono::steady_clock::time_point Steady() const override {
    return std::chrono::steady_clock::time_point(now_);
  }
  void Step(seconds by) { now_ += by; }

 private:
  seconds now_{1000};
};

// Leases as the database keeps them, by the stepped clock.
class FakeLeases final : public LeaseStore {
 public:
  explicit FakeLeases(const Clock& clock) : clock_(clock) {}

  Result<bool> Claim(std::string_view job, std::string_view holder) override {
    ++claims;
    if (away) return Fail(Reason::kUnavailable, "connection refused");
    Row& row = rows[std::string(job)];
    const auto now = clock_.Steady();
    if (row.next_run > now || (row.lease_until > now && row.holder != holder)) return false;
    row.holder = holder;
    row.lease_until = now + seconds(30);
    return true;
  }
  Result<bool> Renew(std::string_view job, std::string_view holder) override {
    Row& row = rows[std::string(job)];
    if (row.holder != holder || row.lease_until <= clock_.Steady()) return false;
    row.lease_until = clock_.Steady() + seconds(30);
    ++renewals;
    return true;
  }
  Status Finish(std::string_view job, std::string_view holder, seconds next_run,
                std::string_view error) override {
    Row& row = rows[std::string(job)];
    if (row.holder != holder) return {};
    row.holder.clear();
    row.lease_until = {};
    row.next_run = clock_.Steady() + next_run;
    row.last_error = error;
    return {};
  }

  struct Row {
    std::string holder;
    std::chrono::steady_clock::time_point lease_until{};
    std::chrono::steady_clock::time_point next_run{};
    std::string last_error;
  };
  const Clock& clock_;
  std::map<std::string, Row> rows;
  bool away = false;
  int claims = 0;
  int renewals = 0;
};

class SchedulerTest : public ::testing::Test {
 protected:
  Job Named(const std::string& name, seconds period) {
    return {name, period, [this, name] {
              ran_.push_back(name);
              if (on_run_) on_run_();
              return result_;
            }};
  }

  SteppedClock clock_;
  FakeLeases leases_{clock_};
  Metrics metrics_;
  std::vector<std::string> ran_;
  std::function<void()> on_run_;
  Status result_;
};

TEST_F(SchedulerTest, EachJobRunsAtItsPeriod) {
  Scheduler scheduler(leases_, "a", {Named("fast", seconds(60)), Named("slow", seconds(3600))},
                      clock_, metrics_);
  scheduler.Tick();
  EXPECT_THAT(ran_, ElementsAre("fast", "slow"));
  clock_.Step(seconds(59));
  scheduler.Tick();
  EXPECT_EQ(ran_.size(), 2u);
  clock_.Step(seconds(1));
  scheduler.Tick();
  EXPECT_THAT(ran_, ElementsAre("fast", "slow", "fast"));
  EXPECT_EQ(metrics_.GetCounter("mishap_job_runs_total", "", "job=\"fast\",result=\"ok\"").Value(),
            2);
}

TEST_F(SchedulerTest, OfTwoServersOneRunsAJob) {
  Scheduler a(leases_, "a", {Named("job", seconds(60))}, clock_, metrics_);
  Scheduler b(leases_, "b", {Named("job", seconds(60))}, clock_, metrics_);
  on_run_ = [&] {
    if (ran_.size() == 1) b.Tick();  // while a's runs
  };
  a.Tick();
  EXPECT_EQ(ran_.size(), 1u);
  clock_.Step(Scheduler::kAskAgainAfter);
  b.Tick();
  EXPECT_EQ(ran_.size(), 1u) << "not due again yet";
  clock_.Step(seconds(60));
  b.Tick();
  a.Tick();
  EXPECT_EQ(ran_.size(), 2u);
}

TEST_F(SchedulerTest, ADeadHoldersJobIsTakenOverWhenItsLeaseEnds) {
  Scheduler b(leases_, "b", {Named("job", seconds(60))}, clock_, metrics_);
  ASSERT_TRUE(*leases_.Claim("job", "dead"));
  b.Tick();
  EXPECT_TRUE(ran_.empty());
  clock_.Step(seconds(31));
  b.Tick();
  EXPECT_EQ(ran_.size(), 1u);
}

TEST_F(SchedulerTest, ALongJobKeepsItsLease) {
  Scheduler a(leases_, "a", {Named("job", seconds(60))}, clock_, metrics_);
  on_run_ = [&] {
    for (int i = 0; i < 10; ++i) {
      clock_.Step(seconds(20));
      a.RenewRunning();
      EXPECT_FALSE(*leases_.Claim("job", "b"));
    }
  };
  a.Tick();
  EXPECT_EQ(leases_.renewals, 10);
  a.RenewRunning();
  EXPECT_EQ(leases_.renewals, 10) << "nothing runs, nothing to renew";
}

TEST_F(SchedulerTest, AFailureIsNotedAndTriedAgainSoon) {
  Scheduler a(leases_, "a", {Named("job", seconds(3600))}, clock_, metrics_);
  result_ = Fail(Reason::kUnavailable, "no such partition");
  a.Tick();
  EXPECT_EQ(leases_.rows["job"].last_error, "no such partition");
  EXPECT_EQ(
      metrics_.GetCounter("mishap_job_runs_total", "", "job=\"job\",result=\"failed\"").Value(), 1);
  result_ = {};
  clock_.Step(Scheduler::kRetryAfter);
  a.Tick();
  EXPECT_EQ(ran_.size(), 2u);
  EXPECT_EQ(leases_.rows["job"].last_error, "");
}

TEST_F(SchedulerTest, AJobThatThrowsIsAFailureAndTheNextJobRuns) {
  Job bad{"bad", seconds(60), []() -> Status { throw std::runtime_error("out of ideas"); }};
  Scheduler a(leases_, "a", {bad, Named("good", seconds(60))}, clock_, metrics_);
  a.Tick();
  EXPECT_THAT(leases_.rows["bad"].last_error, HasSubstr("out of ideas"));
  EXPECT_THAT(ran_, ElementsAre("good"));
  a.RenewRunning();
  EXPECT_EQ(leases_.renewals, 0);
}

TEST_F(SchedulerTest, AnOutageIsAskedAgainAfterAPause) {
  Scheduler a(leases_, "a", {Named("job", seconds(3600))}, clock_, metrics_);
  leases_.away = true;
  EXPECT_EQ(a.Tick(), clock_.Steady() + Scheduler::kOutagePause);
  a.Tick();
  EXPECT_EQ(leases_.claims, 1);
  leases_.away = false;
  clock_.Step(Scheduler::kOutagePause);
  a.Tick();
  EXPECT_EQ(ran_.size(), 1u);
}

TEST(SchedulerThreadTest, StartRunsAndStopInterruptsTheWait) {
  SystemClock clock;
  FakeLeases leases(clock);
  Metrics metrics;
  std::latch ran(1);
  Scheduler scheduler(leases, "a",
                      {{"job", seconds(3600),
                        [&]() -> Status {
                          ran.count_down();
                          return {};
                        }}},
                      clock, metrics);
  scheduler.Start();
  ran.wait();
  scheduler.Stop();  // a hang here is the failure: both threads wait for many seconds
  EXPECT_EQ(leases.rows["job"].holder, "");
}

}  // namespace
}  // namespace mishap

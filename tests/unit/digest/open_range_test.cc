// The crash counter's states (decisions 1.6). A "crash" is an OpenRanges that goes away without
// closing anything.
#include "digest/open_range.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "tests/unit/digest/fakes.h"

namespace mishap {
namespace {

using ::testing::HasSubstr;
using testing::SomeSpoolId;

class OpenRangesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ = ::testing::TempDir() + "open-range-" + std::to_string(::getpid()) + "-" +
            ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove(path_);
    ranges_.emplace(path_, SomeSpoolId());
  }
  void TearDown() override { std::filesystem::remove(path_); }
  void Crash() { ranges_.emplace(path_, SomeSpoolId()); }

  std::string path_;
  std::optional<OpenRanges> ranges_;
};

TEST_F(OpenRangesTest, NothingOpenMeansNoPlan) {
  EXPECT_EQ(ranges_->PlanAt(1), ReadPlan{});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(1), ReadPlan{});
}

TEST_F(OpenRangesTest, AClosedRangeIsForgotten) {
  ranges_->Open({10, 20});
  ranges_->Close({10, 20});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(10), ReadPlan{});
}

TEST_F(OpenRangesTest, OneCrashRunsTheRangeAloneAndNothingElseWithIt) {
  ranges_->Open({10, 20});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(10), (ReadPlan{20, true, false, false}));
  EXPECT_EQ(ranges_->PlanAt(5), (ReadPlan{10, false, false, false}));
  EXPECT_EQ(ranges_->PlanAt(20), ReadPlan{});
}

TEST_F(OpenRangesTest, TwoCrashesRunRecordByRecord) {
  ranges_->Open({10, 20});
  Crash();
  ranges_->Open({10, 20});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(10), (ReadPlan{20, true, true, false}));
}

TEST_F(OpenRangesTest, TheThirdCrashNamesTheRecordAndSparesItsNeighbours) {
  for (int crash = 0; crash < 2; ++crash) {
    ranges_->Open({10, 20});
    Crash();
  }
  for (std::uint64_t seq = 10; seq < 13; ++seq) {
    ranges_->Open({seq, seq + 1});
    ranges_->Close({seq, seq + 1});
  }
  ranges_->Open({13, 14});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(10), (ReadPlan{13, false, false, false})) << "stored, no suspect";
  EXPECT_EQ(ranges_->PlanAt(13), (ReadPlan{14, true, true, true}));
  EXPECT_EQ(ranges_->PlanAt(14), (ReadPlan{20, true, true, false})) << "was not open";
}

TEST_F(OpenRangesTest, ASingleRecordBatchNeedsThreeCrashesToo) {
  ranges_->Open({5, 6});
  Crash();
  EXPECT_FALSE(ranges_->PlanAt(5).single);
  ranges_->Open({5, 6});
  Crash();
  EXPECT_TRUE(ranges_->PlanAt(5).single);
  EXPECT_FALSE(ranges_->PlanAt(5).give_up);
  ranges_->Open({5, 6});
  Crash();
  EXPECT_TRUE(ranges_->PlanAt(5).give_up);
}

TEST_F(OpenRangesTest, AStartThatDiesBeforeAnyWorkCountsNothing) {
  ranges_->Open({5, 6});
  for (int i = 0; i < 10; ++i) Crash();
  EXPECT_EQ(ranges_->PlanAt(5), (ReadPlan{6, true, false, false}));
}

TEST_F(OpenRangesTest, ACrashDuringAnOutageCountsNothing) {
  for (int crash = 0; crash < 10; ++crash) {
    ranges_->Open({5, 6});
    ranges_->Pause({5, 6});
    Crash();
  }
  EXPECT_EQ(ranges_->PlanAt(5), ReadPlan{});
}

TEST_F(OpenRangesTest, PauseKeepsTheCrashesSoFar) {
  ranges_->Open({5, 6});
  Crash();
  ranges_->Open({5, 6});
  ranges_->Pause({5, 6});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(5), (ReadPlan{6, true, false, false}));
}

TEST_F(OpenRangesTest, EverythingInFlightIsSuspect) {
  ranges_->Open({10, 20});
  ranges_->Open({20, 30});
  Crash();
  EXPECT_EQ(ranges_->PlanAt(10).end, 20u);
  EXPECT_EQ(ranges_->PlanAt(20).end, 30u);
  EXPECT_TRUE(ranges_->PlanAt(20).alone);
}

TEST_F(OpenRangesTest, WhatIsStoredIsForgotten) {
  ranges_->Open({10, 20});
  Crash();
  ranges_->ForgetBelow(15);
  EXPECT_EQ(ranges_->PlanAt(10), (ReadPlan{15, false, false, false}));
  ranges_->ForgetBelow(20);
  EXPECT_EQ(ranges_->PlanAt(10), ReadPlan{});
}

TEST_F(OpenRangesTest, PauseAllIsACleanStop) {
  ranges_->Open({10, 20});
  ranges_->Open({20, 30});
  ranges_->PauseAll();
  Crash();
  EXPECT_EQ(ranges_->PlanAt(10), ReadPlan{});
}

TEST_F(OpenRangesTest, TheFileOfAnotherSpoolIsIgnored) {
  ranges_->Open({10, 20});
  ranges_.emplace(path_, SpoolId{});
  EXPECT_EQ(ranges_->PlanAt(10), ReadPlan{});
}

TEST_F(OpenRangesTest, AnUnreadableFileIsIgnoredAndReplaced) {
  for (const char* text :
       {"garbage", "mishap-open-range 1\nspool x\nend\n", "mishap-open-range 1\n"}) {
    ranges_.reset();
    std::ofstream(path_, std::ios::trunc) << text;
    Crash();
    EXPECT_EQ(ranges_->PlanAt(10), ReadPlan{}) << text;
    ranges_->Open({10, 20});
    Crash();
    EXPECT_TRUE(ranges_->PlanAt(10).alone) << text;
  }
}

TEST_F(OpenRangesTest, AShorterTextLeavesNoRestOfALongerOne) {
  for (std::uint64_t i = 0; i < 400; ++i) ranges_->Open({i * 10, i * 10 + 5});
  Crash();
  ranges_->ForgetBelow(3990);
  Crash();
  EXPECT_THAT(ranges_->Text(), HasSubstr("waiting 3990 3995 1\nend\n"));
  EXPECT_EQ(ranges_->PlanAt(0).end, 3990u);
}

}  // namespace
}  // namespace mishap

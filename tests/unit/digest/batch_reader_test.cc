#include "digest/batch_reader.h"

#include <gtest/gtest.h>

#include "tests/unit/digest/fakes.h"

namespace mishap {
namespace {

using namespace mishap::testing;

class BatchReaderTest : public ::testing::Test {
 protected:
  BatchReaderTest() {
    bounds_.read_wait = std::chrono::milliseconds(0);
    bounds_.linger_below_records = 0;
  }
  std::optional<ReadBatch> Next(std::uint64_t from) {
    BatchReader reader(spool_, open_ranges_, telemetry_, clock_, bounds_);
    auto batch = reader.Next(from, [this](std::chrono::milliseconds time) {
      lingered_ = time;
      if (while_lingering_) while_lingering_();
      return true;
    });
    EXPECT_TRUE(batch);
    return *batch;
  }

  FakeSpool spool_;
  OpenRanges open_ranges_{"", SomeSpoolId()};
  Metrics metrics_;
  DigestTelemetry telemetry_{metrics_};
  FixedClock clock_;
  BatchBounds bounds_;
  std::chrono::milliseconds lingered_{0};
  std::function<void()> while_lingering_;
};

TEST_F(BatchReaderTest, NothingToRead) {
  EXPECT_FALSE(Next(1));
}

TEST_F(BatchReaderTest, ABatchIsBoundedInRecords) {
  spool_.Fill(1, 2500);
  auto batch = Next(1);
  EXPECT_EQ(batch->Range(), (SeqRange{1, 1001}));
  EXPECT_EQ(batch->expected_seq, 1u);
  EXPECT_EQ(Next(2001)->records.size(), 500u);
}

TEST_F(BatchReaderTest, ABatchIsBoundedInBytes) {
  bounds_.bytes_max = 12;  // "event" is 5
  spool_.Fill(1, 10);
  EXPECT_EQ(Next(1)->records.size(), 2u);
}

TEST_F(BatchReaderTest, AFewRecordsWaitForCompanyOnce) {
  bounds_.linger_below_records = 100;
  spool_.Fill(1, 5);
  while_lingering_ = [&] { spool_.Fill(6, 30); };
  EXPECT_EQ(Next(1)->records.size(), 30u);
  EXPECT_EQ(lingered_, bounds_.linger);
}

TEST_F(BatchReaderTest, ABacklogDoesNotLinger) {
  bounds_.linger_below_records = 100;
  spool_.Fill(1, 100);
  EXPECT_EQ(Next(1)->records.size(), 100u);
  EXPECT_EQ(lingered_.count(), 0);
}

TEST_F(BatchReaderTest, AGapIsCountedAndTheFenceStaysWhereItIs) {
  spool_.Fill(8, 10);
  auto batch = Next(3);
  EXPECT_EQ(batch->expected_seq, 3u);
  EXPECT_EQ(batch->Range(), (SeqRange{8, 11}));
  EXPECT_EQ(metrics_.GetCounter("mishap_digest_missing_records_total", "").Value(), 5);
}

class SuspectTest : public BatchReaderTest {
 protected:
  // [10, 20) was open at `crashes` crashes.
  void Suspect(int crashes) {
    path_ = ::testing::TempDir() + "batch-reader-open-range-" + std::to_string(crashes);
    std::remove(path_.c_str());
    for (int i = 0; i < crashes; ++i) OpenRanges(path_, SomeSpoolId()).Open({10, 20});
    suspects_.emplace(path_, SomeSpoolId());
  }
  std::optional<ReadBatch> NextSuspect(std::uint64_t from) {
    BatchReader reader(spool_, *suspects_, telemetry_, clock_, bounds_);
    return *reader.Next(from, [this](std::chrono::milliseconds time) {
      lingered_ = time;
      return true;
    });
  }
  void TearDown() override { std::remove(path_.c_str()); }

  std::string path_;
  std::optional<OpenRanges> suspects_;
};

TEST_F(SuspectTest, ABatchStopsBeforeASuspectAndASuspectRunsAlone) {
  Suspect(1);
  spool_.Fill(1, 100);
  EXPECT_EQ(NextSuspect(1)->Range(), (SeqRange{1, 10}));
  EXPECT_FALSE(NextSuspect(1)->alone);
  EXPECT_EQ(NextSuspect(10)->Range(), (SeqRange{10, 20}));
  EXPECT_TRUE(NextSuspect(10)->alone);
  EXPECT_EQ(NextSuspect(20)->Range(), (SeqRange{20, 101}));
}

TEST_F(SuspectTest, AfterTwoCrashesOneRecordAtATime) {
  Suspect(2);
  spool_.Fill(1, 100);
  EXPECT_EQ(NextSuspect(10)->Range(), (SeqRange{10, 11}));
  EXPECT_FALSE(NextSuspect(10)->give_up);
  EXPECT_EQ(NextSuspect(19)->Range(), (SeqRange{19, 20}));
}

TEST_F(SuspectTest, ASuspectHasNoCompanyToWaitFor) {
  bounds_.linger_below_records = 100;
  Suspect(2);
  spool_.Fill(1, 100);
  EXPECT_EQ(NextSuspect(10)->records.size(), 1u);
  EXPECT_EQ(lingered_.count(), 0);
}

TEST_F(SuspectTest, AGapInFrontOfASuspectDoesNotHideIt) {
  Suspect(2);
  spool_.Fill(15, 100);
  auto batch = NextSuspect(5);
  EXPECT_EQ(batch->Range(), (SeqRange{15, 16}));
  EXPECT_EQ(batch->expected_seq, 5u);
  EXPECT_TRUE(batch->alone);
}

}  // namespace
}  // namespace mishap

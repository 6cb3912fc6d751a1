// What happens when a write, a sync or the making of a file fails.
#include <gmock/gmock.h>

#include "tests/unit/spool/spool_fixture.h"

namespace mishap {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using SpoolFailureTest = SpoolFixture;

// Calls of a group: FreeBytes (first of a second), Append, Sync; of the first in a file: FreeBytes,
// Create, Append of the head, Append, Sync, SyncDirectory.
TEST_F(SpoolFailureTest, EveryStepOfAWriteMayFailOnce) {
  for (std::uint64_t step = 1; step <= 6; ++step) {
    SCOPED_TRACE(step);
    clock.micros += 120 * kMicrosPerSecond;
    Open();
    ASSERT_TRUE(spool->AdvanceTo(step * 100));
    clock.micros += 2 * kMicrosPerSecond;
    disk.FailAt(step, Reason::kUnavailable);
    Status first = Put({"first"});
    if (step > 1) {
      ASSERT_FALSE(first) << "a disk that cannot tell its free space may still take a write";
      EXPECT_EQ(first.error().reason, Reason::kUnavailable);
      EXPECT_EQ(spool->Stats().failed_groups, 1u);
      EXPECT_THAT(Payloads(step * 100), ElementsAre()) << "not durable: never handed out";
    }
    EXPECT_TRUE(spool->IsWritable()) << "one failure is no reason to stop";
    ASSERT_TRUE(Put({"second"}));
    std::vector<SpoolRecord> records = ReadAll(step * 100);
    ASSERT_FALSE(records.empty());
    EXPECT_EQ(records.back().payload, "second");
    if (step > 1) {
      EXPECT_EQ(records[0].seq, step * 100 + 1) << "the failed number is not used again";
    }
  }
}

TEST_F(SpoolFailureTest, TheFailedGroupIsNeverSyncedAgain) {
  Open();
  ASSERT_TRUE(Put({"kept"}));
  disk.FailAt(2, Reason::kUnavailable);  // Append, then Sync
  ASSERT_FALSE(Put({"failed"}));
  ASSERT_TRUE(Put({"next"}));
  EXPECT_EQ(SegmentPaths().size(), 2u) << "a new file";
  EXPECT_THAT(Payloads(), ElementsAre("kept", "next"));
  disk.Restart();
  Open();
  std::vector<std::string> payloads = Payloads();
  // The failed one may have reached the disk (the client was told 503 and may not care); the others
  // must be there.
  std::erase(payloads, "failed");
  EXPECT_THAT(payloads, ElementsAre("kept", "next"));
}

TEST_F(SpoolFailureTest, TwoFailuresWithinAMinutePauseWriting) {
  Open();
  ASSERT_TRUE(Put({"a"}));
  disk.FailAt(1, Reason::kUnavailable);
  ASSERT_FALSE(Put({"b"}));
  clock.micros += 30 * kMicrosPerSecond;
  Status waiting;
  ASSERT_TRUE(spool->Append({RecordOf(std::string(options.group_bytes_max, 'c'))}, {}));
  ASSERT_TRUE(spool->Append({RecordOf("d")}, [&](const Status& status) { waiting = status; }));
  disk.FailAt(1, Reason::kUnavailable);
  spool->WriteNextGroup();
  ASSERT_FALSE(waiting) << "what waits is answered at once, not after the pause";
  EXPECT_EQ(waiting.error().reason, Reason::kUnavailable);
  EXPECT_FALSE(spool->IsWritable());
  Status refused = Put({"e"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kUnavailable);
  EXPECT_THAT(refused.error().detail, HasSubstr("failed twice"));
  clock.micros += 9 * kMicrosPerSecond;
  EXPECT_FALSE(spool->IsWritable());
  clock.micros += 2 * kMicrosPerSecond;
  EXPECT_TRUE(spool->IsWritable()) << "by itself";
  EXPECT_TRUE(Put({"f"}));
  EXPECT_THAT(Payloads(), ElementsAre("a", "f"));
}

TEST_F(SpoolFailureTest, FailuresFarApartDoNotPause) {
  Open();
  for (int i = 0; i < 3; ++i) {
    disk.FailAt(2, Reason::kUnavailable);
    ASSERT_FALSE(Put({"x"}));
    EXPECT_TRUE(spool->IsWritable());
    clock.micros += 61 * kMicrosPerSecond;
  }
}

TEST_F(SpoolFailureTest, AFullDiskShowsWhenTheFileIsMade) {
  Open();
  disk.FailAt(2, Reason::kOverloaded);  // FreeBytes, then Create
  Status full = Put({"a"});
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().reason, Reason::kOverloaded);
  EXPECT_TRUE(Put({"b"}));
}

TEST_F(SpoolFailureTest, AReadErrorSkipsNothing) {
  Open();
  ASSERT_TRUE(Put({"a"}));
  Open();  // nothing in memory
  disk.FailAt(1, Reason::kUnavailable);
  auto failed = spool->Read(1, 10, 1000, std::chrono::milliseconds(0));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().reason, Reason::kUnavailable);
  EXPECT_THAT(Payloads(), ElementsAre("a"));
}

TEST_F(SpoolFailureTest, AReadErrorAtTheStartLosesNothing) {
  Open();
  ASSERT_TRUE(Put({"a", "b"}));
  const std::uint64_t before = disk.Calls();
  Open();
  const std::uint64_t calls = disk.Calls() - before;
  for (std::uint64_t n = 1; n <= calls; ++n) {
    SCOPED_TRACE(n);
    spool.reset();
    disk.FailAt(n, Reason::kUnavailable);
    auto opened =
        LocalSpool::Open(disk, "disk/spool", options, random, clock, LocalSpool::Driver::kCaller);
    disk.ClearFaults();
    if (!opened) {
      EXPECT_EQ(opened.error().reason, Reason::kUnavailable);
      Open();
    } else {
      spool = *std::move(opened);
    }
    EXPECT_THAT(Payloads(), ElementsAre("a", "b"));
  }
}

TEST_F(SpoolFailureTest, RecordsThatDecayUnderTheReaderAreSkippedAndCounted) {
  Open();
  ASSERT_TRUE(Put({"a"}));
  ASSERT_TRUE(Put({"b"}));
  ASSERT_TRUE(Put({"c"}));
  Open();
  const std::size_t second = kSegmentDataOffset + kRecordHeaderBytes + 1;
  disk.Edit(SegmentPaths()[0],
            [&](std::string& bytes) { bytes[second + kRecordHeaderBytes] = 'X'; });
  EXPECT_THAT(Payloads(), ElementsAre("a", "c"));
  EXPECT_EQ(spool->Stats().decayed_runs, 1u);
  EXPECT_THAT(Payloads(), ElementsAre("a", "c"));
  EXPECT_EQ(spool->Stats().decayed_runs, 1u) << "counted once";
  EXPECT_EQ(disk.List("disk/spool/quarantine")->size(), 1u);
  disk.Erase(SegmentPaths()[0]);
  EXPECT_THAT(Payloads(), ElementsAre());
  EXPECT_TRUE(Put({"d"}));
  EXPECT_THAT(Payloads(), ElementsAre("d"));
}

}  // namespace
}  // namespace mishap

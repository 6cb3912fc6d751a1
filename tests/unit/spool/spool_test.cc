// What the spool promises its callers, on a disk that works.
#include "spool/spool.h"

#include <gmock/gmock.h>

#include "tests/unit/spool/spool_fixture.h"

namespace mishap {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using SpoolTest = SpoolFixture;

TEST_F(SpoolTest, RecordsComeBackInOrderAlsoAfterARestart) {
  Open();
  ASSERT_TRUE(Put({"a", "b"}));
  ASSERT_TRUE(Put({""}));
  for (int round = 0; round < 2; ++round) {
    std::vector<SpoolRecord> records = ReadAll();
    ASSERT_EQ(records.size(), 3u);
    EXPECT_EQ(records[0].seq, 1u);
    EXPECT_EQ(records[1].payload, "b");
    EXPECT_EQ(records[2].payload, "");
    EXPECT_EQ(records[2].seq, 3u);
    EXPECT_EQ(records[2].type, static_cast<std::uint8_t>(RecordType::kEvent));
    EXPECT_EQ(records[2].project, ProjectId{1});
    EXPECT_THAT(Payloads(2), ElementsAre("b", ""));
    EXPECT_THAT(Payloads(4), IsEmpty());
    EXPECT_EQ(Open().Stats().next_seq, 4u);
  }
  EXPECT_EQ(spool->Recovery().records, 3u);
  EXPECT_EQ(spool->Recovery().first_seq, 1u);
  EXPECT_EQ(spool->Recovery().last_seq, 3u);
  EXPECT_EQ(spool->Recovery().torn_bytes, 0u);
  EXPECT_EQ(spool->Recovery().damaged_ranges, 0u);
}

TEST_F(SpoolTest, NothingIsAnsweredOrReadBeforeTheSync) {
  Open();
  int answers = 0;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(spool->Append({RecordOf("x")}, [&](const Status& status) {
      EXPECT_TRUE(status);
      ++answers;
    }));
  }
  EXPECT_EQ(answers, 0);
  EXPECT_THAT(ReadAll(), IsEmpty());
  EXPECT_TRUE(spool->WriteNextGroup());
  EXPECT_EQ(answers, 3);
  EXPECT_EQ(spool->Stats().syncs, 1u) << "one fdatasync for the group";
  disk.Restart();  // a power cut at this moment
  Open();
  EXPECT_EQ(ReadAll().size(), 3u);
}

TEST_F(SpoolTest, GroupsKeepTheirBounds) {
  options.group_records_max = 4;
  options.group_bytes_max = 1000;
  Open();
  auto append = [&](std::size_t records, std::size_t bytes) {
    ASSERT_TRUE(
        spool->Append(std::vector<NewRecord>(records, RecordOf(std::string(bytes, 'x'))), {}));
  };
  auto groups = [&] {
    int count = 0;
    while (spool->WriteNextGroup()) ++count;
    return count;
  };
  for (int i = 0; i < 6; ++i) append(1, 1);
  EXPECT_EQ(groups(), 2) << "4 and 2 records";
  for (int i = 0; i < 4; ++i) append(1, 400);
  EXPECT_EQ(groups(), 2) << "two records of 430 bytes each";
  append(9, 5000);
  EXPECT_EQ(groups(), 1) << "one call is never cut";
  EXPECT_EQ(ReadAll().size(), 19u);
}

TEST_F(SpoolTest, SegmentsRollAndAreReleased) {
  options.segment_bytes = 8192;
  Open();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Put({std::string(1000, 'x')}));
  const std::uint64_t segments = spool->Stats().segments;
  EXPECT_GE(segments, 5u);
  EXPECT_EQ(SegmentPaths().size(), segments);
  spool->Release(10);
  EXPECT_LT(spool->Stats().segments, segments);
  EXPECT_LE(spool->Stats().oldest_seq, 10u);
  EXPECT_GT(spool->Stats().oldest_seq, 5u);
  EXPECT_EQ(ReadAll(10).size(), 11u);
  spool->Release(21);
  EXPECT_EQ(SegmentPaths().size(), 1u) << "the newest stays: it knows the numbers";
  EXPECT_EQ(spool->Stats().bytes, 0u);
  disk.Restart();
  EXPECT_EQ(Open().Stats().next_seq, 21u);
  EXPECT_THAT(Payloads(21), IsEmpty());
}

TEST_F(SpoolTest, BatchesKeepTheirBoundsButAlwaysMove) {
  Open();
  ASSERT_TRUE(Put({std::string(100, 'a'), std::string(100, 'b'), std::string(100, 'c')}));
  EXPECT_EQ(spool->Read(1, 2, 1000, milliseconds(0))->size(), 2u);
  EXPECT_EQ(spool->Read(1, 10, 250, milliseconds(0))->size(), 2u);
  EXPECT_EQ(spool->Read(2, 10, 1, milliseconds(0))->size(), 1u);
  EXPECT_EQ(spool->Read(2, 10, 0, milliseconds(0))->size(), 1u);
  EXPECT_EQ(spool->Read(1, 0, 1000, milliseconds(0))->size(), 0u);
}

TEST_F(SpoolTest, ReadsFromFilesWhatMemoryNoLongerHolds) {
  Open();
  for (int i = 0; i < 12; ++i) ASSERT_TRUE(Put({std::string(1 << 20, static_cast<char>('a' + i))}));
  std::vector<SpoolRecord> records = ReadAll();  // more than kRecentBytesMax
  ASSERT_EQ(records.size(), 12u);
  for (int i = 0; i < 12; ++i) {
    EXPECT_EQ(records[static_cast<std::size_t>(i)].payload,
              std::string(1 << 20, static_cast<char>('a' + i)));
  }
}

TEST_F(SpoolTest, LimitsAreRefusedAtOnce) {
  options.record_bytes_max = 100;
  options.pending_bytes_max = 300;
  options.spool_bytes_max = 20'000;
  Open();
  EXPECT_EQ(Put({std::string(101, 'x')}).error().reason, Reason::kTooLarge);
  EXPECT_EQ(spool->Append({}, {}).error().reason, Reason::kInternal);
  ASSERT_TRUE(spool->Append({RecordOf(std::string(100, 'x'))}, {}));
  ASSERT_TRUE(spool->Append({RecordOf(std::string(100, 'x'))}, {}));
  EXPECT_EQ(spool->Append({RecordOf(std::string(100, 'x'))}, {}).error().reason,
            Reason::kOverloaded);
  EXPECT_TRUE(spool->WriteNextGroup());
  Status full;
  int taken = 0;
  while ((full = Put({std::string(100, 'x')}))) ++taken;
  EXPECT_EQ(full.error().reason, Reason::kOverloaded);
  EXPECT_THAT(full.error().detail, HasSubstr("spool_bytes_max"));
  EXPECT_FALSE(spool->IsWritable());
  EXPECT_GT(taken, 50);
  spool->Release(spool->Stats().next_seq);
  EXPECT_TRUE(spool->IsWritable());
  EXPECT_TRUE(Put({"room again"}));
}

TEST_F(SpoolTest, ANearlyFullDiskIsOverloadedUntilThereIsRoom) {
  Open();
  ASSERT_TRUE(Put({"a"}));
  disk.SetFreeBytes(options.free_bytes_min - 1);
  clock.micros += 2 * kMicrosPerSecond;
  EXPECT_EQ(Put({"b"}).error().reason, Reason::kOverloaded);
  EXPECT_FALSE(spool->IsWritable());
  disk.SetFreeBytes(options.free_bytes_min);
  clock.micros += 2 * kMicrosPerSecond;
  EXPECT_TRUE(spool->IsWritable());
  EXPECT_TRUE(Put({"c"}));
}

TEST_F(SpoolTest, NumbersCanBeAdvancedOnlyBeforeAnAppend) {
  Open();
  EXPECT_TRUE(spool->AdvanceTo(500));
  EXPECT_TRUE(spool->AdvanceTo(20)) << "never back";
  ASSERT_TRUE(Put({"a"}));
  EXPECT_EQ(ReadAll()[0].seq, 500u);
  EXPECT_EQ(spool->AdvanceTo(900).error().reason, Reason::kConflict);
  EXPECT_EQ(Open().Stats().next_seq, 501u);
}

TEST_F(SpoolTest, CloseAnswersWhatWaitsAndRefusesTheRest) {
  Open();
  bool answered = false;
  ASSERT_TRUE(spool->Append({RecordOf("a")}, [&](const Status& s) { answered = s.has_value(); }));
  spool->Close();
  EXPECT_TRUE(answered);
  EXPECT_EQ(Put({"b"}).error().reason, Reason::kUnavailable);
  EXPECT_FALSE(spool->IsWritable());
  spool->Close();
  EXPECT_THAT(*spool->Read(2, 10, 10, milliseconds(60'000)), IsEmpty()) << "must not wait";
}

TEST_F(SpoolTest, TheIdentityStaysAndAWipedDirectoryGetsANewOne) {
  const SpoolId id = Open().Identity();
  EXPECT_FALSE(id.IsNil());
  ASSERT_TRUE(Put({"a"}));
  EXPECT_EQ(Open().Identity(), id);
  spool.reset();
  disk.Erase("disk/spool/spool_id");
  EXPECT_EQ(Open().Identity(), id) << "the segments know it";
  EXPECT_EQ(ReadAll().size(), 1u);
  spool.reset();
  disk.Edit("disk/spool/spool_id", [](std::string& bytes) { bytes[20] ^= 1; });
  EXPECT_EQ(Open().Identity(), id) << "a damaged file is not believed";
  spool.reset();
  disk.Erase("disk/spool/spool_id");
  for (const std::string& path : SegmentPaths()) disk.Erase(path);
  EXPECT_NE(Open().Identity(), id);
  EXPECT_EQ(spool->Stats().next_seq, 1u);
}

TEST_F(SpoolTest, ASecondOneIsRefused) {
  Open();
  auto second = Spool::Open(disk, "disk/spool", options, random, clock);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, Reason::kConflict);
  EXPECT_THAT(second.error().detail, HasSubstr("another process"));
}

TEST_F(SpoolTest, ADirectoryThatCannotBeMadeIsAnError) {
  auto spool_or = LocalSpool::Open(disk, "nowhere/spool/deep", options, random, clock,
                                   LocalSpool::Driver::kCaller);
  auto real = MakePosixEnv();
  auto posix = Spool::Open(*real, "/proc/mishap-spool", options, random, clock);
  ASSERT_FALSE(posix);
  EXPECT_THAT(posix.error().detail, HasSubstr("/proc/mishap-spool"));
}

}  // namespace
}  // namespace mishap

// A spool whose files were cut, flipped, deleted, copied or swapped always starts, loses no more
// than what the damage touches, counts it, and never hands out a payload nobody appended.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "tests/unit/spool/spool_fixture.h"

namespace mishap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kRecords = 60;

class SpoolDamageTest : public SpoolFixture {
 protected:
  // kRecords envelopes of one record in several segments, the newest not yet released.
  void Fill() {
    options.segment_bytes = 8192;
    Open();
    std::mt19937 sizes(3);
    for (int i = 1; i <= kRecords; ++i) {
      ASSERT_TRUE(Put({std::to_string(i) + std::string(sizes() % 900, 'p')}));
    }
    for (const SpoolRecord& record : ReadAll()) expected[record.seq] = record.payload;
    ASSERT_EQ(expected.size(), static_cast<std::size_t>(kRecords));
    spool.reset();
    for (const std::string& path : SegmentPaths()) files[path] = disk.Contents(path);
    ASSERT_GE(files.size(), 4u);
  }
  // The directory as Fill() left it.
  void Restore() {
    spool.reset();
    for (const std::string& path : SegmentPaths()) disk.Erase(path);
    for (const auto& [path, contents] : files) disk.Put(path, contents);
    const std::vector<std::string> kept = *disk.List("disk/spool/quarantine");
    for (const std::string& name : kept) {
      disk.Erase("disk/spool/quarantine/" + name);
    }
  }
  // How many are missing; everything else must be right and in order.
  std::size_t MissingAfterStart() {
    Open();
    std::uint64_t last = 0;
    std::size_t found = 0;
    for (const SpoolRecord& record : ReadAll()) {
      EXPECT_GT(record.seq, last);
      last = record.seq;
      auto want = expected.find(record.seq);
      if (want == expected.end() || want->second != record.payload) {
        ADD_FAILURE() << "seq " << record.seq << " holds what nobody appended";
      } else {
        ++found;
      }
    }
    return expected.size() - found;
  }
  std::uint64_t Counted() const {
    const RecoveryReport report = spool->Recovery();
    return report.torn_bytes + report.damaged_ranges;
  }
  std::string Newest() const { return files.rbegin()->first; }

  std::map<std::uint64_t, std::string> expected;
  std::map<std::string, std::string> files;
};

TEST_F(SpoolDamageTest, TheTailCutAtEveryByteOfTheLastTwoRecords) {
  Fill();
  const std::size_t size = files[Newest()].size();
  const std::size_t last = kRecordHeaderBytes + expected[kRecords].size();
  const std::size_t both = last + kRecordHeaderBytes + expected[kRecords - 1].size();
  for (std::size_t cut = 1; cut <= both; ++cut) {
    SCOPED_TRACE(cut);
    Restore();
    disk.Edit(Newest(), [&](std::string& bytes) { bytes.resize(size - cut); });
    EXPECT_EQ(MissingAfterStart(), cut <= last ? 1u : 2u);
    // Zeros at the very end cannot be told from space that was reserved and never written.
    std::string torn =
        files[Newest()].substr(0, size - cut).substr(size - (cut <= last ? last : both));
    torn.erase(torn.find_last_not_of('\0') + 1);
    EXPECT_EQ(spool->Recovery().torn_bytes, torn.size());
    EXPECT_EQ(spool->Recovery().damaged_ranges, 0u);
    // The next numbers are those of the lost, and the spool goes on.
    ASSERT_TRUE(Put({"more"}));
    EXPECT_EQ(ReadAll().back().payload, "more");
  }
}

TEST_F(SpoolDamageTest, OneFlippedBitAnywhere) {
  Fill();
  std::mt19937_64 dice(11);
  std::vector<std::string> paths;
  for (const auto& [path, contents] : files) paths.push_back(path);
  std::size_t lost_rounds = 0;
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE(round);
    Restore();
    const std::string& path = paths[dice() % paths.size()];
    const std::size_t bit = dice() % (files[path].size() * 8);
    disk.Edit(path, [&](std::string& bytes) {
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    });
    const std::size_t missing = MissingAfterStart();
    const bool in_header = bit / 8 < kSegmentDataOffset;
    EXPECT_EQ(missing, in_header ? 0u : 1u) << path << " byte " << bit / 8;
    if (!in_header) {
      EXPECT_GT(Counted(), 0u);
      ++lost_rounds;
    }
  }
  EXPECT_GT(lost_rounds, 300u) << "the flips must have hit records";
}

TEST_F(SpoolDamageTest, RandomRangesOverwritten) {
  Fill();
  std::mt19937_64 dice(12);
  for (int round = 0; round < 300; ++round) {
    SCOPED_TRACE(round);
    Restore();
    const auto& [path, contents] =
        *std::next(files.begin(), static_cast<int>(dice() % files.size()));
    const std::size_t begin = dice() % contents.size();
    const std::size_t length = 1 + dice() % 3000;
    disk.Edit(path, [&](std::string& bytes) {
      for (std::size_t i = begin; i < std::min(bytes.size(), begin + length); ++i) {
        bytes[i] = dice() % 2 ? static_cast<char>(dice()) : '\0';
      }
    });
    const bool both_headers =
        begin < kSegmentHeaderBytes && begin + length > kSegmentHeaderCopyOffset;
    if (MissingAfterStart() > 0 && !both_headers) {
      EXPECT_GT(Counted(), 0u);
    }
  }
}

TEST_F(SpoolDamageTest, DamageInTheMiddleIsKeptForPeople) {
  Fill();
  const std::string oldest = files.begin()->first;
  disk.Edit(oldest, [](std::string& bytes) { bytes[kSegmentDataOffset + 40] ^= 1; });
  EXPECT_EQ(MissingAfterStart(), 1u);
  EXPECT_EQ(spool->Recovery().damaged_ranges, 1u);
  EXPECT_EQ(spool->Recovery().quarantined_bytes, kRecordHeaderBytes + expected[1].size());
  auto names = *disk.List("disk/spool/quarantine");
  ASSERT_EQ(names.size(), 1u);
  EXPECT_EQ(
      disk.Contents("disk/spool/quarantine/" + names[0]),
      disk.Contents(oldest).substr(kSegmentDataOffset, kRecordHeaderBytes + expected[1].size()));
  Open();
  EXPECT_EQ(disk.List("disk/spool/quarantine")->size(), 1u) << "kept once";
}

TEST_F(SpoolDamageTest, AFullQuarantineStopsNoStart) {
  Fill();
  for (std::size_t i = 0; i < kQuarantineFilesMax; ++i) {
    disk.Put("disk/spool/quarantine/" + std::to_string(i), "");
  }
  disk.Edit(files.begin()->first, [](std::string& bytes) { bytes[kSegmentDataOffset + 40] ^= 1; });
  EXPECT_EQ(MissingAfterStart(), 1u);
  EXPECT_EQ(spool->Recovery().damaged_ranges, 1u) << "counted all the same";
  EXPECT_EQ(disk.List("disk/spool/quarantine")->size(), kQuarantineFilesMax);
}

TEST_F(SpoolDamageTest, DeletedDoubledAndSwappedSegments) {
  Fill();
  const std::string first = files.begin()->first;
  const std::string second = std::next(files.begin())->first;
  disk.Erase(second);
  const std::size_t missing = MissingAfterStart();
  EXPECT_GT(missing, 3u);
  EXPECT_LT(missing, 20u);

  Restore();
  disk.Put("disk/spool/copy of it.segment", files[first]);
  disk.Put("disk/spool/another.segment", files[Newest()]);
  EXPECT_EQ(MissingAfterStart(), 0u);
  EXPECT_EQ(spool->Recovery().records, expected.size()) << "counted once";

  Restore();
  disk.Put(first, files[second]);
  disk.Put(second, files[first]);
  EXPECT_EQ(MissingAfterStart(), 0u);

  Restore();  // of two copies the better one is taken
  disk.Put("disk/spool/good.segment", files[first]);
  disk.Edit(first, [](std::string& bytes) { bytes[kSegmentDataOffset + 5] ^= 1; });
  EXPECT_EQ(MissingAfterStart(), 0u);
}

TEST_F(SpoolDamageTest, FilesThatDoNotBelong) {
  Fill();
  SegmentHeader foreign{SpoolId{{9, 9}}, 1, 1, 5};
  std::string stranger = EncodeSegmentHead(foreign);
  AppendEncodedRecord(stranger, {1, 1, 1, kBeginsGroup | kBeginsEnvelope | kEndsEnvelope, "x"}, 5);
  disk.Put("disk/spool/foreign.segment", stranger);
  disk.Put("disk/spool/empty.segment", "");
  disk.Put("disk/spool/zeros.segment", std::string(9000, '\0'));
  disk.Put("disk/spool/noise.segment", std::string(9000, '?'));
  disk.Put("disk/spool/notes.txt", "left by a person");
  EXPECT_EQ(MissingAfterStart(), 0u);
  EXPECT_EQ(disk.Contents("disk/spool/quarantine/foreign.segment"), stranger) << "never deleted";
  EXPECT_EQ(disk.Contents("disk/spool/notes.txt"), "left by a person");
  EXPECT_FALSE(disk.Size("disk/spool/empty.segment"));
  EXPECT_FALSE(disk.Size("disk/spool/zeros.segment"));
  EXPECT_EQ(spool->Recovery().damaged_ranges, 1u) << "the unreadable one";
}

TEST_F(SpoolDamageTest, AnUnreadableHeaderCostsTheSegmentAndNoMore) {
  Fill();
  const std::string newest = Newest();
  disk.Edit(newest, [](std::string& bytes) { bytes[0] = bytes[kSegmentHeaderCopyOffset] = 0; });
  EXPECT_GT(MissingAfterStart(), 0u);
  EXPECT_EQ(spool->Recovery().damaged_ranges, 1u);
  EXPECT_EQ(disk.List("disk/spool/quarantine")->size(), 1u);
}

TEST_F(SpoolDamageTest, AFlippedIdentityFileChangesNothing) {
  Fill();
  const std::string identity = disk.Contents("disk/spool/spool_id");
  Open();
  const SpoolId id = spool->Identity();
  for (std::size_t i = 0; i < identity.size(); ++i) {
    Restore();
    disk.Edit("disk/spool/spool_id", [&](std::string& bytes) { bytes[i] ^= 1; });
    EXPECT_EQ(MissingAfterStart(), 0u);
    EXPECT_EQ(spool->Identity(), id);
  }
}

}  // namespace
}  // namespace mishap

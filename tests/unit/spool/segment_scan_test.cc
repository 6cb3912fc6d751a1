#include "spool/segment_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "spool/segment_format.h"

namespace mishap {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr SegmentHeader kHeader{SpoolId{{1, 2, 3}}, 4, 100, 0x5eed};

// A file being put together record by record.
struct FileMaker {
  std::string bytes = EncodeSegmentHead(kHeader);
  std::uint64_t seq = kHeader.first_seq;
  std::vector<std::size_t> offsets;

  FileMaker& Add(std::string_view payload, unsigned flags, std::uint64_t salt = kHeader.salt) {
    offsets.push_back(bytes.size());
    AppendEncodedRecord(bytes, {seq++, 1, 1, static_cast<std::uint8_t>(flags), payload}, salt);
    return *this;
  }
  FileMaker& Group(std::string_view payload) {
    return Add(payload, kBeginsGroup | kBeginsEnvelope | kEndsEnvelope);
  }
  FileMaker& More(std::string_view payload) {
    return Add(payload, kBeginsEnvelope | kEndsEnvelope);
  }
  void Flip(std::size_t offset) { bytes[offset] = static_cast<char>(bytes[offset] ^ 4); }
};

std::vector<std::uint64_t> Seqs(const SegmentScan& scan) {
  std::vector<std::uint64_t> seqs;
  for (const RecordRun& run : scan.runs) {
    for (std::uint64_t seq = run.first_seq; seq <= run.last_seq; ++seq) seqs.push_back(seq);
  }
  return seqs;
}

TEST(SegmentFormat, HeaderSurvivesAnySingleFlippedByte) {
  const std::string head = EncodeSegmentHead(kHeader);
  ASSERT_EQ(head.size(), kSegmentDataOffset);
  for (std::size_t i = 0; i < head.size(); ++i) {
    std::string broken = head;
    broken[i] = static_cast<char>(broken[i] ^ 1);
    EXPECT_EQ(DecodeSegmentHead(broken), kHeader) << i;
  }
  std::string both = head;
  both[20] = both[kSegmentHeaderCopyOffset + 30] = 'x';
  EXPECT_EQ(DecodeSegmentHead(both), std::nullopt);
  EXPECT_EQ(DecodeSegmentHead(""), std::nullopt);
}

TEST(SegmentFormat, RecordRoundTripAndEveryFlippedBitIsSeen) {
  std::string bytes;
  AppendEncodedRecord(bytes, {77, 9'000'000, 3, kBeginsEnvelope, std::string_view("a\0b", 3)}, 5);
  EXPECT_EQ(bytes.size(), kRecordHeaderBytes + 3);
  const std::string followed = bytes + "rest";
  auto record = ParseRecord(followed, 5);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->seq, 77u);
  EXPECT_EQ(record->project, 9'000'000);
  EXPECT_EQ(record->type, 3);
  EXPECT_EQ(record->payload, std::string_view("a\0b", 3));
  EXPECT_FALSE(ParseRecord(bytes, 6)) << "another segment's salt";
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string broken = bytes;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(ParseRecord(broken + std::string(64, 'x'), 5)) << bit;
  }
}

// The layout of docs/formats/spool.md, byte by byte (checksums aside).
TEST(SegmentFormat, BytesAreTheDocumentedOnes) {
  std::string bytes;
  AppendEncodedRecord(bytes, {0x0102030405060708, 0x11, 2, 5, "xyz"}, 1);
  EXPECT_EQ(bytes.substr(0, 22), std::string("\x03\0\0\0"
                                             "\x02\x05"
                                             "\x08\x07\x06\x05\x04\x03\x02\x01"
                                             "\x11\0\0\0\0\0\0\0",
                                             22));
  EXPECT_EQ(bytes.substr(30), "xyz");
  const std::string head = EncodeSegmentHead(kHeader);
  EXPECT_EQ(head.substr(0, 12), std::string("mishapsg\x01\0\0\0", 12));
  EXPECT_EQ(head.substr(32, 24), std::string("\x04\0\0\0\0\0\0\0"
                                             "\x64\0\0\0\0\0\0\0"
                                             "\xed\x5e\0\0\0\0\0\0",
                                             24));
}

TEST(SegmentScan, ReadsGroupsToTheEnd) {
  FileMaker file;
  file.Group("a").More("b").Group("c");
  SegmentScan scan = ScanSegment(file.bytes, kHeader, kNoSeqEnd);
  EXPECT_THAT(Seqs(scan), ElementsAre(100, 101, 102));
  EXPECT_EQ(scan.records, 3u);
  EXPECT_EQ(scan.records_by_type[1], 3u);
  EXPECT_THAT(scan.damage, IsEmpty());
  EXPECT_EQ(scan.tail.Bytes(), 0u);
  SegmentScan padded = ScanSegment(file.bytes + std::string(5000, '\0'), kHeader, kNoSeqEnd);
  EXPECT_EQ(padded.tail.Bytes(), 0u) << "reserved space is not a torn tail";
}

TEST(SegmentScan, TornEnvelopeIsDroppedFromItsFirstRecord) {
  FileMaker file;
  file.Group("whole").Add("first", kBeginsGroup | kBeginsEnvelope).Add("last", kEndsEnvelope);
  for (std::size_t cut = file.offsets[1]; cut < file.bytes.size(); ++cut) {
    SegmentScan scan = ScanSegment(file.bytes.substr(0, cut), kHeader, kNoSeqEnd);
    EXPECT_THAT(Seqs(scan), ElementsAre(100)) << cut;
    EXPECT_EQ(scan.tail.begin, file.offsets[1]);
    EXPECT_THAT(scan.damage, IsEmpty());
  }
}

TEST(SegmentScan, AHoleInTheLastGroupTakesTheWholeEnvelope) {
  FileMaker file;
  file.Group("old").Group("e1").Add("e2 first", kBeginsEnvelope).Add("e2 middle", 0);
  file.Add("e2 last", kEndsEnvelope).More("e3");
  file.Flip(file.offsets[3] + 31);
  SegmentScan scan = ScanSegment(file.bytes, kHeader, kNoSeqEnd);
  EXPECT_THAT(Seqs(scan), ElementsAre(100, 101, 105));
  EXPECT_THAT(scan.damage, ElementsAre(ByteRange{file.offsets[2], file.offsets[5]}));
}

TEST(SegmentScan, AcknowledgedSurvivorsOfADamagedEnvelopeAreKept) {
  FileMaker file;
  file.Add("first", kBeginsGroup | kBeginsEnvelope).Add("middle", 0).Add("last", kEndsEnvelope);
  file.Group("later, so the first group was synced");
  file.Flip(file.offsets[1] + 2);
  SegmentScan scan = ScanSegment(file.bytes, kHeader, kNoSeqEnd);
  EXPECT_THAT(Seqs(scan), ElementsAre(100, 102, 103));
}

TEST(SegmentScan, APayloadCannotSmuggleARecord) {
  FileMaker inner;
  inner.seq = 101;
  inner.Add("forged", kBeginsEnvelope | kEndsEnvelope, 0);  // the client does not know the salt
  FileMaker file;
  file.Group(inner.bytes.substr(inner.offsets[0])).Group("honest");
  file.Flip(file.offsets[0]);  // makes the scan search inside the payload
  EXPECT_THAT(Seqs(ScanSegment(file.bytes, kHeader, kNoSeqEnd)), ElementsAre(101));
  std::string_view found = std::string_view(file.bytes).substr(file.offsets[1]);
  EXPECT_EQ(ParseRecord(found, kHeader.salt)->payload, "honest");
}

TEST(SegmentScan, SequencesOutOfTheRangeDoNotCount) {
  FileMaker file;
  file.Group("a").Group("b").Group("c");
  EXPECT_THAT(Seqs(ScanSegment(file.bytes, kHeader, 102)), ElementsAre(100, 101))
      << "a newer segment claims 102";
  FileMaker doubled;
  doubled.Group("a");
  doubled.bytes += doubled.bytes.substr(doubled.offsets[0]);
  EXPECT_THAT(Seqs(ScanSegment(doubled.bytes, kHeader, kNoSeqEnd)), ElementsAre(100));
  FileMaker jump;
  jump.Group("a");
  jump.seq = 5000;
  jump.Group("b");
  EXPECT_THAT(Seqs(ScanSegment(jump.bytes, kHeader, kNoSeqEnd)), ElementsAre(100));
}

}  // namespace
}  // namespace mishap

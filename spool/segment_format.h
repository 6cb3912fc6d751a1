// The bytes of a segment file: header, records, checksums. The contract is docs/formats/spool.md.
// Not here: files and directories (segment_files.h), what to do about bytes that are not as they
// should be (segment_scan.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace mishap {

inline constexpr std::size_t kSegmentHeaderBytes = 64;
// The header stands twice, on two pages, so that no single flipped bit or lost page takes the salt
// and with it the file.
inline constexpr std::size_t kSegmentHeaderCopyOffset = 4096;
inline constexpr std::size_t kSegmentDataOffset = kSegmentHeaderCopyOffset + kSegmentHeaderBytes;
inline constexpr std::size_t kRecordHeaderBytes = 30;
inline constexpr std::string_view kSegmentSuffix = ".segment";

struct SegmentHeader {
  SpoolId spool;
  std::uint64_t number =
      0;  // rises with each segment made; the newer of two that claim the same sequences wins
  std::uint64_t first_seq = 0;  // of the first record; everything below was used before
  std::uint64_t salt = 0;       // seed of the records' checksums

  bool operator==(const SegmentHeader&) const = default;
};

// Both copies and the padding between them: kSegmentDataOffset bytes.
std::string EncodeSegmentHead(const SegmentHeader& header);
// `head` is the start of a file. Takes the first intact copy; nullopt when there is none.
std::optional<SegmentHeader> DecodeSegmentHead(std::string_view head);
// "000000000000002a.segment". For people: recovery goes by headers, not by names.
std::string SegmentName(std::uint64_t number);

// Bits of a record's flags.
inline constexpr std::uint8_t kBeginsEnvelope = 1;  // first record of one Append call
inline constexpr std::uint8_t kEndsEnvelope = 2;    // last record of one Append call
inline constexpr std::uint8_t kBeginsGroup = 4;     // what stands before it in the file was synced
inline constexpr std::uint8_t kRecordFlagsAll = 7;

struct RecordView {
  std::uint64_t seq = 0;
  std::int64_t project = 0;
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::string_view payload;

  std::size_t EncodedBytes() const { return kRecordHeaderBytes + payload.size(); }
};

void AppendEncodedRecord(std::string& out, const RecordView& record, std::uint64_t salt);
// The record that starts at `bytes`, its checksum not yet looked at. nullopt if it cannot be one
// (type or sequence 0, unknown flags, longer than `bytes`).
std::optional<RecordView> PeekRecord(std::string_view bytes);
// As PeekRecord, with the checksum verified.
std::optional<RecordView> ParseRecord(std::string_view bytes, std::uint64_t salt);

// Unseeded, for headers and the identity file.
std::uint64_t PlainChecksum(std::string_view bytes);

}  // namespace mishap

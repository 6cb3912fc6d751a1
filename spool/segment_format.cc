// Fixed widths, little-endian. XXH3 is compiled in here and nowhere else.
#include "spool/segment_format.h"

#include <fmt/format.h>

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace mishap {
namespace {

constexpr std::string_view kMagic = "mishapsg";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kCheckedHeaderBytes = kSegmentHeaderBytes - sizeof(std::uint64_t);
constexpr std::size_t kCheckedRecordBytes = kRecordHeaderBytes - sizeof(std::uint64_t);

template <class T>
void Put(char* at, T value) {
  std::memcpy(at, &value, sizeof value);  // x86-64 and arm64 are little-endian
}
template <class T>
T Get(const char* at) {
  T value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

std::optional<SegmentHeader> DecodeOneHeader(std::string_view bytes) {
  if (bytes.size() < kSegmentHeaderBytes || bytes.substr(0, kMagic.size()) != kMagic) return {};
  if (Get<std::uint32_t>(bytes.data() + 8) != kVersion) return {};
  if (Get<std::uint64_t>(bytes.data() + kCheckedHeaderBytes) !=
      PlainChecksum(bytes.substr(0, kCheckedHeaderBytes))) {
    return {};
  }
  SegmentHeader header;
  std::memcpy(header.spool.bytes.data(), bytes.data() + 16, header.spool.bytes.size());
  header.number = Get<std::uint64_t>(bytes.data() + 32);
  header.first_seq = Get<std::uint64_t>(bytes.data() + 40);
  header.salt = Get<std::uint64_t>(bytes.data() + 48);
  return header;
}

std::uint64_t RecordChecksum(const char* head, std::string_view payload, std::uint64_t salt) {
  XXH3_state_t state;
  XXH3_INITSTATE(&state);
  XXH3_64bits_reset_withSeed(&state, salt);
  XXH3_64bits_update(&state, head, kCheckedRecordBytes);
  XXH3_64bits_update(&state, payload.data(), payload.size());
  return XXH3_64bits_digest(&state);
}

}  // namespace

std::uint64_t PlainChecksum(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::string EncodeSegmentHead(const SegmentHeader& header) {
  std::string head(kSegmentDataOffset, '\0');
  std::memcpy(head.data(), kMagic.data(), kMagic.size());
  Put(head.data() + 8, kVersion);
  std::memcpy(head.data() + 16, header.spool.bytes.data(), header.spool.bytes.size());
  Put(head.data() + 32, header.number);
  Put(head.data() + 40, header.first_seq);
  Put(head.data() + 48, header.salt);
  Put(head.data() + kCheckedHeaderBytes,
      PlainChecksum(std::string_view(head).substr(0, kCheckedHeaderBytes)));
  std::memcpy(head.data() + kSegmentHeaderCopyOffset, head.data(), kSegmentHeaderBytes);
  return head;
}

std::optional<SegmentHeader> DecodeSegmentHead(std::string_view head) {
  if (auto first = DecodeOneHeader(head)) return first;
  if (head.size() < kSegmentDataOffset) return {};
  return DecodeOneHeader(head.substr(kSegmentHeaderCopyOffset));
}

std::string SegmentName(std::uint64_t number) {
  return fmt::format("{:016x}{}", number, kSegmentSuffix);
}

void AppendEncodedRecord(std::string& out, const RecordView& record, std::uint64_t salt) {
  char head[kRecordHeaderBytes];
  Put(head, static_cast<std::uint32_t>(record.payload.size()));
  Put(head + 4, record.type);
  Put(head + 5, record.flags);
  Put(head + 6, record.seq);
  Put(head + 14, record.project);
  Put(head + kCheckedRecordBytes, RecordChecksum(head, record.payload, salt));
  out.append(head, sizeof head);
  out += record.payload;
}

std::optional<RecordView> PeekRecord(std::string_view bytes) {
  if (bytes.size() < kRecordHeaderBytes) return {};
  auto length = Get<std::uint32_t>(bytes.data());
  if (length > bytes.size() - kRecordHeaderBytes) return {};
  RecordView record;
  record.type = Get<std::uint8_t>(bytes.data() + 4);
  record.flags = Get<std::uint8_t>(bytes.data() + 5);
  record.seq = Get<std::uint64_t>(bytes.data() + 6);
  record.project = Get<std::int64_t>(bytes.data() + 14);
  record.payload = bytes.substr(kRecordHeaderBytes, length);
  if (record.type == 0 || record.seq == 0 || record.flags > kRecordFlagsAll) return {};
  return record;
}

std::optional<RecordView> ParseRecord(std::string_view bytes, std::uint64_t salt) {
  auto record = PeekRecord(bytes);
  if (!record) return {};
  if (Get<std::uint64_t>(bytes.data() + kCheckedRecordBytes) !=
      RecordChecksum(bytes.data(), record->payload, salt)) {
    return {};
  }
  return record;
}

}  // namespace mishap

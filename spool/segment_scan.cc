#include "spool/segment_scan.h"

#include <algorithm>
#include <optional>

namespace mishap {
namespace {

struct FoundRecord {
  RecordView view;
  std::uint64_t offset = 0;

  std::uint64_t End() const { return offset + view.EncodedBytes(); }
};

// Walks `bytes`; after damage it searches byte by byte for the next record whose checksum and
// sequence fit.
class RecordWalk {
 public:
  RecordWalk(std::string_view bytes, std::uint64_t salt, std::uint64_t first_seq,
             std::uint64_t seq_end)
      : bytes_(bytes),
        content_end_(bytes.find_last_not_of('\0') + 1),  // npos + 1 is 0: nothing but zeros
        salt_(salt),
        expected_seq_(first_seq),
        seq_end_(seq_end) {}

  std::vector<FoundRecord> Run(std::uint64_t from) {
    std::vector<FoundRecord> found;
    std::uint64_t at = from;
    while (auto record = Next(at)) {
      at = record->End();
      expected_seq_ = record->view.seq + 1;
      found.push_back(*record);
    }
    return found;
  }
  std::uint64_t ContentEnd() const { return content_end_; }

 private:
  std::optional<FoundRecord> Next(std::uint64_t at) const {
    for (std::uint64_t place = at; place < content_end_; ++place) {
      // A record lost in the skipped bytes took at least a header.
      std::uint64_t seq_max = expected_seq_ + (place - at) / kRecordHeaderBytes;
      if (auto record = At(place, seq_max)) return FoundRecord{*record, place};
    }
    return {};
  }
  std::optional<RecordView> At(std::uint64_t place, std::uint64_t seq_max) const {
    std::string_view rest = bytes_.substr(place);
    auto peek = PeekRecord(rest);
    if (!peek || peek->seq < expected_seq_ || peek->seq > seq_max || peek->seq >= seq_end_) {
      return {};
    }
    return ParseRecord(rest, salt_);
  }

  std::string_view bytes_;
  std::uint64_t content_end_;
  std::uint64_t salt_;
  std::uint64_t expected_seq_;
  std::uint64_t seq_end_;
};

// Removes, from the last group on, every envelope that is not there from its first to its last
// record.
void DropBrokenEnvelopes(std::vector<FoundRecord>& records) {
  std::size_t group = records.size();
  while (group > 0 && !(records[--group].view.flags & kBeginsGroup)) {
  }
  std::vector<FoundRecord> kept(records.begin(),
                                records.begin() + static_cast<std::ptrdiff_t>(group));
  std::size_t envelope = records.size();  // index of the first record of the envelope we are in
  for (std::size_t i = group; i < records.size(); ++i) {
    const FoundRecord& record = records[i];
    if (record.view.flags & kBeginsEnvelope) {
      envelope = i;
    } else if (i == group || records[i - 1].End() != record.offset) {
      envelope = records.size();  // its beginning is gone
    }
    if (!(record.view.flags & kEndsEnvelope) || envelope == records.size()) continue;
    kept.insert(kept.end(), records.begin() + static_cast<std::ptrdiff_t>(envelope),
                records.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    envelope = records.size();
  }
  records = std::move(kept);
}

void AddToRuns(std::vector<RecordRun>& runs, const FoundRecord& record) {
  bool extends = !runs.empty() && runs.back().place.end == record.offset &&
                 runs.back().last_seq + 1 == record.view.seq &&
                 runs.back().place.Bytes() < kRunBytesMax;
  if (!extends) {
    runs.push_back({record.view.seq, record.view.seq, {record.offset, record.offset}});
  }
  runs.back().last_seq = record.view.seq;
  runs.back().place.end = record.End();
}

}  // namespace

SegmentScan ScanSegment(std::string_view file, const SegmentHeader& header, std::uint64_t seq_end) {
  RecordWalk walk(file, header.salt, header.first_seq, seq_end);
  std::vector<FoundRecord> records = walk.Run(kSegmentDataOffset);
  DropBrokenEnvelopes(records);

  SegmentScan scan;
  std::uint64_t at = kSegmentDataOffset;
  for (const FoundRecord& record : records) {
    if (record.offset != at) scan.damage.push_back({at, record.offset});
    at = record.End();
    AddToRuns(scan.runs, record);
    ++scan.records;
    ++scan.records_by_type[record.view.type];
  }
  scan.tail = {at, std::max(at, walk.ContentEnd())};
  return scan;
}

std::vector<RecordView> ScanRun(std::string_view bytes, const RecordRun& run, std::uint64_t salt) {
  std::vector<RecordView> views;
  for (FoundRecord& record : RecordWalk(bytes, salt, run.first_seq, run.last_seq + 1).Run(0)) {
    views.push_back(record.view);
  }
  return views;
}

}  // namespace mishap

#include "digest/batch_reader.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace mishap {
namespace {

std::size_t BytesOf(const std::vector<SpoolRecord>& records) {
  std::size_t bytes = 0;
  for (const SpoolRecord& record : records) bytes += record.payload.size();
  return bytes;
}

}  // namespace

void BatchReader::Linger(std::vector<SpoolRecord>& records, const Pause& pause) {
  const std::size_t bytes = BytesOf(records);
  if (records.size() >= bounds_.linger_below_records || bytes >= bounds_.bytes_max) return;
  if (bounds_.linger.count() == 0 || !pause(bounds_.linger)) return;
  auto more = spool_.Read(records.back().seq + 1, bounds_.records_max - records.size(),
                          bounds_.bytes_max - bytes, std::chrono::milliseconds(0));
  if (!more) return;  // the next read tells
  records.insert(records.end(), std::make_move_iterator(more->begin()),
                 std::make_move_iterator(more->end()));
}

Result<std::optional<ReadBatch>> BatchReader::Next(std::uint64_t from, const Pause& pause) {
  const ReadPlan first_plan = open_ranges_.PlanAt(from);
  auto records = spool_.Read(from, first_plan.single ? 1 : bounds_.records_max, bounds_.bytes_max,
                             bounds_.read_wait);
  if (!records) return Fail(records.error());
  if (records->empty()) return std::optional<ReadBatch>{};

  const std::uint64_t first = records->front().seq;
  if (first > from && gap_told_until_ < first) {
    telemetry_.RecordsMissing(from, first);
    gap_told_until_ = first;
  }
  // After a gap another plan may hold than the one asked for.
  const ReadPlan plan = first == from ? first_plan : open_ranges_.PlanAt(first);
  if (!plan.alone) Linger(*records, pause);
  auto end = std::find_if(records->begin(), records->end(),
                          [&](const SpoolRecord& record) { return record.seq >= plan.end; });
  if (plan.single) end = std::next(records->begin());
  records->erase(end, records->end());

  ReadBatch batch;
  batch.expected_seq = from;
  batch.records = std::move(*records);
  batch.read_at = clock_.Now();
  batch.alone = plan.alone;
  batch.give_up = plan.give_up;
  return std::optional<ReadBatch>(std::move(batch));
}

}  // namespace mishap

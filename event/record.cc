#include "event/record.h"

#include <cstring>

#include "event/record_bytes.h"

namespace mishap {

std::string EncodeEventRecord(const EventRecord& record) {
  std::string out;
  out.reserve(record.payload.size() + 40);
  RecordWriter writer(out);
  out.append(reinterpret_cast<const char*>(record.event_id.bytes.data()), 16);
  writer.Number(record.received_at.micros);
  writer.Number(record.key.value);
  writer.Number(static_cast<std::uint8_t>(record.category));
  out += record.payload;
  return out;
}

Result<EventRecord> DecodeEventRecord(std::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.Number<std::uint8_t>() != kRecordVersion) return DamagedRecord("event");
  EventRecord record;
  std::string_view id = reader.Take(16);
  if (!id.empty()) std::memcpy(record.event_id.bytes.data(), id.data(), 16);
  record.received_at.micros = reader.Number<std::int64_t>();
  record.key.value = reader.Number<std::int64_t>();
  auto category = reader.Number<std::uint8_t>();
  if (category > static_cast<std::uint8_t>(Category::kInternal)) return DamagedRecord("event");
  record.category = static_cast<Category>(category);
  record.payload = reader.Rest();
  if (!reader.Ok()) return DamagedRecord("event");
  return record;
}

std::string EncodeOutcomesRecord(const OutcomesRecord& record) {
  std::string out;
  RecordWriter writer(out);
  writer.Number(static_cast<std::uint32_t>(record.counts.size()));
  for (const OutcomeCount& count : record.counts) {
    writer.Number(count.project.value);
    writer.Number(count.key.value);
    writer.Number(count.timestamp.micros);
    writer.Number(static_cast<std::uint8_t>(count.category));
    writer.Number(static_cast<std::uint8_t>(count.outcome));
    writer.Text(count.reason);
    writer.Number(count.quantity);
  }
  return out;
}

Result<OutcomesRecord> DecodeOutcomesRecord(std::string_view bytes) {
  RecordReader reader(bytes);
  if (reader.Number<std::uint8_t>() != kRecordVersion) return DamagedRecord("outcomes");
  auto size = reader.Number<std::uint32_t>();
  OutcomesRecord record;
  for (std::uint32_t i = 0; i < size && reader.Ok(); ++i) {
    OutcomeCount count;
    count.project.value = reader.Number<std::int64_t>();
    count.key.value = reader.Number<std::int64_t>();
    count.timestamp.micros = reader.Number<std::int64_t>();
    auto category = reader.Number<std::uint8_t>();
    auto outcome = reader.Number<std::uint8_t>();
    if (category > static_cast<std::uint8_t>(Category::kInternal) ||
        outcome > static_cast<std::uint8_t>(Outcome::kClientDiscard)) {
      return DamagedRecord("outcomes");
    }
    count.category = static_cast<Category>(category);
    count.outcome = static_cast<Outcome>(outcome);
    count.reason = reader.Text();
    count.quantity = reader.Number<std::int64_t>();
    record.counts.push_back(std::move(count));
  }
  if (!reader.Done()) return DamagedRecord("outcomes");
  return record;
}

}  // namespace mishap

// Typed records: what a spool record's payload holds, one struct and one codec per type. The bytes
// are versioned by their first byte; docs/formats/spool.md is the contract.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/outcome.h"

namespace mishap {

enum class RecordType : std::uint8_t {
  kEvent = 1,
  kOutcomes = 2,
  kSessionUpdate = 3,
  kSessionAggregate = 4,
  kCheckIn = 5,
  kClientReport = 6,
  kFeedback = 7,
  kAttachmentRef = 8,
};
std::string_view RecordTypeName(RecordType type);  // "unknown" for numbers above

// An event as the door acknowledged it.
struct EventRecord {
  EventId event_id;
  Timestamp received_at;
  KeyId key;
  Category category = Category::kError;
  std::string payload;  // PayloadCodec frame of the canonical JSON

  bool operator==(const EventRecord&) const = default;
};
std::string EncodeEventRecord(const EventRecord& record);
Result<EventRecord> DecodeEventRecord(std::string_view bytes);

// Outcomes the door settled.
struct OutcomesRecord {
  std::vector<OutcomeCount> counts;

  bool operator==(const OutcomesRecord&) const = default;
};
std::string EncodeOutcomesRecord(const OutcomesRecord& record);
Result<OutcomesRecord> DecodeOutcomesRecord(std::string_view bytes);

}  // namespace mishap

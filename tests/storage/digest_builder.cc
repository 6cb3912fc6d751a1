#include "tests/storage/digest_builder.h"

#include <utility>

namespace mishap {
namespace {

template <class Id>
Id Spread(std::uint64_t n, std::uint64_t salt) {
  Id id;
  std::uint64_t x = n + salt;
  for (auto& byte : id.bytes) {
    x = x * 6364136223846793005ULL + 1442695040888963407ULL;
    byte = static_cast<std::uint8_t>(x >> 56);
  }
  return id;
}

}  // namespace

EventId EventIdOf(std::uint64_t n) {
  return Spread<EventId>(n, 0x1111);
}
Hash128 HashOf(std::uint64_t n) {
  return Spread<Hash128>(n, 0x2222);
}

Timestamp Noon(std::int64_t seconds) {
  // Before three in the afternoon it is yesterday's: what a test says happened must not be ahead of
  // the database's clock.
  const Timestamp now = SystemClock().Now();
  const Timestamp day = FloorToDay({now.micros - 15 * kMicrosPerHour});
  return {day.micros + 12 * kMicrosPerHour + seconds * kMicrosPerSecond};
}

DigestEvent MakeEvent(std::uint64_t n, std::uint64_t hash, std::int64_t project) {
  DigestEvent event;
  event.project = ProjectId{project};
  event.event_id = EventIdOf(n);
  event.key = KeyId{1};
  event.received_at = Noon(static_cast<std::int64_t>(n));
  event.occurred_at = event.received_at;
  event.deciding = HashOf(hash);
  event.explanation = "{\"why\":\"test\"}";
  event.type = "error";
  event.platform = "python";
  event.title = "ValueError: " + std::to_string(hash);
  event.culprit = "app in main";
  event.metadata_json = R"({"type":"ValueError"})";
  event.search_text = "valueerror main";
  event.environment = "production";
  event.release = "1.0";
  event.tags = {{"browser", "Firefox"}, {"os", "Linux"}};
  event.tag_rolled_up = {true, true};
  event.payload = "payload " + std::to_string(n);
  event.json_bytes = 100;
  return event;
}

DigestBatch BatchOf(std::vector<DigestEvent> events, std::uint64_t expected) {
  DigestBatch batch;
  batch.spool = kTestSpool;
  batch.expected_seq = expected;
  batch.next_seq = expected + events.size();
  for (std::size_t i = 0; i < events.size(); ++i) events[i].seq = expected + i;
  batch.events = std::move(events);
  return batch;
}

}  // namespace mishap

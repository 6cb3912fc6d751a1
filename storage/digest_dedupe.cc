// The first step of a digest transaction: which events of the batch are neither too old nor seen
// before.
#include <algorithm>

#include "storage/digest_transaction.h"

namespace mishap {
namespace {

std::int32_t DayOf(Timestamp t) {
  return static_cast<std::int32_t>(FloorToDay(t).micros / kMicrosPerDay);
}

bool SameId(const PendingEvent& a, const PendingEvent& b) {
  return a.event->project == b.event->project && a.event->event_id == b.event->event_id;
}

void Settle(DigestRun& run, const DigestEvent& event, const char* reason) {
  run.settled.push_back(
      {event.project, event.key, event.received_at, event.category, Outcome::kInvalid, reason, 1});
}

// Fills run.events with what is inside retention, one of each id (the first in the spool), sorted.
void TakeCandidates(DigestRun& run) {
  for (const DigestEvent& event : run.batch.events) {
    if (DayOf(event.received_at) < run.oldest_day) {
      Settle(run, event, "expired");
      ++run.commit.expired;
      continue;
    }
    PendingEvent pending;
    pending.event = &event;
    pending.key = {event.project.value, event.algorithm, event.kind, event.deciding};
    pending.alias = event.alias ? &*event.alias : nullptr;
    run.events.push_back(std::move(pending));
  }
  std::stable_sort(run.events.begin(), run.events.end(),
                   [](const PendingEvent& a, const PendingEvent& b) {
                     return std::tie(a.event->project, a.event->event_id, a.event->seq) <
                            std::tie(b.event->project, b.event->event_id, b.event->seq);
                   });
  std::vector<PendingEvent> unique;
  unique.reserve(run.events.size());
  for (PendingEvent& pending : run.events) {
    if (!unique.empty() && SameId(unique.back(), pending)) {
      Settle(run, *pending.event, "duplicate");
      ++run.commit.duplicates;
    } else {
      unique.push_back(std::move(pending));
    }
  }
  run.events = std::move(unique);
}

}  // namespace

void Dedupe(DigestRun& run) {
  TakeCandidates(run);
  if (run.events.empty()) return;
  PqArray projects(PqArray::Type::kInt8);
  PqArray ids(PqArray::Type::kUuid);
  for (const PendingEvent& pending : run.events) {
    projects.Int8(pending.event->project.value);
    ids.Uuid(pending.event->event_id);
  }
  const std::int32_t generation = run.pg.Run("digest_generation").Int4(0, 0);
  const PqRows fresh =
      run.pg.Run("digest_dedupe",
                 PqParams().Int4(generation).Array(std::move(projects)).Array(std::move(ids)));
  if (fresh.Count() == static_cast<int>(run.events.size())) return;
  std::vector<std::pair<std::int64_t, std::string_view>> kept;
  kept.reserve(static_cast<std::size_t>(fresh.Count()));
  for (int i = 0; i < fresh.Count(); ++i) kept.emplace_back(fresh.Int8(i, 0), fresh.Bytes(i, 1));
  std::sort(kept.begin(), kept.end());
  std::erase_if(run.events, [&](const PendingEvent& pending) {
    const auto& bytes = pending.event->event_id.bytes;
    const std::pair<std::int64_t, std::string_view> id{
        pending.event->project.value, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
    if (std::binary_search(kept.begin(), kept.end(), id)) return false;
    Settle(run, *pending.event, "duplicate");
    ++run.commit.duplicates;
    return true;
  });
}

}  // namespace mishap

// Steps of a digest transaction: the count on hash rows, which locks them and drops discarded
// events, then the events themselves by binary COPY.
#include <algorithm>
#include <tuple>

#include "storage/digest_transaction.h"

namespace mishap {
namespace {

bool Before(const PendingEvent& a, const PendingEvent& b) {
  return std::tie(a.event->received_at, a.event->event_id) <
         std::tie(b.event->received_at, b.event->event_id);
}

std::string_view BytesOf(const Hash128& hash) {
  return {reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()};
}

void AppendOptionalHash(CopyRows& rows, const std::optional<Hash128>& hash) {
  if (hash) {
    rows.Bytes(BytesOf(*hash));
  } else {
    rows.Null();
  }
}

void AppendEvent(CopyRows& rows, const PendingEvent& pending, std::vector<std::int64_t>& values) {
  const DigestEvent& event = *pending.event;
  values.clear();
  for (const TagPair& tag : pending.tags) {
    if (tag.value != 0) values.push_back(tag.value);  // (other) is not a value
  }
  for (std::int64_t value : pending.search_values) {
    if (value != 0) values.push_back(value);
  }
  std::sort(values.begin(), values.end());
  PqArray tags(PqArray::Type::kInt8);
  for (std::int64_t value : values) tags.Int8(value);
  rows.StartRow(14);
  rows.Int8(event.project.value);
  rows.Time(event.received_at);
  rows.Uuid(event.event_id);
  rows.Int8(pending.hash_row);
  rows.Time(event.occurred_at);
  rows.Int2(static_cast<std::int16_t>(event.level));
  rows.Int4(pending.environment);
  rows.Int4(pending.release);
  if (event.user_hash) {
    rows.Int8(static_cast<std::int64_t>(*event.user_hash));
  } else {
    rows.Null();
  }
  AppendOptionalHash(rows, event.message_hash);
  AppendOptionalHash(rows, event.path_hash);
  rows.Bytes(std::move(tags).Finish());
  rows.Int4(static_cast<std::int32_t>(event.json_bytes));
  if (event.unique_tags.empty()) {
    rows.Null();
    return;
  }
  PqArray unique(PqArray::Type::kInt8);
  for (std::int64_t hash : event.unique_tags) unique.Int8(hash);
  rows.Bytes(std::move(unique).Finish());
}

}  // namespace

void Span::Add(const PendingEvent& event) {
  if (first == nullptr || Before(event, *first)) first = &event;
  if (last == nullptr || Before(*last, event)) last = &event;
  ++count;
}

void Span::Add(const Span& other) {
  if (first == nullptr || Before(*other.first, *first)) first = other.first;
  if (last == nullptr || Before(*last, *other.last)) last = other.last;
  count += other.count;
}

void CountHashRows(DigestRun& run) {
  if (run.events.empty()) return;
  for (const PendingEvent& pending : run.events) {
    run.rows[{pending.key.project, pending.hash_row}].Add(pending);
  }
  PqArray projects(PqArray::Type::kInt8), ids(PqArray::Type::kInt8), counts(PqArray::Type::kInt8);
  PqArray first_times(PqArray::Type::kTime), first_events(PqArray::Type::kUuid);
  PqArray first_releases(PqArray::Type::kInt4), first_environments(PqArray::Type::kInt4);
  PqArray last_times(PqArray::Type::kTime), last_events(PqArray::Type::kUuid);
  PqArray last_releases(PqArray::Type::kInt4), last_environments(PqArray::Type::kInt4);
  for (const auto& [key, span] : run.rows) {
    projects.Int8(key.first);
    ids.Int8(key.second);
    counts.Int8(span.count);
    first_times.Time(span.first->event->received_at);
    first_events.Uuid(span.first->event->event_id);
    first_releases.Int4(span.first->release);
    first_environments.Int4(span.first->environment);
    last_times.Time(span.last->event->received_at);
    last_events.Uuid(span.last->event->event_id);
    last_releases.Int4(span.last->release);
    last_environments.Int4(span.last->environment);
  }
  PqParams params;
  for (PqArray* column :
       {&projects, &ids, &counts, &first_times, &first_events, &first_releases, &first_environments,
        &last_times, &last_events, &last_releases, &last_environments}) {
    params.Array(std::move(*column));
  }
  const PqRows counted = run.pg.Run("digest_hash_row_count", params);
  std::map<RowKey, std::int64_t> issues;
  std::vector<RowKey> order;
  for (const auto& [key, span] : run.rows) order.push_back(key);
  for (int i = 0; i < counted.Count(); ++i) {
    const RowKey& key = order[static_cast<std::size_t>(counted.Int8(i, 0) - 1)];
    // Split after we looked, or its issue was deleted and the key is free: look again.
    if (counted.Int2(i, 2) != run.rows.at(key).first->row_state) {
      throw SqlFailure{"40001", "a hash row of the batch was regrouped"};
    }
    issues[key] = counted.Int8(i, 1);
  }
  std::erase_if(run.rows, [&](const auto& entry) { return !issues.contains(entry.first); });
  for (PendingEvent& pending : run.events) {
    auto it = issues.find({pending.key.project, pending.hash_row});
    pending.discarded = it == issues.end();
    if (!pending.discarded) {
      pending.issue = it->second;
      continue;
    }
    ++run.commit.discarded;
    const DigestEvent& event = *pending.event;
    run.settled.push_back({event.project, event.key, event.received_at, event.category,
                           Outcome::kFiltered, "discarded-hash", 1});
  }
  for (const auto& [key, span] : run.rows) {
    run.issues[{key.first, issues.at(key)}].Add(span);
  }
}

void StoreEvents(DigestRun& run) {
  CopyRows events;
  CopyRows payloads;
  std::size_t payload_bytes = 0;
  for (const PendingEvent& pending : run.events)
    payload_bytes += pending.event->payload.size() + 80;
  events.Reserve(run.events.size() * 256);
  payloads.Reserve(payload_bytes);
  std::vector<std::int64_t> values;
  for (const PendingEvent& pending : run.events) {
    if (pending.discarded) continue;
    const DigestEvent& event = *pending.event;
    AppendEvent(events, pending, values);
    payloads.StartRow(4);
    payloads.Int8(event.project.value);
    payloads.Time(event.received_at);
    payloads.Uuid(event.event_id);
    payloads.Bytes(event.payload);
    run.settled.push_back(
        {event.project, event.key, event.received_at, event.category, Outcome::kAccepted, "", 1});
    ++run.commit.stored;
  }
  if (run.commit.stored == 0) return;
  run.pg.Copy("digest_event_copy", std::move(events).Finish());
  run.pg.Copy("digest_event_payload_copy", std::move(payloads).Finish());
}

}  // namespace mishap

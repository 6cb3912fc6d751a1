// Steps of a digest transaction: counters per hash row (hour, release, tag), folded in memory to
// one row per key and upserted in key order. Users stand in digest_users.cc.
#include <algorithm>
#include <tuple>

#include "storage/digest_transaction.h"

namespace mishap {
namespace {

constexpr std::int32_t kTagValuesMax = 1'000;  // per (hash row, key)
constexpr std::int32_t kTagValuesKept = 900;   // after folding the oldest into (other)

// Sorts by `key(entry)` and folds equal neighbours into the first with `fold(into, from)`.
template <class Entry, class Key, class Fold>
void SortAndFold(std::vector<Entry>& entries, Key&& key, Fold&& fold) {
  std::sort(entries.begin(), entries.end(),
            [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (kept > 0 && key(entries[kept - 1]) == key(entries[i])) {
      fold(entries[kept - 1], entries[i]);
    } else {
      entries[kept++] = entries[i];
    }
  }
  entries.resize(kept);
}

struct Seen {
  std::int64_t project, row;
  std::int64_t a, b;  // release and environment, or tag key and value
  Timestamp first, last;
  std::int64_t count;
};

auto SeenKey(const Seen& s) {
  return std::tie(s.project, s.row, s.a, s.b);
}

void FoldSeen(Seen& into, const Seen& from) {
  into.first = std::min(into.first, from.first);
  into.last = std::max(into.last, from.last);
  into.count += from.count;
}

// `b_type`: of the fourth key column, kInt4 or kInt8.
PqRows UpsertSeen(PqSession& pg, const char* statement, const std::vector<Seen>& entries,
                  PqArray::Type b_type) {
  PqArray projects(PqArray::Type::kInt8), rows(PqArray::Type::kInt8), a(PqArray::Type::kInt4),
      b(b_type);
  PqArray first(PqArray::Type::kTime), last(PqArray::Type::kTime), counts(PqArray::Type::kInt8);
  for (const Seen& s : entries) {
    projects.Int8(s.project);
    rows.Int8(s.row);
    a.Int4(static_cast<std::int32_t>(s.a));
    if (b_type == PqArray::Type::kInt4) {
      b.Int4(static_cast<std::int32_t>(s.b));
    } else {
      b.Int8(s.b);
    }
    first.Time(s.first);
    last.Time(s.last);
    counts.Int8(s.count);
  }
  PqParams params;
  for (PqArray* column : {&projects, &rows, &a, &b, &first, &last, &counts}) {
    params.Array(std::move(*column));
  }
  return pg.Run(statement, params);
}

void FoldCrowdedTags(PqSession& pg, const PqRows& fresh) {
  if (fresh.Count() == 0) return;
  PqArray projects(PqArray::Type::kInt8), rows(PqArray::Type::kInt8), keys(PqArray::Type::kInt4);
  for (int i = 0; i < fresh.Count(); ++i) {
    projects.Int8(fresh.Int8(i, 0));
    rows.Int8(fresh.Int8(i, 1));
    keys.Int4(fresh.Int4(i, 2));
  }
  pg.Run("digest_hash_tag_fold", PqParams()
                                     .Array(std::move(projects))
                                     .Array(std::move(rows))
                                     .Array(std::move(keys))
                                     .Int4(kTagValuesMax)
                                     .Int4(kTagValuesKept));
}

}  // namespace

void CountHours(DigestRun& run) {
  struct Hour {
    std::int64_t project, row;
    Timestamp hour;
    std::int32_t environment;
    std::int64_t count;
  };
  std::vector<Hour> hours;
  for (const PendingEvent& p : run.events) {
    if (p.discarded) continue;
    hours.push_back(
        {p.key.project, p.hash_row, FloorToHour(p.event->received_at), p.environment, 1});
  }
  if (hours.empty()) return;
  SortAndFold(
      hours, [](const Hour& h) { return std::tie(h.project, h.row, h.hour, h.environment); },
      [](Hour& into, const Hour& from) { into.count += from.count; });
  PqArray projects(PqArray::Type::kInt8), rows(PqArray::Type::kInt8), times(PqArray::Type::kTime);
  PqArray environments(PqArray::Type::kInt4), counts(PqArray::Type::kInt8);
  for (const Hour& h : hours) {
    projects.Int8(h.project);
    rows.Int8(h.row);
    times.Time(h.hour);
    environments.Int4(h.environment);
    counts.Int8(h.count);
  }
  PqParams params;
  for (PqArray* column : {&projects, &rows, &times, &environments, &counts}) {
    params.Array(std::move(*column));
  }
  run.pg.Run("digest_hash_hour", params);
}

void CountReleases(DigestRun& run) {
  std::vector<Seen> seen;
  for (const PendingEvent& p : run.events) {
    if (p.discarded) continue;
    const Timestamp at = p.event->received_at;
    seen.push_back({p.key.project, p.hash_row, p.release, p.environment, at, at, 1});
  }
  if (seen.empty()) return;
  SortAndFold(seen, SeenKey, FoldSeen);
  UpsertSeen(run.pg, "digest_hash_release", seen, PqArray::Type::kInt4);
}

void CountTags(DigestRun& run) {
  std::vector<Seen> seen;
  for (const PendingEvent& p : run.events) {
    if (p.discarded) continue;
    const Timestamp at = p.event->received_at;
    for (const TagPair& tag : p.tags) {
      seen.push_back({p.key.project, p.hash_row, tag.key, tag.value, at, at, 1});
    }
  }
  if (seen.empty()) return;
  SortAndFold(seen, SeenKey, FoldSeen);
  FoldCrowdedTags(run.pg, UpsertSeen(run.pg, "digest_hash_tag", seen, PqArray::Type::kInt8));
}

}  // namespace mishap

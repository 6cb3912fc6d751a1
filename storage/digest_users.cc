// A step of a digest transaction: users affected (decisions 2.8). Sketches only grow, so that a
// user who is known to be in one costs nothing; the rest is read, merged in memory and written back
// where it changed. The rows are locked by the count on their hash row. What an issue shows is
// worked out in digest_issue_users.cc.
#include "storage/digest_transaction.h"
#include "storage/user_sketch.h"

namespace mishap {
namespace {

constexpr std::int32_t kAllEnvironments = -1;
constexpr std::int32_t kAllTime = 0;  // 1970-01-01

struct SketchKey {
  std::int64_t project = 0;
  std::int64_t hash_row = 0;
  std::int32_t environment = 0;
  std::int32_t day = 0;

  auto operator<=>(const SketchKey&) const = default;
};

struct Growth {
  std::set<std::uint64_t> users;
  std::int64_t issue = 0;
  UserSketch sketch;
  bool changed = false;
};

using Sketches = std::map<SketchKey, Growth>;

Sketches Collect(DigestRun& run) {
  Sketches sketches;
  for (const PendingEvent& p : run.events) {
    if (p.discarded || !p.event->user_hash) continue;
    const auto day =
        static_cast<std::int32_t>(FloorToDay(p.event->received_at).micros / kMicrosPerDay);
    const SketchedUser fact{p.key.project, p.hash_row, p.environment, day, *p.event->user_hash};
    if (run.facts.users.Find(fact) != nullptr) continue;
    run.staged.users.push_back(fact);
    for (const SketchKey& key :
         {SketchKey{p.key.project, p.hash_row, p.environment, day},
          SketchKey{p.key.project, p.hash_row, kAllEnvironments, kAllTime}}) {
      Growth& growth = sketches[key];
      growth.users.insert(fact.user);
      growth.issue = p.issue;
    }
  }
  return sketches;
}

void AppendKey(const SketchKey& key, PqArray& projects, PqArray& rows, PqArray& environments,
               PqArray& days) {
  projects.Int8(key.project);
  rows.Int8(key.hash_row);
  environments.Int4(key.environment);
  days.Day(key.day);
}

void ReadAndGrow(PqSession& pg, Sketches& sketches) {
  PqArray projects(PqArray::Type::kInt8), rows(PqArray::Type::kInt8);
  PqArray environments(PqArray::Type::kInt4), days(PqArray::Type::kDate);
  std::vector<Growth*> order;
  for (auto& [key, growth] : sketches) {
    AppendKey(key, projects, rows, environments, days);
    order.push_back(&growth);
  }
  const PqRows stored = pg.Run("digest_hash_user_select", PqParams()
                                                              .Array(std::move(projects))
                                                              .Array(std::move(rows))
                                                              .Array(std::move(environments))
                                                              .Array(std::move(days)));
  for (int i = 0; i < stored.Count(); ++i) {
    order[static_cast<std::size_t>(stored.Int8(i, 0) - 1)]->sketch =
        SketchOrFail(stored.Bytes(i, 1));
  }
  for (Growth* growth : order) {
    for (std::uint64_t user : growth->users) growth->changed |= growth->sketch.Add(user);
  }
}

void Store(PqSession& pg, const Sketches& sketches) {
  PqArray projects(PqArray::Type::kInt8), rows(PqArray::Type::kInt8);
  PqArray environments(PqArray::Type::kInt4), days(PqArray::Type::kDate),
      bytes(PqArray::Type::kBytes);
  for (const auto& [key, growth] : sketches) {
    if (!growth.changed) continue;
    AppendKey(key, projects, rows, environments, days);
    bytes.Bytes(growth.sketch.Serialize());
  }
  if (projects.Count() == 0) return;
  PqParams params;
  for (PqArray* column : {&projects, &rows, &environments, &days, &bytes}) {
    params.Array(std::move(*column));
  }
  pg.Run("digest_hash_user_store", params);
}

}  // namespace

void CountUsers(DigestRun& run) {
  Sketches sketches = Collect(run);
  if (sketches.empty()) return;
  ReadAndGrow(run.pg, sketches);
  Store(run.pg, sketches);
  std::map<RowKey, std::set<std::uint64_t>> grown;
  for (const auto& [key, growth] : sketches) {
    if (!growth.changed || key.environment != kAllEnvironments) continue;
    grown[{key.project, growth.issue}].insert(growth.users.begin(), growth.users.end());
  }
  EstimateIssueUsers(run, grown);
}

}  // namespace mishap

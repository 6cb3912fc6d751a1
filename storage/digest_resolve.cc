// The second step of a digest transaction: names, hash rows and issues, under the counter locks of
// the projects that have something new.
#include "storage/digest_hash_rows.h"
#include "storage/digest_names.h"
#include "storage/digest_transaction.h"

namespace mishap {
namespace {

Counters LockCounters(PqSession& pg, const std::set<std::int64_t>& projects,
                      const IssueLimits& limits) {
  PqArray ids(PqArray::Type::kInt8);
  for (std::int64_t project : projects) ids.Int8(project);  // sorted: writers lock in one order
  const PqRows rows = pg.Run("digest_counter_take", PqParams()
                                                        .Array(std::move(ids))
                                                        .Int8(limits.new_issues_burst)
                                                        .Int8(limits.new_issues_per_minute));
  Counters counters;
  for (int i = 0; i < rows.Count(); ++i) {
    counters[rows.Int8(i, 0)] = {rows.Int8(i, 1), rows.Int8(i, 2), rows.Int4(i, 3),
                                 rows.Int4(i, 4), rows.Int4(i, 5), rows.Int8(i, 6),
                                 rows.Int8(i, 7), rows.Int8(i, 8)};
  }
  return counters;
}

void StoreCounters(PqSession& pg, const Counters& counters) {
  PqArray projects(PqArray::Type::kInt8), issues(PqArray::Type::kInt8), rows(PqArray::Type::kInt8);
  PqArray environments(PqArray::Type::kInt4), releases(PqArray::Type::kInt4);
  PqArray keys(PqArray::Type::kInt4), values(PqArray::Type::kInt8);
  PqArray credits(PqArray::Type::kInt8), floods(PqArray::Type::kInt8);
  for (const auto& [project, next] : counters) {
    projects.Int8(project);
    issues.Int8(next.issue);
    rows.Int8(next.hash_row);
    environments.Int4(next.environment);
    releases.Int4(next.release);
    keys.Int4(next.tag_key);
    values.Int8(next.tag_value);
    credits.Int8(next.issue_credit);
    floods.Int8(next.flood_issue);
  }
  PqParams params;
  for (PqArray* column :
       {&projects, &issues, &rows, &environments, &releases, &keys, &values, &credits, &floods}) {
    params.Array(std::move(*column));
  }
  pg.Run("digest_counter_store", params);
}

}  // namespace

void Resolve(DigestRun& run) {
  if (run.events.empty() && run.typed.empty()) return;
  NameResolver names(run);
  HashResolver hashes(run);
  names.Find();
  hashes.Find();
  std::set<std::int64_t> projects = names.Projects();
  projects.merge(hashes.Projects());
  if (!projects.empty()) {
    Counters counters = LockCounters(run.pg, projects, run.issue_limits);
    names.Create(counters);
    names.Apply();
    hashes.Create(counters);
    StoreCounters(run.pg, counters);
  } else {
    names.Apply();
  }
  hashes.Apply();
}

}  // namespace mishap

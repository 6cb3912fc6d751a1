// The step of a digest transaction that makes remembered hash rows safe to go by (grouping 14.2).
// It runs when the batch has locked its rows: whoever changes one of them now waits for the commit,
// and whoever did so before has counted the project's epoch up.
#include <vector>

#include "storage/digest_transaction.h"

namespace mishap {
namespace {

// Projects whose epoch is not the one the batch went by. Leaves the present one in run.epochs.
std::set<std::int64_t> MovedProjects(DigestRun& run) {
  PqArray asked(PqArray::Type::kInt8);
  for (const auto& [project, epoch] : run.epochs) asked.Int8(project);
  const PqRows found = run.pg.Run("digest_row_epochs", PqParams().Array(std::move(asked)));
  std::set<std::int64_t> moved;
  for (int i = 0; i < found.Count(); ++i) {
    std::int64_t& epoch = run.epochs.at(found.Int8(i, 0));
    if (epoch != found.Int8(i, 1)) moved.insert(found.Int8(i, 0));
    epoch = found.Int8(i, 1);
  }
  return moved;
}

// A merge moves issue_id only, and the count has told where to: nothing to start over for.
void LookAgain(DigestRun& run, const std::set<std::int64_t>& moved) {
  PqArray projects(PqArray::Type::kInt8), algorithms(PqArray::Type::kInt2),
      kinds(PqArray::Type::kInt2), hashes(PqArray::Type::kBytes);
  std::vector<const KnownRow*> used;
  for (const auto& [key, row] : run.used_rows) {
    if (!moved.contains(key.project)) continue;
    projects.Int8(key.project);
    algorithms.Int2(key.algorithm);
    kinds.Int2(key.kind);
    hashes.Bytes({reinterpret_cast<const char*>(key.hash.bytes.data()), key.hash.bytes.size()});
    used.push_back(&row.row);
  }
  const PqRows rows = run.pg.Run("digest_hash_row_select", PqParams()
                                                               .Array(std::move(projects))
                                                               .Array(std::move(algorithms))
                                                               .Array(std::move(kinds))
                                                               .Array(std::move(hashes)));
  std::size_t same = 0;
  for (int i = 0; i < rows.Count(); ++i) {
    const KnownRow& before = *used[static_cast<std::size_t>(rows.Int8(i, 0) - 1)];
    if (rows.Int8(i, 1) == before.id && rows.Int2(i, 3) == before.state) ++same;
  }
  if (same != used.size()) throw SqlFailure{"40001", "a hash row of the batch was regrouped"};
}

}  // namespace

void ConfirmRows(DigestRun& run) {
  if (run.used_rows.empty()) return;
  const std::set<std::int64_t> moved = MovedProjects(run);
  if (!moved.empty()) LookAgain(run, moved);
  for (const auto& [project, epoch] : run.epochs) run.facts.rows.SetEpoch(project, epoch);
  for (const auto& [key, used] : run.used_rows) {
    if (used.is_remembered && !moved.contains(key.project)) continue;
    run.staged.rows.emplace_back(key, used.row);
  }
}

}  // namespace mishap

// Step of a digest transaction: a release that an event brings first is the next one for issues
// that were resolved in it. The same for releases that are made by API: next_release.h.
#include "storage/triage/digest_steps.h"
#include "storage/triage/reopening.h"

namespace mishap {
namespace {

void Settle(DigestRun& run, const NewRelease& release) {
  const PqRows rows = run.pg.Run("next_release_pending", PqParams().Int8(release.project));
  PqArray issues(PqArray::Type::kInt8);
  for (int i = 0; i < rows.Count(); ++i) {
    if (IsNextRelease(rows.Bytes(i, 1), release.version)) issues.Int8(rows.Int8(i, 0));
  }
  if (issues.Count() == 0) return;
  run.pg.Run("next_release_settle",
             PqParams().Int8(release.project).Int4(release.id).Array(PqArray(issues)));
  run.pg.Run("next_release_activity",
             PqParams().Int8(release.project).Text(release.version).Array(std::move(issues)));
}

}  // namespace

void SettleNextReleases(DigestRun& run) {
  for (const NewRelease& release : run.new_releases) Settle(run, release);
}

}  // namespace mishap

// What a client sends twice (it lost our answer) counts once: ids of aggregates, client reports and
// attachments share the dedupe table of events and so its promise of 24 hours. Also client reports
// themselves, which are nothing but counts.
#include <algorithm>

#include "storage/typed/typed_step.h"

namespace mishap {

std::set<RepeatKey> FirstSeen(DigestRun& run, const std::set<RepeatKey>& ids) {
  std::set<RepeatKey> fresh;
  if (ids.empty()) return fresh;
  PqArray projects(PqArray::Type::kInt8), uuids(PqArray::Type::kUuid);
  for (const auto& [project, id] : ids) {
    projects.Int8(project);
    uuids.Uuid(id);
  }
  const std::int32_t generation = run.pg.Run("digest_generation").Int4(0, 0);
  const PqRows rows =
      run.pg.Run("digest_dedupe",
                 PqParams().Int4(generation).Array(std::move(projects)).Array(std::move(uuids)));
  for (int i = 0; i < rows.Count(); ++i) {
    RepeatId id;
    const std::string_view bytes = rows.Bytes(i, 1);
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    fresh.insert({rows.Int8(i, 0), id});
  }
  return fresh;
}

void StoreClientReports(DigestRun& run, const std::set<RepeatKey>& fresh) {
  std::set<RepeatKey> taken;
  ForEachTyped<ClientReport>(run, [&](const PendingTyped& pending, const ClientReport& report) {
    const RepeatKey key{pending.source->project.value, report.repeat};
    const bool repeated =
        !report.repeat.IsNil() && (!fresh.contains(key) || !taken.insert(key).second);
    Settle(run, pending, repeated ? "duplicate" : "");
    if (repeated) return;
    for (const ClientDiscard& discard : report.discards) {
      ClientLoss loss;
      loss.count.project = pending.source->project;
      loss.count.key = pending.source->record.key;
      loss.count.timestamp = report.timestamp;
      loss.count.outcome = Outcome::kClientDiscard;
      loss.count.reason = discard.reason;
      loss.count.quantity = discard.quantity;
      loss.category = discard.category;
      run.losses.push_back(std::move(loss));
    }
  });
}

}  // namespace mishap

// Attachments: a row that refers to a blob. The event need not be there, or ever come.
#include "storage/typed/typed_step.h"

namespace mishap {

void StoreAttachments(DigestRun& run, const std::set<RepeatKey>& fresh) {
  using enum PqArray::Type;
  PqArray projects(kInt8), received(kTime), events(kUuid), ids(kUuid), names(kText), types(kText),
      kinds(kText), bytes(kInt8), sums(kText), blobs(kText);
  std::set<RepeatKey> taken;
  ForEachTyped<AttachmentRef>(run, [&](const PendingTyped& pending, const AttachmentRef& file) {
    const std::int64_t project = pending.source->project.value;
    const Timestamp at = pending.source->record.received_at;
    const RepeatKey key{project, RepeatId{file.id.bytes}};
    if (FloorToDay(at).micros / kMicrosPerDay < run.oldest_day) {
      return Settle(run, pending, "expired");
    }
    const bool repeated = !fresh.contains(key) || !taken.insert(key).second;
    Settle(run, pending, repeated ? "duplicate" : "");
    if (repeated) return;
    projects.Int8(project);
    received.Time(at);
    events.Uuid(file.event_id);
    ids.Uuid(file.id);
    names.Text(file.name);
    types.Text(file.content_type);
    kinds.Text(file.type);
    bytes.Int8(file.bytes);
    sums.Text(file.sha1);
    blobs.Text(file.blob);
  });
  if (projects.Count() == 0) return;
  PqParams params;
  for (PqArray* column :
       {&projects, &received, &events, &ids, &names, &types, &kinds, &bytes, &sums, &blobs}) {
    params.Array(std::move(*column));
  }
  run.pg.Run("digest_attachment_insert", params);
}

}  // namespace mishap

// What people wrote: a feedback is stored once, of several reports about one event the last stays.
#include <algorithm>
#include <map>
#include <tuple>

#include "storage/typed/typed_step.h"

namespace mishap {
namespace {

using FeedbackKey = std::tuple<std::int64_t, FeedbackKind, EventId>;
struct FeedbackRow {
  const PendingTyped* pending = nullptr;  // the one that is stored
  const Feedback* feedback = nullptr;
};
using FeedbackRows = std::map<FeedbackKey, FeedbackRow>;

FeedbackRows Collect(DigestRun& run) {
  FeedbackRows rows;
  ForEachTyped<Feedback>(run, [&](const PendingTyped& pending, const Feedback& feedback) {
    auto [it, added] =
        rows.try_emplace({pending.source->project.value, feedback.kind, feedback.id});
    FeedbackRow& row = it->second;
    if (!added && feedback.kind == FeedbackKind::kFeedback) {
      return Settle(run, pending, "duplicate");
    }
    if (!added) Settle(run, *row.pending, "");  // it was taken, and replaced
    row = {&pending, &feedback};
  });
  return rows;
}

PqRows Upsert(PqSession& pg, const FeedbackRows& rows) {
  using enum PqArray::Type;
  PqArray projects(kInt8), kinds(kInt2), ids(kUuid), events(kUuid), received(kTime),
      occurred(kTime), names(kText), emails(kText), comments(kText), urls(kText), replays(kText),
      sources(kText), environments(kInt4), releases(kInt4), payloads(kBytes);
  for (const auto& [key, row] : rows) {
    const Feedback& feedback = *row.feedback;
    projects.Int8(std::get<0>(key));
    kinds.Int2(static_cast<std::int16_t>(feedback.kind));
    ids.Uuid(feedback.id);
    if (feedback.event_id.IsNil()) {
      events.Null();
    } else {
      events.Uuid(feedback.event_id);
    }
    received.Time(row.pending->source->record.received_at);
    occurred.Time(feedback.occurred_at);
    names.Text(feedback.name);
    emails.Text(feedback.email);
    comments.Text(feedback.comments);
    urls.Text(feedback.url);
    replays.Text(feedback.replay_id);
    sources.Text(feedback.source);
    environments.Int4(row.pending->environment);
    releases.Int4(row.pending->release);
    if (feedback.payload.empty()) {
      payloads.Null();
    } else {
      payloads.Bytes(feedback.payload);
    }
  }
  PqParams params;
  for (PqArray* column :
       {&projects, &kinds, &ids, &events, &received, &occurred, &names, &emails, &comments, &urls,
        &replays, &sources, &environments, &releases, &payloads}) {
    params.Array(std::move(*column));
  }
  return pg.Run("digest_feedback_upsert", params);
}

}  // namespace

void StoreFeedback(DigestRun& run) {
  const FeedbackRows rows = Collect(run);
  if (rows.empty()) return;
  const PqRows stored = Upsert(run.pg, rows);
  std::set<FeedbackKey> kept;
  for (int i = 0; i < stored.Count(); ++i) {
    EventId id;
    const std::string_view bytes = stored.Bytes(i, 2);
    std::copy(bytes.begin(), bytes.end(), id.bytes.begin());
    kept.insert({stored.Int8(i, 0), static_cast<FeedbackKind>(stored.Int2(i, 1)), id});
  }
  for (const auto& [key, row] : rows) {
    Settle(run, *row.pending, kept.contains(key) ? "" : "duplicate");
  }
}

}  // namespace mishap

#include "storage/typed/typed_step.h"

namespace mishap {
namespace {

std::int32_t DayOf(Timestamp t) {
  return static_cast<std::int32_t>(FloorToDay(t).micros / kMicrosPerDay);
}

RepeatId RepeatOf(const TypedBody& body) {
  if (const auto* sessions = std::get_if<SessionAggregate>(&body)) return sessions->repeat;
  if (const auto* report = std::get_if<ClientReport>(&body)) return report->repeat;
  if (const auto* file = std::get_if<AttachmentRef>(&body)) return RepeatId{file->id.bytes};
  return {};
}

}  // namespace

std::string_view EnvironmentOf(const TypedBody& body) {
  return std::visit(
      [](const auto& b) -> std::string_view {
        if constexpr (requires { b.environment; }) return b.environment;
        return {};
      },
      body);
}

std::string_view ReleaseOf(const TypedBody& body) {
  return std::visit(
      [](const auto& b) -> std::string_view {
        if constexpr (requires { b.release; }) return b.release;
        return {};
      },
      body);
}

std::optional<std::int32_t> PartitionDayOf(const TypedRecord& record) {
  if (const auto* session = std::get_if<SessionUpdate>(&record.body)) {
    return DayOf(session->started);
  }
  if (std::holds_alternative<AttachmentRef>(record.body)) return DayOf(record.received_at);
  return std::nullopt;
}

void Settle(DigestRun& run, const PendingTyped& pending, std::string_view reason) {
  const TypedRecord& record = pending.source->record;
  OutcomeCount count;
  count.project = pending.source->project;
  count.key = record.key;
  count.timestamp = record.received_at;
  count.category = CategoryOf(record.body);
  count.outcome = reason.empty() ? Outcome::kAccepted : Outcome::kInvalid;
  count.reason = reason;
  count.quantity = QuantityOf(record.body);
  run.settled.push_back(std::move(count));
}

void StoreTyped(DigestRun& run) {
  if (run.typed.empty()) return;
  std::set<RepeatKey> ids;
  for (const PendingTyped& pending : run.typed) {
    const RepeatId id = RepeatOf(pending.source->record.body);
    if (!id.IsNil()) ids.insert({pending.source->project.value, id});
  }
  const std::set<RepeatKey> fresh = FirstSeen(run, ids);
  StoreSessions(run, fresh);
  StoreCheckIns(run);
  StoreFeedback(run);
  StoreAttachments(run, fresh);
  StoreClientReports(run, fresh);
}

}  // namespace mishap

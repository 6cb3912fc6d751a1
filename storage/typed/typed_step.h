// The digest's steps for typed records, in the order they run in the transaction. Each settles the
// outcome of every record of its type. They throw SqlFailure like all steps. Inside storage only.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "event/typed_record.h"
#include "storage/digest_transaction.h"

namespace mishap {

// The UTC day (since 1970) whose partition the record goes into; nullopt: into none.
std::optional<std::int32_t> PartitionDayOf(const TypedRecord& record);

// Repeat ids and attachment ids not seen before, of those asked: those the transaction was the
// first to bring. Nil ids are not asked.
using RepeatKey = std::pair<std::int64_t, RepeatId>;  // project, id
std::set<RepeatKey> FirstSeen(DigestRun& run, const std::set<RepeatKey>& ids);

void StoreSessions(DigestRun& run, const std::set<RepeatKey>& fresh);  // and aggregates
void StoreCheckIns(DigestRun& run);
void StoreFeedback(DigestRun& run);
void StoreAttachments(DigestRun& run, const std::set<RepeatKey>& fresh);
void StoreClientReports(DigestRun& run, const std::set<RepeatKey>& fresh);

// "" : accepted, else invalid with this reason.
void Settle(DigestRun& run, const PendingTyped& pending, std::string_view reason);

// visit(const PendingTyped&, const Body&) for each record of one type, in the order of the spool.
template <class Body, class Visit>
void ForEachTyped(const DigestRun& run, Visit&& visit) {
  for (const PendingTyped& pending : run.typed) {
    if (const auto* body = std::get_if<Body>(&pending.source->record.body)) visit(pending, *body);
  }
}

}  // namespace mishap

#include "jobs/outbox_delivery.h"

#include <algorithm>

#include "base/log.h"

namespace mishap {

std::chrono::seconds OutboxRetryIn(int attempts) {
  constexpr std::chrono::seconds kFirst{10};
  constexpr std::chrono::seconds kMost{3600};
  const int doublings = std::clamp(attempts - 1, 0, 20);
  return std::min(kFirst * (1 << doublings), kMost);
}

Status DeliverOutbox(const OutboxPort& outbox, const Deliver& deliver) {
  for (int claim = 0; claim < kOutboxClaimsMax; ++claim) {
    auto rows = outbox.claim(kOutboxRowsMax, kOutboxHidden);
    if (!rows) return Fail(rows.error());
    for (const OutboxRow& row : *rows) {
      const Status done = deliver(row);
      Status noted = done ? outbox.delivered(row)
                          : outbox.failed(row, done.error().detail, OutboxRetryIn(row.attempts));
      if (!noted) return noted;  // delivered, but not noted: it comes again under the same id
    }
    if (rows->size() < static_cast<std::size_t>(kOutboxRowsMax)) break;
  }
  return {};
}

Status DeliverToLog(const OutboxRow& row) {
  Log(LogLevel::kInfo, "effect",
      {{"kind", row.kind},
       {"project_id", row.project.value},
       {"issue_id", row.issue.value},
       {"delivery_id", ToHex(row.delivery)},
       {"attempt", row.attempts}});
  return {};
}

}  // namespace mishap

// Delivers what the digest put into the outbox (decisions 1.12): at least once, with an id that
// stays the same over all tries, so that a receiver can drop repeats. Where to is the Deliver
// function's affair.
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/outbox_store.h"

namespace mishap {

using Deliver = std::function<Status(const OutboxRow&)>;

// The outbox as this job needs it; storage/outbox_store.h says what each does.
struct OutboxPort {
  std::function<Result<std::vector<OutboxRow>>(int rows_max, std::chrono::seconds hidden)> claim;
  std::function<Status(const OutboxRow&)> delivered;
  std::function<Status(const OutboxRow&, std::string_view error, std::chrono::seconds retry_in)>
      failed;
};

inline constexpr int kOutboxRowsMax = 100;                 // a claim
inline constexpr int kOutboxClaimsMax = 20;                // a run; the next run goes on
inline constexpr std::chrono::seconds kOutboxHidden{120};  // more than a claim's deliveries take

// Delivers what is due. A row that fails waits longer each time and holds nothing up. Errors: those
// of the store.
Status DeliverOutbox(const OutboxPort& outbox, const Deliver& deliver);

// 10 s after the first failure, doubling up to an hour.
std::chrono::seconds OutboxRetryIn(int attempts);

// Until there are alerts: one log line a row.
Status DeliverToLog(const OutboxRow& row);

}  // namespace mishap

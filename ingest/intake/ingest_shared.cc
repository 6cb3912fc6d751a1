#include "ingest/intake/ingest_shared.h"

#include <fmt/format.h>

namespace mishap {

void PendingAppends::Begin() {
  std::lock_guard lock(mutex_);
  ++count_;
}

void PendingAppends::End() {
  std::lock_guard lock(mutex_);
  if (--count_ == 0) changed_.notify_all();
}

void PendingAppends::WaitForNone() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return count_ == 0; });
}

IngestShared::IngestShared(const IngestPorts& p, IngestOptions o)
    : ports(p),
      options(std::move(o)),
      inflated(options.limits.inflated_in_flight_bytes_max),
      ack_seconds(p.metrics.GetHistogram("mishap_ingest_ack_seconds",
                                         "From a worker's start to the durable answer")) {}

void IngestShared::CountOutcomes(const std::vector<OutcomeCount>& counts) {
  for (const OutcomeCount& count : counts) {
    ports.metrics
        .GetCounter("mishap_ingest_outcomes_total", "Outcomes the doors settled",
                    fmt::format("outcome=\"{}\",category=\"{}\"", OutcomeName(count.outcome),
                                CategoryName(count.category)))
        .Add(count.quantity);
  }
}

}  // namespace mishap

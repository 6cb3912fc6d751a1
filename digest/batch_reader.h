// BatchReader: forms the next batch from the spool, within the bounds and apart from suspects of
// earlier crashes. Reads at most; who may see the batch and when is digest/in_flight.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "digest/batch_committer.h"
#include "digest/digest_status.h"
#include "digest/in_flight.h"
#include "digest/open_range.h"
#include "spool/spool.h"

namespace mishap {

struct BatchBounds {
  std::size_t records_max = 1000;
  std::size_t bytes_max = 8u << 20;
  // A batch of fewer records waits this long for company: one transaction a record would burn CPU
  // for nothing.
  std::size_t linger_below_records = 100;
  std::chrono::milliseconds linger{20};
  std::chrono::milliseconds read_wait{
      250};  // for the first record; then the reader looks whether it shall stop
};

class BatchReader {
 public:
  BatchReader(Spool& spool, const OpenRanges& open_ranges, DigestTelemetry& telemetry,
              const Clock& clock, const BatchBounds& bounds)
      : spool_(spool),
        open_ranges_(open_ranges),
        telemetry_(telemetry),
        clock_(clock),
        bounds_(bounds) {}

  // The batch from `from` on; nullopt when there is nothing to read now. pause: see Pause; false
  // ends the linger early. Errors: those of Spool::Read.
  Result<std::optional<ReadBatch>> Next(std::uint64_t from, const Pause& pause);

 private:
  void Linger(std::vector<SpoolRecord>& records, const Pause& pause);

  Spool& spool_;
  const OpenRanges& open_ranges_;
  DigestTelemetry& telemetry_;
  const Clock& clock_;
  const BatchBounds bounds_;
  std::uint64_t gap_told_until_ = 0;
};

}  // namespace mishap

// Background: the jobs of a server with the connections they need, as one part.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "base/metrics.h"
#include "event/payload_codec.h"
#include "jobs/scheduler.h"
#include "server/config.h"
#include "spool/blob_files.h"
#include "storage/connection.h"

namespace mishap {

class Background {
 public:
  // holder: names this server's process in leases; before the '-' stands the server. Connects when
  // a job first runs.
  Background(const std::string& conninfo, const std::string& holder,
             const RetentionConfig& retention, const PayloadCodec& codec, BlobFiles& blobs,
             const Clock& clock, Metrics& metrics);
  void Start() { scheduler_->Start(); }
  void Stop() { scheduler_->Stop(); }

 private:
  Session jobs_;
  Session drops_;   // waits for old transactions
  Session leases_;  // renewed while a job runs
  std::unique_ptr<LeaseStore> lease_store_;
  std::unique_ptr<Scheduler> scheduler_;
};

}  // namespace mishap

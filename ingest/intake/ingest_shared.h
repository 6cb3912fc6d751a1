// What all workers of the way in share, HTTP's and gRPC's: ports to the rest of the house, options,
// the rate limiter, and the appends whose answer is still to come.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "event/outcome.h"
#include "event/payload_codec.h"
#include "event/project_directory.h"
#include "ingest/client_address.h"
#include "ingest/limits.h"
#include "ingest/outcome_log.h"
#include "ingest/rate_limiter.h"
#include "ingest/refusal_log.h"
#include "net/request_reader.h"
#include "spool/blob_files.h"
#include "spool/spool.h"

namespace mishap {

// What the way in needs from the rest of the house. All outlive the door.
struct IngestPorts {
  Spool& spool;
  const ProjectDirectory& directory;
  const PayloadCodec& codec;
  OutcomeLog& outcomes;
  const Clock& clock;
  Random& random;
  Metrics& metrics;
  BlobFiles& blobs;
};

struct IngestOptions {
  IngestLimits limits;
  int workers = 2;
  std::size_t queue_items_max = 10'000;
  std::size_t queue_bytes_max = 128u << 20;
  std::string path_prefix;  // "" or "/mishap": the server is mounted under it
  TrustedProxies trusted_proxies;
};

// Appends whose answer is still to come from the spool's thread.
class PendingAppends {
 public:
  void Begin();
  void End();
  void WaitForNone();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

// What all workers share.
struct IngestShared {
  IngestShared(const IngestPorts& p, IngestOptions o);
  void CountOutcomes(const std::vector<OutcomeCount>& counts);
  // Fills status, reason and detail by the error; nobody's if there is no such project.
  void NoteRefusal(ProjectId project, RefusedRequest refused, const Error& error);

  const IngestPorts ports;
  const IngestOptions options;
  RateLimiter limiter;
  BodyBudget inflated;  // large bodies, decompressed, of all workers
  PendingAppends appends;
  Histogram& ack_seconds;
  RefusalLog refusals;
};

}  // namespace mishap

// The background jobs every Mishap runs, as storage's functions under a name and a period.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "event/payload_codec.h"
#include "jobs/lease_store.h"
#include "jobs/outbox_delivery.h"
#include "jobs/scheduler.h"
#include "storage/connection.h"

namespace mishap {

struct RetentionOptions {
  int retention_days = 90;  // whole days of events; counters outlive them
  int outbox_days = 7;      // delivered effects
};

// Owned by the scheduler's thread while it runs; all outlive it.
struct JobGround {
  Session& session;
  Session& drop_session;  // waits for old transactions; give it a statement timeout of minutes
  const PayloadCodec& codec;
  // Drops the files of attachments before a moment; they stand in each server's own directory, so
  // each has a job of its own. Empty: none.
  std::string instance = {};
  std::function<Result<int>(Timestamp oldest_kept)> drop_files = {};
};

// partitions_ahead, dedupe_rotation, retention, session_retention, record_purge, spike_thresholds,
// outbox_delivery, outbox_purge, grouping_backfill, similar_samples, those of triage_jobs.h, and
// file_retention of this server.
std::vector<Job> MakeStandardJobs(const JobGround& ground, const RetentionOptions& retention,
                                  Deliver deliver);

// Leases in control.job, over a session of their own (the jobs' is busy while a lease is renewed).
std::unique_ptr<LeaseStore> MakeLeaseStore(Session& session);

}  // namespace mishap

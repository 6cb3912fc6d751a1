// See background.h.
#include "server/background.h"

#include "jobs/outbox_delivery.h"
#include "jobs/standard_jobs.h"

namespace mishap {
namespace {

constexpr int kJobTimeoutMs = 60'000;
constexpr int kDropTimeoutMs = 600'000;

Session Connection(const std::string& conninfo, const char* name, int timeout_ms) {
  ConnectionSettings settings;
  settings.conninfo = conninfo;
  settings.application_name = name;
  settings.statement_timeout_ms = timeout_ms;
  return Session(std::move(settings));
}

}  // namespace

Background::Background(const std::string& conninfo, const std::string& holder,
                       const RetentionConfig& retention, const PayloadCodec& codec,
                       BlobFiles& blobs, const Clock& clock, Metrics& metrics)
    : jobs_(Connection(conninfo, "mishap jobs", kJobTimeoutMs)),
      drops_(Connection(conninfo, "mishap retention", kDropTimeoutMs)),
      leases_(Connection(conninfo, "mishap leases", kJobTimeoutMs)),
      lease_store_(MakeLeaseStore(leases_)) {
  RetentionOptions options;
  options.retention_days = static_cast<int>(retention.days);
  JobGround ground{jobs_, drops_, codec};
  ground.instance = holder.substr(0, holder.find('-'));
  ground.drop_files = [&blobs](Timestamp oldest_kept) { return blobs.DropDaysBefore(oldest_kept); };
  scheduler_ = std::make_unique<Scheduler>(
      *lease_store_, holder, MakeStandardJobs(ground, options, DeliverToLog), clock, metrics);
}

}  // namespace mishap

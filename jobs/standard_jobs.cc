#include "jobs/standard_jobs.h"

#include <string>
#include <utility>

#include "base/log.h"
#include "grouping/grouping.h"
#include "jobs/grouping_backfill.h"
#include "jobs/similar_samples.h"
#include "jobs/triage_jobs.h"
#include "storage/dedupe_rotation.h"
#include "storage/lease_store.h"
#include "storage/partitions.h"
#include "storage/typed/record_jobs.h"

namespace mishap {
namespace {

constexpr std::chrono::seconds kHour{3600};
constexpr std::chrono::seconds kRotationCheck{600};
constexpr std::chrono::seconds kOutboxPeriod{5};
constexpr std::chrono::seconds kBackfillPeriod{10};
constexpr std::chrono::seconds kPurgePeriod{600};
constexpr std::chrono::seconds kSimilarPeriod{10};
constexpr int kOutboxPurgeRowsMax = 10'000;
constexpr int kPurgeRowsMax = 10'000;

template <class T>
Status Plain(const Result<T>& result) {
  if (!result) return Fail(result.error());
  return {};
}

class SessionLeaseStore final : public LeaseStore {
 public:
  explicit SessionLeaseStore(Session& session) : session_(session) {}

  Result<bool> Claim(std::string_view job, std::string_view holder) override {
    return ClaimJob(session_, job, holder);
  }
  Result<bool> Renew(std::string_view job, std::string_view holder) override {
    return RenewJob(session_, job, holder);
  }
  Status Finish(std::string_view job, std::string_view holder, std::chrono::seconds next_run,
                std::string_view error) override {
    return FinishJob(session_, job, holder, static_cast<int>(next_run.count()), error);
  }

 private:
  Session& session_;
};

OutboxPort OutboxOf(Session& session) {
  OutboxPort port;
  port.claim = [&session](int rows_max, std::chrono::seconds hidden) {
    return ClaimOutbox(session, rows_max, static_cast<int>(hidden.count()));
  };
  port.delivered = [&session](const OutboxRow& row) {
    return MarkDelivered(session, row.project, row.delivery);
  };
  port.failed = [&session](const OutboxRow& row, std::string_view error,
                           std::chrono::seconds retry_in) {
    return MarkFailed(session, row.project, row.delivery, error,
                      static_cast<int>(retry_in.count()));
  };
  return port;
}

Status DropDays(Session& session, int days, const std::vector<std::string>& tables) {
  auto oldest_kept = OldestKept(session, days);
  if (!oldest_kept) return Fail(oldest_kept.error());
  auto dropped = DropPartitionsBefore(session, *oldest_kept, tables);
  if (dropped && *dropped > 0) {
    Log(LogLevel::kInfo, "retention_dropped_days",
        {{"of", tables.front()},
         {"days", *dropped},
         {"oldest_kept", FormatTimestamp(*oldest_kept)}});
  }
  return Plain(dropped);
}

// A few rows at a time: these tables are small and have no days.
Status PurgeRecords(Session& session, int days) {
  auto oldest_kept = OldestKept(session, days);
  if (!oldest_kept) return Fail(oldest_kept.error());
  if (auto purged = PurgeCheckIns(session, *oldest_kept, kPurgeRowsMax); !purged) {
    return Fail(purged.error());
  }
  return Plain(PurgeFeedback(session, *oldest_kept, kPurgeRowsMax));
}

}  // namespace

std::vector<Job> MakeStandardJobs(const JobGround& ground, const RetentionOptions& retention,
                                  Deliver deliver) {
  Session& session = ground.session;
  Session& drop_session = ground.drop_session;
  std::vector<Job> jobs;
  jobs.push_back({"partitions_ahead", kHour,
                  [&session] { return Plain(EnsurePartitions(session, kPartitionDaysAhead)); }});
  jobs.push_back({"dedupe_rotation", kRotationCheck,
                  [&session] { return Plain(RotateDedupe(session, kDedupeGenerationHours)); }});
  jobs.push_back({"retention", kHour, [&drop_session, days = retention.retention_days] {
                    return DropDays(drop_session, days, kEventDays);
                  }});
  jobs.push_back({"session_retention", kHour, [&drop_session] {
                    return DropDays(drop_session, kSessionDaysKept, kSessionDays);
                  }});
  jobs.push_back({"record_purge", kPurgePeriod, [&session, days = retention.retention_days] {
                    return PurgeRecords(session, days);
                  }});
  jobs.push_back({"spike_thresholds", kHour, [&session] { return ComputeSpikes(session); }});
  jobs.push_back(
      {"outbox_delivery", kOutboxPeriod, [port = OutboxOf(session), deliver = std::move(deliver)] {
         return DeliverOutbox(port, deliver);
       }});
  jobs.push_back({"outbox_purge", kHour, [&session, days = retention.outbox_days] {
                    return Plain(PurgeOutbox(session, days, kOutboxPurgeRowsMax));
                  }});
  for (Job& job : MakeTriageJobs(session)) jobs.push_back(std::move(job));
  jobs.push_back({"grouping_backfill", kBackfillPeriod,
                  [&session] { return BackfillGroupings(session, FindGrouping); }});
  if (ground.drop_files) {
    auto drop = [&session, days = retention.retention_days, files = ground.drop_files]() -> Status {
      auto oldest_kept = OldestKept(session, days);
      if (!oldest_kept) return Fail(oldest_kept.error());
      return Plain(files(*oldest_kept));
    };
    jobs.push_back({"file_retention", kHour, std::move(drop), "file_retention " + ground.instance});
  }
  jobs.push_back({"similar_samples", kSimilarPeriod, [&session, &codec = ground.codec] {
                    return ReadSimilarSamples(session, codec, CurrentGrouping());
                  }});
  return jobs;
}

std::unique_ptr<LeaseStore> MakeLeaseStore(Session& session) {
  return std::make_unique<SessionLeaseStore>(session);
}

}  // namespace mishap

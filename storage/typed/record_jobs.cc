#include "storage/typed/record_jobs.h"

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

Result<int> Purge(Session& session, const char* statement, Timestamp oldest_kept, int rows_max) {
  return Transact(session, [&](Work& work) {
    return static_cast<int>(
        work.Run(statement, FormatTimestamp(oldest_kept), rows_max).affected_rows());
  });
}

}  // namespace

Result<int> PurgeCheckIns(Session& session, Timestamp oldest_kept, int rows_max) {
  return Purge(session, "partition_purge_check_ins", oldest_kept, rows_max);
}

Result<int> PurgeFeedback(Session& session, Timestamp oldest_kept, int rows_max) {
  return Purge(session, "partition_purge_feedback", oldest_kept, rows_max);
}

Status ComputeSpikes(Session& session) {
  return Transact(session, [&](Work& work) {
    work.Run("spike_compute", kSpikeFloor);
    work.Run("spike_announce");
  });
}

}  // namespace mishap

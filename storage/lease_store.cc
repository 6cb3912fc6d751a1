#include "storage/lease_store.h"

#include "storage/pqxx_session.h"

namespace mishap {

Result<bool> ClaimJob(Session& session, std::string_view name, std::string_view holder) {
  return Transact(session, [&](Work& work) {
    return !work.Run("job_claim", name, holder, kLeaseSeconds).empty();
  });
}

Result<bool> RenewJob(Session& session, std::string_view name, std::string_view holder) {
  return Transact(session, [&](Work& work) {
    return !work.Run("job_renew", name, holder, kLeaseSeconds).empty();
  });
}

Status FinishJob(Session& session, std::string_view name, std::string_view holder, int next_run_s,
                 std::string_view error) {
  return Transact(session,
                  [&](Work& work) { work.Run("job_finish", name, holder, next_run_s, error); });
}

}  // namespace mishap

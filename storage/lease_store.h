// Leases of background jobs (decisions 2.10): one server runs a job at a time, by database time.
// Jobs are idempotent, so a lease that ran out under a slow holder does no harm.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

inline constexpr int kLeaseSeconds = 30;

// True: `holder` now holds the job for kLeaseSeconds. False: not due yet, or another holder has it.
Result<bool> ClaimJob(Session& session, std::string_view name, std::string_view holder);
// False: the lease was lost; stop.
Result<bool> RenewJob(Session& session, std::string_view name, std::string_view holder);
// Gives the lease back; the job is due again in `next_run_s` seconds. error empty: it succeeded.
Status FinishJob(Session& session, std::string_view name, std::string_view holder, int next_run_s,
                 std::string_view error);

}  // namespace mishap

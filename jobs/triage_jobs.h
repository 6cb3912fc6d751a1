// The background side of triage: bulk changes, what happens to issues by time, what deleted ones
// leave behind. Storage's functions under a name and a period.
#pragma once

#include <vector>

#include "jobs/scheduler.h"
#include "storage/connection.h"

namespace mishap {

// bulk_changes, snooze_expiry, issue_transitions, deleted_issues. session: outlives the jobs.
std::vector<Job> MakeTriageJobs(Session& session);

}  // namespace mishap

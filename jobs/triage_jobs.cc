#include "jobs/triage_jobs.h"

#include "storage/triage/auto_transitions.h"
#include "storage/triage/bulk_change.h"
#include "storage/triage/issue_change.h"

namespace mishap {
namespace {

constexpr std::chrono::seconds kBulkPeriod{2};  // somebody waits for it
constexpr std::chrono::seconds kSnoozePeriod{30};
constexpr std::chrono::seconds kTransitionPeriod{600};
constexpr std::chrono::seconds kPurgePeriod{60};

// One run does at most so many batches and lets the other jobs have the thread.
constexpr int kBatchesMax = 20;
constexpr int kIssuesMax = 1'000;
constexpr int kPurgedIssuesMax = 50;
constexpr int kPurgedBulksMax = 20;

Status RunBulks(Session& session) {
  for (int i = 0; i < kBatchesMax; ++i) {
    auto done = RunBulkBatch(session);
    if (!done) return Fail(done.error());
    if (!*done) break;
  }
  return {};
}

using Step = Result<int> (*)(Session& session, int rows_max);

// Until a step finds fewer than it may take.
Status Repeat(Session& session, Step step, int rows_max) {
  for (int i = 0; i < kBatchesMax; ++i) {
    auto found = step(session, rows_max);
    if (!found) return Fail(found.error());
    if (*found < rows_max) break;
  }
  return {};
}

}  // namespace

std::vector<Job> MakeTriageJobs(Session& session) {
  std::vector<Job> jobs;
  jobs.push_back({"bulk_changes", kBulkPeriod, [&session] { return RunBulks(session); }});
  jobs.push_back({"snooze_expiry", kSnoozePeriod,
                  [&session] { return Repeat(session, &EndSnoozes, kIssuesMax); }});
  jobs.push_back({"issue_transitions", kTransitionPeriod, [&session]() -> Status {
                    auto settled = Repeat(session, &SettleOngoing, kIssuesMax);
                    if (!settled) return settled;
                    return Repeat(session, &ResolveByAge, kIssuesMax);
                  }});
  jobs.push_back({"deleted_issues", kPurgePeriod, [&session]() -> Status {
                    auto issues = Repeat(session, &PurgeDeletedIssues, kPurgedIssuesMax);
                    if (!issues) return issues;
                    return Repeat(session, &PurgeBulks, kPurgedBulksMax);
                  }});
  return jobs;
}

}  // namespace mishap

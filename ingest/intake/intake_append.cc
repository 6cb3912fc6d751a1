// Intake's last step: what was kept goes to the spool and the answer waits for it, or the request
// is refused and counted.
#include <memory>

#include "event/record.h"
#include "ingest/answer.h"
#include "ingest/intake/intake.h"
#include "ingest/intake/intake_visit.h"
#include "ingest/verdict.h"

namespace mishap {

// What is left to do when the spool has answered; lives until then.
struct Intake::PendingAnswer {
  IngestShared& shared;
  HttpRespond respond;
  HttpMessageResponse answer;
  std::vector<OutcomeCount> settled;
  std::vector<OutcomeCount> lost;  // instead, if the spool refuses
  std::chrono::steady_clock::time_point started;

  void Finish(const Status& status) {
    shared.CountOutcomes(status ? settled : lost);
    if (status) {
      respond(std::move(answer));
    } else {
      shared.ports.outcomes.Add(lost);
      respond(ErrorAnswer(status.error(), shared.options.limits, shared.ports.random));
    }
    shared.ack_seconds.Observe(
        std::chrono::duration<double>(shared.ports.clock.Steady() - started).count());
    shared.appends.End();
  }
};

HttpMessageResponse Intake::AnswerOf(const Visit& visit) const {
  if (visit.event_limited && !visit.never_429 && !visit.IsReport()) {
    return RateLimitedAnswer(visit.hits, limits_);
  }
  HttpMessageResponse answer = visit.Answer();
  if (!visit.never_429) AddRateLimits(visit.hits, limits_, answer);
  return answer;
}

// All that was kept and all that was settled, in one group of the spool; the answer comes when it
// is durable.
void Intake::Append(Visit& visit) {
  std::vector<OutcomeCount> settled = visit.ledger->Take();
  const ProjectId project = visit.admitted.project->id;
  std::vector<OutcomeCount> lost = settled;
  lost.insert(lost.end(), visit.handed_on.begin(), visit.handed_on.end());
  if (!settled.empty()) {
    visit.records.push_back(
        {RecordType::kOutcomes, project, EncodeOutcomesRecord(OutcomesRecord{settled})});
  }
  auto pending = std::make_unique<PendingAnswer>(
      PendingAnswer{shared_, std::move(visit.job.respond), AnswerOf(visit), std::move(settled),
                    std::move(lost), visit.started});
  shared_.appends.Begin();
  PendingAnswer* raw = pending.get();
  Status appended = shared_.ports.spool.Append(std::move(visit.records), [raw](Status status) {
    std::unique_ptr<PendingAnswer> owned(raw);
    owned->Finish(status);
  });
  if (appended) {
    static_cast<void>(pending.release());  // the spool's callback owns it; it may be gone already
  } else {
    pending->Finish(appended);
  }
}

// The request as a whole comes to nothing. Whose it was is known only after admission.
void Intake::Refuse(Visit& visit, const Error& error) {
  if (visit.ledger) {
    Verdict verdict = VerdictOf(error.reason);
    if (visit.ledger->Counts().empty()) {
      const bool limited = error.reason == Reason::kRateLimited && !visit.hits.empty();
      visit.ledger->Add(visit.category, verdict.outcome,
                        limited ? visit.hits.front().reason : verdict.outcome_reason, 1);
    }
    std::vector<OutcomeCount> counts = visit.ledger->Take();
    shared_.CountOutcomes(counts);
    shared_.ports.outcomes.Add(counts);
  }
  NoteRefusal(visit, error);
  if (!visit.hits.empty() && error.reason == Reason::kRateLimited) {
    // Crash uploaders repeat for ever what they are refused.
    if (visit.IsMinidump()) {
      return visit.job.respond(DumpAnswer(EventId{shared_.ports.random.Bytes16()}));
    }
    return visit.job.respond(RateLimitedAnswer(visit.hits, limits_));
  }
  visit.job.respond(ErrorAnswer(error, limits_, shared_.ports.random));
}

}  // namespace mishap

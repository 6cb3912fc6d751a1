#include "ingest/grpc/capture_work.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>

#include "base/log.h"
#include "event/record.h"
#include "ingest/verdict.h"

namespace mishap {
namespace {

// Records of one append: well below a group of the spool, so that batches do not make others wait.
constexpr std::size_t kChunkRecordsMax = 200;
constexpr std::size_t kChunkBytesMax = 512 << 10;

void Refuse(CaptureResult& result, const Error& error) {
  const Verdict verdict = VerdictOf(error.reason);
  result.outcome = verdict.outcome == Outcome::kAccepted ? Outcome::kInvalid : verdict.outcome;
  // A limit has told its own.
  if (error.reason != Reason::kRateLimited || result.outcome_reason.empty()) {
    result.outcome_reason = verdict.outcome_reason;
  }
  result.refusal = error.reason;
  result.detail = error.detail;
}

}  // namespace

std::size_t CaptureJob::MessageBytes() const {
  std::size_t bytes = 0;
  for (const GrpcMessage& message : messages) bytes += message.bytes.size();
  return bytes;
}

CaptureDone RefusedBatch(const CaptureJob& job, const Error& error) {
  CaptureDone done;
  done.message_bytes = job.MessageBytes();
  done.results.resize(job.messages.size());
  for (CaptureResult& result : done.results) Refuse(result, error);
  return done;
}

// One batch on its way; lives until the spool has answered its last append. Touched by the worker,
// then by the spool's thread.
struct CaptureWork::Batch {
  Batch(IngestShared& s, IssueWaiter& w, const Admitted& a, Timestamp now)
      : shared(s),
        waiter(w),
        admitted(a),
        received_at(now),
        ledger(a.project->id, a.key->id, now) {}

  IngestShared& shared;
  IssueWaiter& waiter;
  const Admitted admitted;
  const Timestamp received_at;
  Ledger ledger;
  CaptureDone answer;
  std::function<void(CaptureDone)> done;
  bool wait_for_issues = false;
  std::chrono::steady_clock::time_point started;
  std::vector<NewRecord> records;
  std::vector<std::size_t> record_results;  // whose record it is, in answer.results
  std::vector<Category> record_categories;
  std::vector<OutcomeCount> settled;
  std::atomic<int> holders{1};  // the worker and every append under way

  void OnAppended(std::size_t from, std::size_t to, const Status& status);
  void LetGo() {
    if (holders.fetch_sub(1) == 1) Finish();
  }
  void Finish();
};

// On the spool's thread, or on the worker's when the spool refuses at once.
void CaptureWork::Batch::OnAppended(std::size_t from, std::size_t to, const Status& status) {
  if (!status) {
    Ledger lost(admitted.project->id, admitted.key->id, received_at);
    for (std::size_t i = from; i < to; ++i) {
      Refuse(answer.results[record_results[i]], status.error());
      lost.Add(record_categories[i], Outcome::kInvalid, "internal", 1);
    }
    std::vector<OutcomeCount> counts = lost.Take();
    shared.CountOutcomes(counts);
    shared.ports.outcomes.Add(counts);
  }
  LetGo();
}

void CaptureWork::Batch::Finish() {
  std::unique_ptr<Batch> self(this);
  shared.ack_seconds.Observe(
      std::chrono::duration<double>(shared.ports.clock.Steady() - started).count());
  IngestShared& around = shared;
  if (wait_for_issues) {
    const ProjectId project = admitted.project->id;
    std::vector<CaptureResult> results = std::move(answer.results);
    waiter.Wait(
        project, std::move(results),
        [done = std::move(done), answer = answer](std::vector<CaptureResult> found) mutable {
          answer.results = std::move(found);
          done(std::move(answer));
        });
  } else {
    done(std::move(answer));
  }
  around.appends.End();
}

CaptureWork::CaptureWork(IngestShared& shared, std::unique_ptr<EventStage> stage,
                         IssueWaiter& waiter)
    : shared_(shared),
      limits_(shared.options.limits),
      stage_(std::move(stage)),
      waiter_(waiter),
      inflater_(limits_, &shared.inflated) {}

void CaptureWork::Serve(CaptureJob& job) {
  const auto& ports = shared_.ports;
  auto admitted =
      Admit(ports.directory, {job.caller.public_key, job.caller.project, job.caller.origin});
  if (!admitted) {
    NoteRefusal(job.caller, job.caller.project, admitted.error());
    return job.done(RefusedBatch(job, admitted.error()));
  }
  auto owned = std::make_unique<Batch>(shared_, waiter_, *admitted, ports.clock.Now());
  owned->started = ports.clock.Steady();
  owned->answer.message_bytes = job.MessageBytes();
  owned->wait_for_issues = job.wait_for_issues;
  for (const GrpcMessage& message : job.messages) TakeMessage(*owned, message, job);
  inflater_.Release();
  owned->done = std::move(job.done);
  shared_.appends.Begin();
  Batch* batch = owned.release();  // deletes itself when the last append has answered
  AppendAll(*batch);
  batch->LetGo();
}

void CaptureWork::NoteRefusal(const CaptureCaller& caller, ProjectId project, const Error& error) {
  RefusedRequest refused;
  refused.at = shared_.ports.clock.Now();
  refused.door = "grpc";
  refused.key = MaskedKey(caller.public_key);
  refused.ip = caller.client_ip;
  refused.sdk = caller.sentry_client;
  shared_.NoteRefusal(project, std::move(refused), error);
}

void CaptureWork::TakeMessage(Batch& batch, const GrpcMessage& message, const CaptureJob& job) {
  Result<std::string_view> bytes = std::string_view(message.bytes);
  if (message.compressed) {
    auto hit = shared_.limiter.OverWork(batch.admitted, limits_.inflated_bytes_per_minute_max,
                                        batch.received_at);
    if (hit) {
      AddHit(batch.answer.hits, *hit);
      bytes = Fail(Reason::kRateLimited, "rate limited");
    } else {
      bytes =
          inflater_.Inflate(message.bytes, job.caller.encoding, limits_.capture_message_bytes_max);
    }
    shared_.limiter.AddWork(batch.admitted, static_cast<std::int64_t>(inflater_.TakeWork()),
                            batch.received_at);
  }
  Result<CaptureRequest> request = Fail(Reason::kInternal, "");
  if (!bytes) {
    request = Fail(bytes.error());
  } else {
    request = job.stream ? ReadCaptureStreamRequest(*bytes) : ReadCaptureRequest(*bytes, limits_);
  }
  if (!request) {
    const Verdict verdict = VerdictOf(request.error().reason);
    batch.ledger.Add(Category::kError, verdict.outcome, verdict.outcome_reason, 1);
    return Refuse(batch.answer.results.emplace_back(), request.error());
  }
  batch.wait_for_issues = batch.wait_for_issues || request->wait_for_issues;
  batch.answer.results.reserve(batch.answer.results.size() + request->events.size());
  for (std::string_view event : request->events) {
    batch.answer.results.emplace_back();
    TakeEvent(batch, event, *request, job.caller);
  }
}

Result<ReadyEvent> CaptureWork::RunStages(Batch& batch, std::string_view bytes,
                                          const CaptureRequest& request,
                                          const CaptureCaller& caller) {
  if (bytes.size() > limits_.event_bytes_max) {
    return Fail(Reason::kTooLarge, fmt::format("the event is {} bytes, the limit is {}",
                                               bytes.size(), limits_.event_bytes_max));
  }
  if (caller.deadline && shared_.ports.clock.Steady() > *caller.deadline) {
    return Fail(Reason::kTimeout, "the call's deadline passed before this event's turn came");
  }
  auto hit = shared_.limiter.Take(batch.admitted, Category::kError, 1, batch.received_at);
  if (hit) {
    batch.answer.results.back().outcome_reason = hit->reason;
    AddHit(batch.answer.hits, *hit);
    return Fail(Reason::kRateLimited, "rate limited");
  }
  auto event = reader_.Read(bytes);
  if (!event) return Fail(event.error());
  EventContext context;
  context.project = batch.admitted.project;
  context.received_at = batch.received_at;
  context.sent_at = request.sent_at;
  context.client_ip = caller.client_ip;
  context.sentry_client = caller.sentry_client;
  return stage_->RunRead(std::move(*event), context);
}

// The event's result stands last in batch.answer.
void CaptureWork::TakeEvent(Batch& batch, std::string_view bytes, const CaptureRequest& request,
                            const CaptureCaller& caller) {
  CaptureResult& result = batch.answer.results.back();
  Ticket ticket(batch.ledger, Category::kError);
  Result<ReadyEvent> ready = Fail(Reason::kInternal, "internal error");
  try {
    ready = RunStages(batch, bytes, request, caller);
  } catch (const std::exception& e) {  // its neighbours are not the worse for it
    Log(LogLevel::kError, "capture_event_failed", {{"what", e.what()}});
  }
  if (!ready) {
    // What comes to nothing counts against no limit; it was counted unless it did not get so far.
    const bool counted = ready.error().reason != Reason::kRateLimited &&
                         ready.error().reason != Reason::kTimeout &&
                         bytes.size() <= limits_.event_bytes_max;
    if (counted) shared_.limiter.GiveBack(batch.admitted, Category::kError, 1, batch.received_at);
    NoteRefusal(caller, batch.admitted.project->id, ready.error());
    Refuse(result, ready.error());
    ticket.Settle(result.outcome, result.outcome_reason);
    return;
  }
  result.id = ready->id;
  if (!ready->filtered_by.empty()) {
    shared_.limiter.GiveBack(batch.admitted, Category::kError, 1, batch.received_at);
    result.outcome = Outcome::kFiltered;
    result.outcome_reason = ready->filtered_by;
    ticket.Settle(Outcome::kFiltered, ready->filtered_by);
    return;
  }
  Keep(batch, *ready);
  ticket.HandOn();  // OnAppended gives it its outcome should the spool refuse
}

void CaptureWork::Keep(Batch& batch, const ReadyEvent& ready) {
  EventRecord record;
  record.event_id = ready.id;
  record.received_at = batch.received_at;
  record.key = batch.admitted.key->id;
  record.category = ready.category;
  record.payload = shared_.ports.codec.Compress(ready.canonical_json);
  batch.records.push_back(
      {RecordType::kEvent, batch.admitted.project->id, EncodeEventRecord(record)});
  batch.record_results.push_back(batch.answer.results.size() - 1);
  batch.record_categories.push_back(ready.category);
}

// Settled outcomes travel with the last chunk; when nothing at all was taken they are only counted,
// as those of refused requests (decisions 1.7).
void CaptureWork::AppendAll(Batch& batch) {
  batch.settled = batch.ledger.Take();
  const bool any_taken = std::any_of(batch.answer.results.begin(), batch.answer.results.end(),
                                     [](const CaptureResult& r) { return r.Taken(); });
  shared_.CountOutcomes(batch.settled);
  if (!any_taken) return shared_.ports.outcomes.Add(batch.settled);
  const std::size_t events = batch.records.size();
  std::size_t from = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < events; ++i) {
    bytes += batch.records[i].payload.size();
    if (i + 1 - from < kChunkRecordsMax && bytes < kChunkBytesMax) continue;
    AppendChunk(batch, from, i + 1);
    from = i + 1;
    bytes = 0;
  }
  if (from < events) AppendChunk(batch, from, events);
  if (batch.settled.empty()) return;
  std::vector<NewRecord> outcomes;
  outcomes.push_back({RecordType::kOutcomes, batch.admitted.project->id,
                      EncodeOutcomesRecord(OutcomesRecord{batch.settled})});
  batch.holders.fetch_add(1);
  Status appended = shared_.ports.spool.Append(std::move(outcomes), [&batch](const Status& status) {
    if (!status) batch.shared.ports.outcomes.Add(batch.settled);
    batch.LetGo();
  });
  if (appended) return;
  shared_.ports.outcomes.Add(batch.settled);
  batch.LetGo();
}

void CaptureWork::AppendChunk(Batch& batch, std::size_t from, std::size_t to) {
  std::vector<NewRecord> records;
  records.reserve(to - from);
  for (std::size_t i = from; i < to; ++i) records.push_back(std::move(batch.records[i]));
  batch.holders.fetch_add(1);
  Status appended = shared_.ports.spool.Append(
      std::move(records),
      [&batch, from, to](const Status& status) { batch.OnAppended(from, to, status); });
  if (!appended) batch.OnAppended(from, to, appended);
}

}  // namespace mishap

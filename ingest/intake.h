// Intake: one worker's way of a request, from credentials to the spool: identify, admit, inflate,
// parse, each item to its outcome, append, answer. Not here: threads and queues (door.h), what an
// event's fields mean (event_stage.h).
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "base/random.h"
#include "event/envelope.h"
#include "event/json_tree.h"
#include "event/payload_codec.h"
#include "event/project_directory.h"
#include "event/typed_record.h"
#include "ingest/admission.h"
#include "ingest/auth.h"
#include "ingest/client_address.h"
#include "ingest/envelope_parser.h"
#include "ingest/event_stage.h"
#include "ingest/inflate.h"
#include "ingest/limits.h"
#include "ingest/outcome_log.h"
#include "ingest/rate_limiter.h"
#include "ingest/route.h"
#include "ingest/ticket.h"
#include "net/http.h"
#include "net/multipart.h"
#include "spool/blob_files.h"
#include "spool/spool.h"

namespace mishap {

// What the way in needs from the rest of the house. All outlive the door.
struct IngestPorts {
  Spool& spool;
  const ProjectDirectory& directory;
  const PayloadCodec& codec;
  OutcomeLog& outcomes;
  const Clock& clock;
  Random& random;
  Metrics& metrics;
  BlobFiles& blobs;
};

struct IngestOptions {
  IngestLimits limits;
  int workers = 2;
  std::size_t queue_items_max = 10'000;
  std::size_t queue_bytes_max = 128u << 20;
  std::string path_prefix;  // "" or "/mishap": the server is mounted under it
  TrustedProxies trusted_proxies;
};

// Appends whose answer is still to come from the spool's thread.
class PendingAppends {
 public:
  void Begin();
  void End();
  void WaitForNone();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

// What all workers share.
struct IngestShared {
  IngestShared(const IngestPorts& p, IngestOptions o);
  void CountOutcomes(const std::vector<OutcomeCount>& counts);

  const IngestPorts ports;
  const IngestOptions options;
  RateLimiter limiter;
  PendingAppends appends;
  Histogram& ack_seconds;
};

struct IngestJob {
  HttpMessageRequest request;
  IngestRoute route;
  HttpRespond respond;
};

class Intake {
 public:
  Intake(IngestShared& shared, std::unique_ptr<EventStage> stage);

  // Answers job.respond exactly once, here or from the spool's thread.
  void Serve(IngestJob& job);

 private:
  struct Visit;
  struct PendingAnswer;

  Status Identify(Visit& visit);
  Status AdmitVisit(Visit& visit);
  Result<Envelope> ReadEnvelope(Visit& visit);
  Result<Envelope> ReadStore(Visit& visit, std::string_view body);
  Status ReadAndTake(Visit& visit);
  Status TakeReports(Visit& visit);
  Status TakeMinidump(Visit& visit);
  // A dump that came as an attachment without an event makes one, too.
  void TakeDumpOfEnvelope(Visit& visit, const Envelope& envelope);
  Result<std::vector<FormPart>> ReadDumpForm(Visit& visit);
  Status KeepDumpFiles(Visit& visit, const std::vector<FormPart>& form, std::string_view dump);
  std::string ClientIp(const Visit& visit) const;
  Status TakeItems(Visit& visit, const Envelope& envelope);
  Status TakeEvent(Visit& visit, const Envelope& envelope, std::string_view json);
  EventContext ContextOf(const Visit& visit, const Envelope& envelope) const;
  void TakeOther(Visit& visit, const Envelope& envelope, const EnvelopeItem& item);
  // False: over a limit, which was noted.
  bool Passes(Visit& visit, Category category, std::int64_t quantity, Ticket& ticket);
  // Into the spool with the rest; the digest settles what becomes of the item.
  void Keep(Visit& visit, RecordType type, std::string payload, Category category,
            std::int64_t quantity, Ticket& ticket);
  void KeepTyped(Visit& visit, TypedBody body, Ticket& ticket);
  void DropItem(Visit& visit, std::string_view outcome_reason, Ticket& ticket);

  // intake_typed.cc
  RepeatId NextRepeat(Visit& visit) const;
  void TakeSession(Visit& visit, const Envelope& envelope, const EnvelopeItem& item);
  void TakeCheckIn(Visit& visit, const EnvelopeItem& item);
  void TakeUserReport(Visit& visit, const Envelope& envelope, const EnvelopeItem& item);
  void TakeFeedback(Visit& visit, const Envelope& envelope, const EnvelopeItem& item);
  void TakeClientReport(Visit& visit, const EnvelopeItem& item);
  Status TakeCronCall(Visit& visit);
  Status TakeErrorPage(Visit& visit);
  // intake_attachments.cc. Errors: overloaded, unavailable (the blob could not be written).
  Status TakeAttachment(Visit& visit, const EnvelopeItem& item, const EventId& event_id);
  Status TakeFiles(Visit& visit);
  HttpMessageResponse AnswerOf(const Visit& visit) const;
  void Append(Visit& visit);
  void Refuse(Visit& visit, const Error& error);

  IngestShared& shared_;
  const IngestLimits& limits_;
  std::unique_ptr<EventStage> stage_;
  Inflater inflater_;
  EnvelopeParser envelopes_;
  JsonTree json_;
  std::string scratch_;
};

}  // namespace mishap

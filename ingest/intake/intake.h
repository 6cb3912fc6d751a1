// Intake: one worker's way of a request, from credentials to the spool: identify, admit, inflate,
// parse, each item to its outcome, append, answer. Not here: threads and queues (door.h), what an
// event's fields mean (event_stage.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "event/envelope.h"
#include "event/json_tree.h"
#include "event/typed_record.h"
#include "ingest/admission.h"
#include "ingest/auth.h"
#include "ingest/envelope_parser.h"
#include "ingest/event_stage.h"
#include "ingest/inflate/inflate.h"
#include "ingest/intake/ingest_shared.h"
#include "ingest/limits.h"
#include "ingest/route.h"
#include "ingest/security_report.h"
#include "ingest/ticket.h"
#include "net/http.h"
#include "net/multipart.h"

namespace mishap {

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

  void ServeOne(IngestJob& job);

  Status Identify(Visit& visit);
  Status AdmitVisit(Visit& visit);
  Status CheckWork(Visit& visit);
  Result<Envelope> ReadEnvelope(Visit& visit);
  Result<Envelope> ReadStore(Visit& visit, std::string_view body);
  Status ReadAndTake(Visit& visit);
  // intake_reports.cc
  Status TakeReports(Visit& visit);
  Status TakeReportItem(Visit& visit, const Envelope& envelope, const EnvelopeItem& item);
  Status TakeReportsOf(Visit& visit, const Envelope& envelope, std::string_view body,
                       ReportDoor door, const ReportSource& source);
  ReportSource SourceOf(const Visit& visit) const;
  // intake_minidump.cc
  Status TakeMinidump(Visit& visit);
  // A dump that came as an attachment without an event makes one, too.
  void TakeDumpOfEnvelope(Visit& visit, const Envelope& envelope);
  Result<std::vector<FormPart>> ReadDumpForm(Visit& visit);
  Status KeepDumpFiles(Visit& visit, const std::vector<FormPart>& form, std::string_view dump);
  // intake_items.cc
  std::string ClientIp(const Visit& visit) const;
  Status TakeItems(Visit& visit, const Envelope& envelope);
  void TakeMain(Visit& visit, const Envelope& envelope);
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
  // intake_append.cc
  HttpMessageResponse AnswerOf(const Visit& visit) const;
  void Append(Visit& visit);
  void Refuse(Visit& visit, const Error& error);
  void NoteRefusal(const Visit& visit, const Error& error);

  IngestShared& shared_;
  const IngestLimits& limits_;
  std::unique_ptr<EventStage> stage_;
  Inflater inflater_;
  EnvelopeParser envelopes_;
  JsonTree json_;
  std::string scratch_;
};

}  // namespace mishap

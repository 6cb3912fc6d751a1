// Intake::Visit: what one request has come to so far. Private to intake*.cc.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "event/typed_record.h"
#include "ingest/answer.h"
#include "ingest/intake/intake.h"

namespace mishap {

// One request on its way.
struct Intake::Visit {
  explicit Visit(IngestJob& j) : job(j) {
    if (IsReport()) category = Category::kSecurity;
  }

  IngestJob& job;
  std::chrono::steady_clock::time_point started;
  Timestamp received_at;
  QueryParameters query;
  Credentials credentials;
  ProjectId url_project;
  Admitted admitted;
  std::optional<Ledger> ledger;  // once admitted
  std::vector<NewRecord> records;
  EventId answer_id;
  Category category = Category::kError;  // of the events in this request, as far as they are read
  std::optional<Error> event_error;
  std::vector<LimitHit> hits;           // limits that items of this request ran into
  bool event_limited = false;           // the envelope's event among them
  std::string_view event_filter;        // that did not want it, nor what came with it; or empty
  bool never_429 = false;               // crash uploaders repeat for ever what they are refused
  std::optional<Error> item_error;      // of an item that stood alone
  std::vector<OutcomeCount> handed_on;  // what the records' items become should the spool refuse
  RepeatId body_id;                     // of the whole envelope; nil: two may be alike by chance
  std::uint64_t repeats_named = 0;
  std::int64_t items_kept = 0;
  std::size_t sessions = 0;
  std::size_t attachments = 0;
  std::size_t attachment_bytes = 0;
  std::size_t client_reports = 0;

  bool IsPixel() const {
    return job.request.method == "GET" && job.route.endpoint == IngestEndpoint::kStore;
  }
  bool IsCron() const { return job.route.endpoint == IngestEndpoint::kCron; }
  bool IsFiles() const { return job.route.endpoint == IngestEndpoint::kAttachments; }
  bool IsErrorPage() const { return job.route.endpoint == IngestEndpoint::kErrorPage; }
  bool IsMinidump() const { return job.route.endpoint == IngestEndpoint::kMinidump; }
  HttpMessageResponse Answer() const {
    if (IsCron()) return CronAnswer(answer_id);
    if (IsFiles()) return FilesAnswer();
    if (IsErrorPage()) return EmptyAnswer();
    if (IsPixel()) return PixelAnswer();
    if (IsReport()) return EmptyAnswer();
    return IsMinidump() ? DumpAnswer(answer_id) : AcceptedAnswer(answer_id);
  }
  bool IsReport() const {
    return job.route.endpoint == IngestEndpoint::kSecurity ||
           job.route.endpoint == IngestEndpoint::kNel;
  }
};

}  // namespace mishap

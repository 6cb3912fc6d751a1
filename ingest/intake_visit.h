// Intake::Visit: what one request has come to so far. Private to intake*.cc.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "ingest/answer.h"
#include "ingest/intake.h"

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
  std::int64_t retry_after_s = 0;  // > 0: the key is over its rate
  std::int64_t items_kept = 0;
  std::size_t attachments = 0;
  std::size_t attachment_bytes = 0;
  std::size_t client_reports = 0;

  bool IsPixel() const { return job.request.method == "GET"; }
  bool IsMinidump() const { return job.route.endpoint == IngestEndpoint::kMinidump; }
  HttpMessageResponse Answer() const {
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

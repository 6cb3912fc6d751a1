// Attachments and user reports as the API reads them. The bytes of an attachment are not here but
// in spool/blob_files.h, under `blob`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/typed_record.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct AttachmentRow {
  ProjectId project;
  EventId event;
  AttachmentId id;
  Timestamp received_at;
  std::string name;
  std::string content_type;
  std::string type;
  std::int64_t bytes = 0;
  std::string sha1;
  std::string blob;
};

inline constexpr int kAttachmentsOfEventMax = 1000;

// Oldest first, at most kAttachmentsOfEventMax. Empty also for an event that is not (yet) there.
Result<std::vector<AttachmentRow>> ListAttachments(Session& session, const Scope& scope,
                                                   EventId event);
// Errors: not_found.
Result<AttachmentRow> ReadAttachment(Session& session, const Scope& scope, EventId event,
                                     AttachmentId id);
// The name of the blob that nothing refers to any more. Errors: not_found.
Result<std::string> DeleteAttachment(Session& session, const Scope& scope, EventId event,
                                     AttachmentId id);
// Of the issue's events, newest first.
Result<std::vector<AttachmentRow>> ListIssueAttachments(Session& session, const Scope& scope,
                                                        IssueId issue, int limit, int offset);

struct UserReportRow {
  ProjectId project;
  EventId id;
  EventId event;  // what it is about; nil: nothing
  Timestamp received_at;
  std::string name;
  std::string email;
  std::string comments;
};

// Reports and feedback about the issue's events, newest first.
Result<std::vector<UserReportRow>> ListIssueReports(Session& session, const Scope& scope,
                                                    IssueId issue, int limit, int offset);
// All of the scope's projects, newest first.
Result<std::vector<UserReportRow>> ListReports(Session& session, const Scope& scope, int limit,
                                               int offset);

}  // namespace mishap

#include "storage/typed/read_records.h"

#include "storage/read_rows.h"
#include "storage/typed/report_row.h"

namespace mishap {
namespace {

template <class Id>
Id IdAt(const pqxx::field& field) {
  if (field.is_null()) return {};
  auto id = ParseId128<Id>(field.c_str());
  return id ? *id : Id{};
}

AttachmentRow AttachmentOf(const pqxx::row& row) {
  AttachmentRow out;
  out.project = ProjectId{row[0].as<std::int64_t>()};
  out.event = IdAt<EventId>(row[1]);
  out.id = IdAt<AttachmentId>(row[2]);
  out.received_at = TimestampOf(row[3]);
  out.name = TextOf(row[4]);
  out.content_type = TextOf(row[5]);
  out.type = TextOf(row[6]);
  out.bytes = row[7].as<std::int64_t>();
  out.sha1 = TextOf(row[8]);
  out.blob = TextOf(row[9]);
  return out;
}

template <class Row>
std::vector<Row> RowsOf(const pqxx::result& rows, Row (*read)(const pqxx::row&)) {
  std::vector<Row> out;
  out.reserve(static_cast<std::size_t>(rows.size()));
  for (const pqxx::row& row : rows) out.push_back(read(row));
  return out;
}

}  // namespace

UserReportRow UserReportRowOf(const pqxx::row& row) {
  UserReportRow out;
  out.project = ProjectId{row[0].as<std::int64_t>()};
  out.id = IdAt<EventId>(row[1]);
  out.event = IdAt<EventId>(row[2]);
  out.received_at = TimestampOf(row[3]);
  out.name = TextOf(row[4]);
  out.email = TextOf(row[5]);
  out.comments = TextOf(row[6]);
  return out;
}

Result<std::vector<AttachmentRow>> ListAttachments(Session& session, const Scope& scope,
                                                   EventId event) {
  return Read(session, [&](Work& work) {
    return RowsOf(work.Run("attachments_of_event", ArrayParam(scope.Projects()), ToHex(event),
                           kAttachmentsOfEventMax),
                  &AttachmentOf);
  });
}

Result<AttachmentRow> ReadAttachment(Session& session, const Scope& scope, EventId event,
                                     AttachmentId id) {
  return Read(session, [&](Work& work) -> Result<AttachmentRow> {
    const auto rows =
        work.Run("attachment_by_id", ArrayParam(scope.Projects()), ToHex(event), ToHex(id));
    if (rows.empty()) return Fail(Reason::kNotFound, "no such attachment");
    return AttachmentOf(rows[0]);
  });
}

Result<std::string> DeleteAttachment(Session& session, const Scope& scope, EventId event,
                                     AttachmentId id) {
  return Transact(session, [&](Work& work) -> Result<std::string> {
    const auto rows =
        work.Run("attachment_delete", ArrayParam(scope.Projects()), ToHex(event), ToHex(id));
    if (rows.empty()) return Fail(Reason::kNotFound, "no such attachment");
    return TextOf(rows[0][0]);
  });
}

Result<std::vector<AttachmentRow>> ListIssueAttachments(Session& session, const Scope& scope,
                                                        IssueId issue, int limit, int offset) {
  return Read(session, [&](Work& work) {
    return RowsOf(
        work.Run("attachments_of_issue", ArrayParam(scope.Projects()), issue.value, limit, offset),
        &AttachmentOf);
  });
}

Result<std::vector<UserReportRow>> ListIssueReports(Session& session, const Scope& scope,
                                                    IssueId issue, int limit, int offset) {
  return Read(session, [&](Work& work) {
    return RowsOf(
        work.Run("user_reports_of_issue", ArrayParam(scope.Projects()), issue.value, limit, offset),
        &UserReportRowOf);
  });
}

Result<std::vector<UserReportRow>> ListReports(Session& session, const Scope& scope, int limit,
                                               int offset) {
  return Read(session, [&](Work& work) {
    return RowsOf(work.Run("user_reports_of_projects", ArrayParam(scope.Projects()), limit, offset),
                  &UserReportRowOf);
  });
}

}  // namespace mishap

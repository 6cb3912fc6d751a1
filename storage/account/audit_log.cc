#include "storage/account/audit_log.h"

#include "storage/pqxx_session.h"

namespace mishap {

void WriteAudit(Work& work, const AuditBy& by, OrganizationId organization,
                const AuditEvent& event) {
  work.Run("audit_insert", organization, by.at, by.user, by.actor, by.ip, event.event, event.target,
           event.details);
}

void WriteProjectAudit(Work& work, const AuditBy& by, OrganizationId organization,
                       ProjectId project, const AuditEvent& event) {
  work.Run("audit_project_insert", organization, by.at, by.user, by.actor, by.ip, event.event,
           project, event.target, event.details);
}

Status AppendAudit(Session& session, const AuditBy& by, OrganizationId organization,
                   const AuditEvent& event) {
  return Transact(session, [&](Work& work) { WriteAudit(work, by, organization, event); });
}

Result<std::vector<AuditRow>> ReadAudit(Session& session, OrganizationId organization,
                                        std::string_view event, std::int64_t before, int limit) {
  return Read(session, [&](Work& work) {
    std::vector<AuditRow> out;
    for (const pqxx::row& row : work.Run("audit_list", organization, event, before, limit)) {
      AuditRow entry;
      entry.id = row[0].as<std::int64_t>();
      entry.at = TimestampOf(row[1]);
      if (!row[2].is_null()) entry.user = UserId{row[2].as<std::int64_t>()};
      entry.actor = row[3].c_str();
      entry.ip = row[4].c_str();
      entry.event = row[5].c_str();
      entry.target = row[6].c_str();
      entry.details = row[7].c_str();
      out.push_back(std::move(entry));
    }
    return out;
  });
}

}  // namespace mishap

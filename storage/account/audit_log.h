// The audit log (schema control): who did what to whom, from where. Append-only; rows are written
// in the transaction of the change itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"

namespace mishap {

// Who does something.
struct AuditBy {
  UserId user = {};   // none for tokens without a person and for the command line
  std::string actor;  // e-mail, name of the token, "command line"
  std::string ip = {};
  Timestamp at = {};
};

struct AuditRow {
  std::int64_t id = 0;
  Timestamp at;
  std::optional<UserId> user;
  std::string actor;
  std::string ip;
  std::string event;
  std::string target;
  std::string details;  // JSON object
};

struct AuditEvent {
  std::string_view event;  // "member.invite"; docs/api.md lists them
  std::string target;      // what it was done to, for people
  std::string details = "{}";
};

class Work;
// Inside a running transaction (storage/*.cc).
void WriteAudit(Work& work, const AuditBy& by, OrganizationId organization,
                const AuditEvent& event);
// The same about something of a project: the target begins with its slug, and of the details only
// the names of the members are kept, as {"fields": [...]}: values may be secrets. Before a removal.
void WriteProjectAudit(Work& work, const AuditBy& by, OrganizationId organization,
                       ProjectId project, const AuditEvent& event);
// On its own, for what changes nothing else (a failed login: organization none).
Status AppendAudit(Session& session, const AuditBy& by, OrganizationId organization,
                   const AuditEvent& event);

// Newest first, ids below `before` (0: from the newest), at most `limit`; event empty: all.
Result<std::vector<AuditRow>> ReadAudit(Session& session, OrganizationId organization,
                                        std::string_view event, std::int64_t before, int limit);

}  // namespace mishap

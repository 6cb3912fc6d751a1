// What projects group by: algorithm, rules and options in versions, each change a new row. Every
// change raises control.directory_version, so that the digest sees it. The texts are checked by
// whoever calls (grouping/grouping_version.h): storage and grouping do not know each other.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/project_grouping.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct GroupingSetupRow {
  GroupingSetup setup;
  Timestamp transition_until;
  std::optional<std::int64_t> user;
  std::optional<Timestamp> created_at;     // absent: version 0, which nobody made
  std::optional<Timestamp> backfilled_at;  // what was stored has keys of this version
};

// Newest first, at most `limit`; never empty: version 0 is the default. Errors: not_found for a
// project outside the scope.
Result<std::vector<GroupingSetupRow>> ReadGroupingVersions(Session& session, const Scope& scope,
                                                           ProjectId project, int limit);
// The newest, with the one before it while its transition is open.
Result<ProjectGrouping> ReadProjectGrouping(Session& session, const Scope& scope, ProjectId project,
                                            Timestamp now);

// At by.at, with a row of the audit log. setup.version: what is changed, as it was read; the new
// row is the next one. Errors: not_found, conflict (somebody else changed it meanwhile).
Result<GroupingSetupRow> ChangeProjectGrouping(Session& session, const AuditBy& by,
                                               const Scope& scope, ProjectId project,
                                               const GroupingSetup& setup,
                                               Timestamp transition_until);

}  // namespace mishap

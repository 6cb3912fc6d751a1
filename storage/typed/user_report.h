// What users wrote about events, one report at a time: written by the API, read with an event or
// counted with an issue. Lists of them: read_records.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"
#include "storage/typed/read_records.h"

namespace mishap {

struct NewUserReport {
  EventId event;  // may come later
  std::string name;
  std::string email;
  std::string comments;
};

// Of a project; the route is open to whoever has a DSN.
inline constexpr int kUserReportsPerMinuteMax = 100;

// One report an event; the first five minutes a second one takes its place. nullopt: it is too late
// for that. scope: of the one project it is for. Errors: rate_limited.
Result<std::optional<UserReportRow>> WriteUserReport(Session& session, const Scope& scope,
                                                     const NewUserReport& report, Timestamp now);
// The event's, if there is one; before it the newest feedback about the event.
Result<std::optional<UserReportRow>> ReadEventReport(Session& session, const Scope& scope,
                                                     EventId event);
// About the issue's events, among the newest 1,000 of its project.
Result<std::int64_t> CountIssueReports(Session& session, const Scope& scope, IssueId issue);

}  // namespace mishap

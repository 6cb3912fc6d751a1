#include "storage/typed/user_report.h"

#include <fmt/format.h>

#include "storage/read_rows.h"
#include "storage/typed/report_row.h"

namespace mishap {
namespace {

std::optional<UserReportRow> FirstOf(const pqxx::result& rows) {
  if (rows.empty()) return std::nullopt;
  return UserReportRowOf(rows[0]);
}

}  // namespace

Result<std::optional<UserReportRow>> WriteUserReport(Session& session, const Scope& scope,
                                                     const NewUserReport& report, Timestamp now) {
  if (scope.Projects().empty()) return Fail(Reason::kNotFound, "no such project");
  return Transact(session, [&](Work& work) -> Result<std::optional<UserReportRow>> {
    const auto recent = work.Run("user_report_recent", scope.Projects().front().value, now,
                                 kUserReportsPerMinuteMax);
    if (recent[0][0].as<int>() >= kUserReportsPerMinuteMax) {
      return Fail(Reason::kRateLimited,
                  fmt::format("the project got {} reports within a minute: try again in one",
                              kUserReportsPerMinuteMax));
    }
    return FirstOf(work.Run("user_report_write", scope.Projects().front().value,
                            ToHex(report.event), now, report.name, report.email, report.comments));
  });
}

Result<std::optional<UserReportRow>> ReadEventReport(Session& session, const Scope& scope,
                                                     EventId event) {
  return Read(session, [&](Work& work) {
    return FirstOf(work.Run("user_report_of_event", ArrayParam(scope.Projects()), ToHex(event)));
  });
}

Result<std::int64_t> CountIssueReports(Session& session, const Scope& scope, IssueId issue) {
  return Read(session, [&](Work& work) {
    const auto rows =
        work.Run("user_report_count_of_issue", ArrayParam(scope.Projects()), issue.value);
    return rows[0][0].as<std::int64_t>();
  });
}

}  // namespace mishap

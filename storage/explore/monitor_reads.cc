#include "storage/explore/monitor_reads.h"

#include <map>

#include "storage/read_rows.h"

namespace mishap {
namespace {

CheckInStatus StatusOf(const pqxx::field& field) {
  return static_cast<CheckInStatus>(field.as<int>());
}

void AddEnvironments(Work& work, const Scope& scope, Timestamp heard_since,
                     std::vector<MonitorRow>& monitors) {
  std::vector<std::string> slugs;
  slugs.reserve(monitors.size());
  for (const auto& monitor : monitors) slugs.push_back(monitor.slug);
  std::map<std::pair<std::int64_t, std::string>, MonitorRow*> by_name;
  for (auto& monitor : monitors) by_name[{monitor.project.value, monitor.slug}] = &monitor;
  for (const auto& row : work.Run("monitor_environments", ArrayParam(scope.Projects()),
                                  ArrayParam(slugs), heard_since)) {
    const auto found = by_name.find({row[0].as<std::int64_t>(), std::string(TextOf(row[1]))});
    if (found == by_name.end()) continue;
    found->second->environments.push_back(
        {TextOf(row[2]), TimestampOf(row[3]), TimestampOf(row[4]), StatusOf(row[5])});
  }
}

}  // namespace

Result<std::vector<MonitorRow>> ListMonitors(Session& session, const Scope& scope,
                                             std::string_view part, std::string_view slug,
                                             Timestamp heard_since) {
  return Read(session, [&](Work& work) {
    std::vector<MonitorRow> out;
    const auto rows = work.Run("monitor_list", ArrayParam(scope.Projects()), part, slug);
    out.reserve(rows.size());
    for (const auto& row : rows) {
      out.push_back({{row[0].as<std::int64_t>()},
                     TextOf(row[1]),
                     TextOf(row[2]),
                     TimestampOf(row[3]),
                     TimestampOf(row[4]),
                     {}});
    }
    if (!out.empty()) AddEnvironments(work, scope, heard_since, out);
    return out;
  });
}

Result<std::vector<CheckInRow>> ListCheckIns(Session& session, const Scope& scope,
                                             std::string_view slug, const CheckInWindow& window,
                                             int limit, std::int64_t offset) {
  return Read(session, [&](Work& work) {
    std::vector<CheckInRow> out;
    const auto rows =
        work.Run("monitor_check_ins", ArrayParam(scope.Projects()), slug, window.start, window.end,
                 NamesParam(window.environments), limit, offset);
    out.reserve(rows.size());
    for (const auto& row : rows) {
      CheckInRow check_in;
      check_in.id = {EventIdOf(row[0]).bytes};
      check_in.environment = TextOf(row[1]);
      check_in.status = StatusOf(row[2]);
      check_in.duration_ms = row[3].as<std::int64_t>();
      check_in.started_at = TimestampOf(row[4]);
      check_in.updated_at = TimestampOf(row[5]);
      out.push_back(std::move(check_in));
    }
    return out;
  });
}

Result<std::vector<CheckInCount>> CountCheckIns(Session& session, const Scope& scope,
                                                std::string_view slug, const CheckInWindow& window,
                                                std::int64_t resolution_s) {
  return Read(session, [&](Work& work) {
    std::vector<CheckInCount> out;
    const auto rows = work.Run("monitor_stats", ArrayParam(scope.Projects()), slug, window.start,
                               window.end, NamesParam(window.environments), resolution_s);
    out.reserve(rows.size());
    for (const auto& row : rows) {
      out.push_back({row[0].as<std::int64_t>(), StatusOf(row[1]), row[2].as<std::int64_t>(),
                     row[3].as<std::int64_t>()});
    }
    return out;
  });
}

}  // namespace mishap

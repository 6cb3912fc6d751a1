// Monitors and their check-ins as the API reads them. What writes them: storage/typed/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "event/typed_record.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct MonitorEnvironment {
  std::string name;
  Timestamp first_seen;
  Timestamp last_seen;
  CheckInStatus status = CheckInStatus::kUnknown;  // of the newest check-in
};

struct MonitorRow {
  ProjectId project;
  std::string slug;
  std::string config;  // JSON object, as the SDK described it; {} if it never did
  Timestamp first_seen;
  Timestamp last_seen;
  std::vector<MonitorEnvironment> environments;  // heard from lately
};

// By slug, at most 10,000. part: of the slug, any case; slug: exactly; both empty: all.
// heard_since: which environments count.
Result<std::vector<MonitorRow>> ListMonitors(Session& session, const Scope& scope,
                                             std::string_view part, std::string_view slug,
                                             Timestamp heard_since);

struct CheckInWindow {
  Timestamp start;
  Timestamp end;
  std::vector<std::string> environments;  // empty: all
};
struct CheckInRow {
  CheckInId id;
  std::string environment;
  CheckInStatus status = CheckInStatus::kUnknown;
  std::int64_t duration_ms = -1;  // -1: not told
  Timestamp started_at;
  Timestamp updated_at;
};
// Newest first. The monitor's project is the scope's only one.
Result<std::vector<CheckInRow>> ListCheckIns(Session& session, const Scope& scope,
                                             std::string_view slug, const CheckInWindow& window,
                                             int limit, std::int64_t offset);

struct CheckInCount {
  std::int64_t bucket_s = 0;  // its start, seconds since 1970
  CheckInStatus status = CheckInStatus::kUnknown;
  std::int64_t count = 0;
  std::int64_t duration_ms = 0;  // mean of those that told one
};
// By bucket; buckets without check-ins are left out.
Result<std::vector<CheckInCount>> CountCheckIns(Session& session, const Scope& scope,
                                                std::string_view slug, const CheckInWindow& window,
                                                std::int64_t resolution_s);

}  // namespace mishap

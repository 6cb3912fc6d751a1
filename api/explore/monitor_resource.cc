// Monitors and their check-ins (web-api 2.14), read only: SDKs make and change them by what they
// send. Missed and late check-ins are not watched for yet.
#include <algorithm>
#include <array>
#include <map>

#include "api/entry_parts.h"
#include "api/explore/resources.h"
#include "api/object_shapes.h"
#include "api/time_window.h"
#include "base/bytes.h"
#include "base/json_writer.h"
#include "storage/explore/monitor_reads.h"

namespace mishap {
namespace {

constexpr std::int64_t kHeardMicros = 30 * kMicrosPerDay;
constexpr std::int64_t kBucketsMax = 10'000;
constexpr std::int64_t kOffsetMax = 1'000'000;

std::string_view StatusName(CheckInStatus status) {
  switch (status) {
    case CheckInStatus::kInProgress:
      return "in_progress";
    case CheckInStatus::kOk:
      return "ok";
    case CheckInStatus::kError:
      return "error";
    default:
      return "unknown";
  }
}

std::string MonitorId(const MonitorRow& monitor) {
  return std::to_string(monitor.project.value) + "-" + monitor.slug;
}

// {"schedule": {"type", "value", "unit"}, ...} of the SDK as the API's config.
void WriteConfig(std::string_view config, JsonWriter& json) {
  const auto schedule = MemberOf(config, "schedule");
  const auto value = MemberOf(schedule, "value");
  const bool is_interval = MemberOf(schedule, "type") == R"("interval")";
  json.BeginObject().Field("schedule_type", is_interval ? "interval" : "crontab").Key("schedule");
  if (is_interval) {
    json.BeginArray().Raw(value).Raw(MemberOf(schedule, "unit")).EndArray();
  } else {
    json.Raw(value.empty() ? "\"\"" : value);
  }
  for (std::string_view name : {"checkin_margin", "max_runtime", "timezone",
                                "failure_issue_threshold", "recovery_threshold"}) {
    json.Key(name).Raw(MemberOf(config, name));
  }
  json.Key("alert_rule_id").Null().EndObject();
}

void WriteEnvironment(const MonitorEnvironment& environment, JsonWriter& json) {
  const auto status = environment.status == CheckInStatus::kOk      ? "ok"
                      : environment.status == CheckInStatus::kError ? "error"
                                                                    : "active";
  json.BeginObject().Field("name", environment.name).Field("status", status);
  json.Field("isMuted", false).Field("dateCreated", environment.first_seen);
  json.Field("lastCheckIn", environment.last_seen).Key("nextCheckIn").Null();
  json.Key("nextCheckInLatest").Null().Key("activeIncident").Null().EndObject();
}

void WriteMonitor(const MonitorRow& monitor, const ProjectRow& project, JsonWriter& json) {
  json.BeginObject().Field("id", MonitorId(monitor)).Field("slug", monitor.slug);
  json.Field("name", monitor.slug).Field("type", "cron_job").Field("status", "active");
  json.Field("isMuted", false).Field("isUpserting", true).Key("config");
  WriteConfig(monitor.config, json);
  json.Field("dateCreated", monitor.first_seen).Key("project");
  WriteProject(project, json);
  json.Key("owner").Null().Key("environments").BeginArray();
  for (const auto& environment : monitor.environments) WriteEnvironment(environment, json);
  json.EndArray().EndObject();
}

struct MonitorOnPath {
  Scope scope;  // narrowed to its project
  ProjectRow project;
  MonitorRow monitor;
};

// {monitor}: the slug, or the id that lists show. Of several projects' the first.
Result<MonitorOnPath> MonitorFromPath(const ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  const auto seen = NarrowedTo(*scope, *projects);
  const auto& name = call.path.Get("monitor");
  const auto dash = name.find('-');
  const bool may_be_id = dash != std::string::npos && ParseDigits(name.substr(0, dash));
  for (const auto& slug : {name, may_be_id ? name.substr(dash + 1) : std::string()}) {
    if (slug.empty()) continue;
    auto found = ListMonitors(call.session, seen, "", slug, {call.now.micros - kHeardMicros});
    if (!found) return Fail(found.error());
    for (auto& monitor : *found) {
      if (slug != name && MonitorId(monitor) != name) continue;
      for (auto& project : *projects) {
        if (project.id != monitor.project) continue;
        return MonitorOnPath{scope->Narrowed({project.id}), project, std::move(monitor)};
      }
    }
  }
  return NotFound();
}

void WriteCheckIn(const CheckInRow& check_in, const MonitorOnPath& found, JsonWriter& json) {
  json.BeginObject().Field("id", ToHex(check_in.id)).Field("environment", check_in.environment);
  json.Field("status", StatusName(check_in.status)).Key("duration");
  check_in.duration_ms < 0 ? json.Null() : json.Int(check_in.duration_ms);
  json.Field("dateCreated", check_in.started_at).Field("dateAdded", check_in.started_at);
  json.Field("dateUpdated", check_in.updated_at).Key("dateInProgress").Null();
  json.Field("dateClock", check_in.started_at).Key("expectedTime").Null().Key("monitorConfig");
  WriteConfig(found.monitor.config, json);
  json.Key("groups").BeginArray().EndArray().EndObject();
}

// "60s", "5m", "1h", or seconds.
std::optional<std::int64_t> ResolutionOf(const std::string& text) {
  if (auto seconds = ParseDigits(text)) return *seconds > 0 ? seconds : std::nullopt;
  auto micros = ParsePeriod(text);
  if (!micros || *micros < kMicrosPerSecond) return std::nullopt;
  return *micros / kMicrosPerSecond;
}

struct BucketCounts {
  std::array<std::int64_t, 4> of{};  // by CheckInStatus
  std::int64_t duration_ms = 0;
  std::int64_t told = 0;
};

void WriteBucket(std::int64_t at, const BucketCounts& counts, JsonWriter& json) {
  const auto of = [&](CheckInStatus status) { return counts.of[static_cast<std::size_t>(status)]; };
  json.BeginObject().Field("ts", at).Field("ok", of(CheckInStatus::kOk));
  json.Field("error", of(CheckInStatus::kError)).Field("missed", 0).Field("timeout", 0);
  json.Field("in_progress", of(CheckInStatus::kInProgress));
  json.Field("unknown", of(CheckInStatus::kUnknown));
  json.Field("duration", counts.told == 0 ? 0 : counts.duration_ms / counts.told).EndObject();
}

}  // namespace

Answer ListMonitors(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  auto monitors = ListMonitors(call.session, NarrowedTo(*scope, *projects),
                               call.query.GetOr("query", ""), "", {call.now.micros - kHeardMicros});
  if (!monitors) return Fail(monitors.error());
  auto page = PageOf(call, monitors->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    for (const auto& project : *projects) {
      if (project.id == (*monitors)[i].project) WriteMonitor((*monitors)[i], project, json);
    }
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, monitors->size());
}

Answer GetMonitor(ApiCall& call) {
  auto found = MonitorFromPath(call);
  if (!found) return Fail(found.error());
  std::string body;
  JsonWriter json(body);
  WriteMonitor(found->monitor, found->project, json);
  return RespondJson(200, std::move(body));
}

Answer ListCheckInsOfMonitor(ApiCall& call) {
  auto found = MonitorFromPath(call);
  if (!found) return Fail(found.error());
  auto window = ParseTimeWindow(call.query, call.now);
  if (!window) return Fail(window.error());
  auto size = ParsePageSize(call.query);
  if (!size) return Fail(size.error());
  auto cursor = ParseCursor(call.query);
  if (!cursor) return Fail(cursor.error());
  const auto offset =
      *cursor ? std::clamp<std::int64_t>((*cursor)->offset, 0, kOffsetMax) : std::int64_t{0};
  CheckInWindow wanted{window->start, {window->end.micros + kMicrosPerSecond}, Environments(call)};
  auto rows =
      ListCheckIns(call.session, found->scope, found->monitor.slug, wanted, *size + 1, offset);
  if (!rows) return Fail(rows.error());
  PageLinks links;
  links.has_next = rows->size() > static_cast<std::size_t>(*size);
  if (links.has_next) rows->pop_back();
  links.has_next = links.has_next && offset + *size <= kOffsetMax;
  links.next = {0, offset + *size, false};
  links.has_previous = offset > 0;
  links.previous = {0, std::max<std::int64_t>(0, offset - *size), true};
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (const auto& row : *rows) WriteCheckIn(row, *found, json);
  json.EndArray();
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Link", LinkHeader(call.public_url, call.request, links));
  return out;
}

Answer GetMonitorStats(ApiCall& call) {
  auto found = MonitorFromPath(call);
  if (!found) return Fail(found.error());
  const auto since = call.query.GetOr("since", ""), until = call.query.GetOr("until", "");
  auto start = since.empty() ? Timestamp{call.now.micros - kMicrosPerDay} : ParseInstant(since);
  auto end = until.empty() ? call.now : ParseInstant(until);
  if (!start || !end) return BadRequest("since and until must be seconds since 1970 or ISO 8601");
  if (*start > *end) return BadRequest("since must be before until");
  auto step = ResolutionOf(call.query.GetOr("resolution", "1h"));
  if (!step) return BadRequest("resolution must be a time such as 60s, 5m, 1h or 1d");
  const auto first = start->micros / kMicrosPerSecond / *step,
             last = end->micros / kMicrosPerSecond / *step;
  if (last - first >= kBucketsMax) return BadRequest("the window has more than 10000 buckets");
  auto counts = CountCheckIns(call.session, found->scope, found->monitor.slug,
                              {*start, *end, Environments(call)}, *step);
  if (!counts) return Fail(counts.error());
  std::map<std::int64_t, BucketCounts> buckets;
  for (const auto& count : *counts) {
    auto& bucket = buckets[count.bucket_s / *step];
    bucket.of[static_cast<std::size_t>(count.status)] += count.count;
    if (count.duration_ms == 0) continue;
    bucket.duration_ms += count.duration_ms * count.count;
    bucket.told += count.count;
  }
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto at = first; at <= last; ++at) WriteBucket(at * *step, buckets[at], json);
  json.EndArray();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

// Counts of what became of items: per key, project and organization, and by any grouping
// (stats_v2; web-api 2.10). What is counted is kept per hour, so an hour is the finest bucket.
#include <algorithm>
#include <map>

#include "api/issue_shape.h"
#include "api/project/resources.h"
#include "api/time_window.h"
#include "storage/project/outcome_counts.h"

namespace mishap {
namespace {

constexpr std::int64_t kHour = 3'600;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kBucketsMax = 10'000;

struct Buckets {
  Timestamp start;
  Timestamp end;
  std::int64_t bucket_s = kHour;

  std::int64_t FirstS() const { return start.micros / kMicrosPerSecond / bucket_s * bucket_s; }
  std::size_t Count() const {
    const auto last = (end.micros - 1) / kMicrosPerSecond;
    return last < FirstS() ? 0 : static_cast<std::size_t>((last - FirstS()) / bucket_s + 1);
  }
};

Status CheckCount(const Buckets& buckets) {
  if (buckets.start > buckets.end) return BadRequest("start must be before end");
  if (buckets.Count() > kBucketsMax) {
    return BadRequest("The window has more than 10000 buckets: use a longer interval.");
  }
  return {};
}

// since, until and resolution, as the older routes have them.
Result<Buckets> OlderWindow(const ApiCall& call) {
  auto resolution = call.query.GetOr("resolution", "1h");
  if (resolution != "1h" && resolution != "1d") {
    return BadRequest("Invalid resolution: \"" + resolution + "\". Valid values are 1h and 1d.");
  }
  auto since = call.query.GetOr("since", "");
  auto until = call.query.GetOr("until", "");
  auto start = since.empty() ? Timestamp{call.now.micros - kMicrosPerDay} : ParseInstant(since);
  auto end = until.empty() ? call.now : ParseInstant(until);
  if (!start || !end) return BadRequest("since and until must be seconds since 1970 or ISO 8601");
  Buckets out{*start, *end, resolution == "1d" ? kDay : kHour};
  if (auto fine = CheckCount(out); !fine) return Fail(fine.error());
  return out;
}

// Which outcomes `stat=` counts.
Result<std::vector<Outcome>> OutcomesOf(std::string_view stat) {
  if (stat == "received") {
    return std::vector{Outcome::kAccepted, Outcome::kFiltered, Outcome::kRateLimited,
                       Outcome::kInvalid, Outcome::kAbuse};
  }
  if (stat == "generated") return std::vector{Outcome::kAccepted};
  if (stat == "rejected") {
    return std::vector{Outcome::kRateLimited, Outcome::kInvalid, Outcome::kAbuse};
  }
  if (stat == "blacklisted") return std::vector{Outcome::kFiltered};
  return BadRequest("Invalid stat: expected received, generated, rejected or blacklisted.");
}

Answer RespondSeries(ApiCall& call, const Scope& scope) {
  auto window = OlderWindow(call);
  if (!window) return Fail(window.error());
  auto outcomes = OutcomesOf(call.query.GetOr("stat", "received"));
  if (!outcomes) return Fail(outcomes.error());
  auto rows = ReadOutcomeBuckets(call.session, scope, window->start, window->end, window->bucket_s,
                                 std::nullopt);
  if (!rows) return Fail(rows.error());
  std::vector<std::int64_t> counts(window->Count());
  for (const auto& row : *rows) {
    if (std::find(outcomes->begin(), outcomes->end(), row.outcome) == outcomes->end()) continue;
    const auto place =
        static_cast<std::size_t>((row.start_s - window->FirstS()) / window->bucket_s);
    if (place < counts.size()) counts[place] += row.quantity;
  }
  StatsSeries series;
  series.reserve(counts.size());
  for (std::size_t i = 0; i < counts.size(); ++i) {
    series.emplace_back(window->FirstS() + static_cast<std::int64_t>(i) * window->bucket_s,
                        counts[i]);
  }
  std::string body;
  JsonWriter json(body);
  WriteSeries(series, json);
  return RespondJson(200, std::move(body));
}

// What one row of stats_v2 is grouped by: name and value, in the order asked for.
using GroupKey = std::vector<std::pair<std::string, std::string>>;

struct StatsQuery {
  Buckets buckets;
  std::vector<std::string> fields;
  std::vector<std::string> group_by;
  std::vector<std::string> categories, outcomes, reasons;  // empty: all
};

Result<std::int64_t> IntervalOf(const ApiCall& call) {
  auto text = call.query.GetOr("interval", "1h");
  auto micros = ParsePeriod(text);
  const auto seconds = micros.value_or(0) / kMicrosPerSecond;
  if (seconds < kHour || seconds % kHour != 0 || (seconds < kDay && kDay % seconds != 0) ||
      (seconds > kDay && seconds % kDay != 0)) {
    return BadRequest("Invalid interval: expected whole hours that divide a day, or whole days.");
  }
  return seconds;
}

Result<StatsQuery> StatsQueryOf(const ApiCall& call) {
  StatsQuery out;
  out.fields = call.query.All("field");
  out.group_by = call.query.All("groupBy");
  if (out.fields.empty()) return BadRequest("At least one \"field\" is required.");
  if (out.group_by.empty()) return BadRequest("At least one \"groupBy\" is required.");
  for (const auto& field : out.fields) {
    if (field != "sum(quantity)" && field != "sum(times_seen)") {
      return BadRequest("Invalid field: \"" + field + "\". Valid: sum(quantity), sum(times_seen).");
    }
  }
  for (const auto& name : out.group_by) {
    if (name != "outcome" && name != "category" && name != "reason" && name != "project") {
      return BadRequest("Invalid groupBy: \"" + name +
                        "\". Valid: outcome, category, reason, project.");
    }
  }
  auto interval = IntervalOf(call);
  if (!interval) return Fail(interval.error());
  auto window = ParseTimeWindow(call.query, call.now);
  if (!window) return Fail(window.error());
  if (window->is_default) window->start = {call.now.micros - 14 * kMicrosPerDay};
  out.buckets = {window->start, window->end, *interval};
  if (auto fine = CheckCount(out.buckets); !fine) return Fail(fine.error());
  out.categories = call.query.All("category");
  out.outcomes = call.query.All("outcome");
  out.reasons = call.query.All("reason");
  return out;
}

bool IsWanted(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

GroupKey KeyOf(const StatsQuery& query, const OutcomeBucket& row) {
  GroupKey key;
  for (const auto& name : query.group_by) {
    if (name == "outcome") key.emplace_back(name, OutcomeName(row.outcome));
    if (name == "category") key.emplace_back(name, row.category);
    if (name == "reason") key.emplace_back(name, row.reason);
    if (name == "project") key.emplace_back(name, std::to_string(row.project.value));
  }
  return key;
}

void WriteGroup(const StatsQuery& query, const GroupKey& key,
                const std::vector<std::int64_t>& counts, JsonWriter& json) {
  std::int64_t total = 0;
  for (auto count : counts) total += count;
  json.BeginObject().Key("by").BeginObject();
  for (const auto& [name, value] : key) {
    json.Key(name);
    name == "project" ? json.Raw(value) : json.String(value);
  }
  json.EndObject().Key("totals").BeginObject();
  for (const auto& field : query.fields) json.Field(field, total);
  json.EndObject().Key("series").BeginObject();
  for (const auto& field : query.fields) {
    json.Key(field).BeginArray();
    for (auto count : counts) json.Int(count);
    json.EndArray();
  }
  json.EndObject().EndObject();
}

}  // namespace

Answer GetOutcomeStats(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  auto query = StatsQueryOf(call);
  if (!query) return Fail(query.error());
  const auto& buckets = query->buckets;
  auto rows = ReadOutcomeBuckets(call.session, NarrowedTo(*scope, *projects), buckets.start,
                                 buckets.end, buckets.bucket_s, std::nullopt);
  if (!rows) return Fail(rows.error());
  std::map<GroupKey, std::vector<std::int64_t>> groups;
  for (const auto& row : *rows) {
    if (!IsWanted(query->categories, row.category) || !IsWanted(query->reasons, row.reason) ||
        !IsWanted(query->outcomes, OutcomeName(row.outcome))) {
      continue;
    }
    auto& counts = groups[KeyOf(*query, row)];
    counts.resize(buckets.Count());
    const auto place =
        static_cast<std::size_t>((row.start_s - buckets.FirstS()) / buckets.bucket_s);
    if (place < counts.size()) counts[place] += row.quantity;
  }
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("start", Timestamp{buckets.FirstS() * kMicrosPerSecond});
  json.Field("end", buckets.end).Key("intervals").BeginArray();
  for (std::size_t i = 0; i < buckets.Count(); ++i) {
    const auto at = buckets.FirstS() + static_cast<std::int64_t>(i) * buckets.bucket_s;
    json.Time({at * kMicrosPerSecond});
  }
  json.EndArray().Key("groups").BeginArray();
  for (const auto& [key, counts] : groups) WriteGroup(*query, key, counts, json);
  json.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

Answer GetProjectStats(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondSeries(call, found->scope);
}

Answer GetOrganizationStats(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  return RespondSeries(call, NarrowedTo(*scope, *projects));
}

Answer GetKeyStats(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto keys = ReadProjectKeys(call.session, found->scope);
  if (!keys) return Fail(keys.error());
  auto key = std::find_if(keys->begin(), keys->end(),
                          [&](const KeyRow& row) { return row.public_key == call.path.Get("k"); });
  if (key == keys->end()) return NotFound();
  auto window = OlderWindow(call);
  if (!window) return Fail(window.error());
  auto rows = ReadOutcomeBuckets(call.session, found->scope, window->start, window->end,
                                 window->bucket_s, key->id);
  if (!rows) return Fail(rows.error());
  struct Counts {
    std::int64_t accepted = 0, filtered = 0, dropped = 0;
  };
  std::map<std::int64_t, Counts> by_time;
  for (const auto& row : *rows) {
    auto& counts = by_time[row.start_s];
    auto& count = row.outcome == Outcome::kAccepted   ? counts.accepted
                  : row.outcome == Outcome::kFiltered ? counts.filtered
                                                      : counts.dropped;
    count += row.quantity;
  }
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (std::size_t i = 0; i < window->Count(); ++i) {
    const auto at = window->FirstS() + static_cast<std::int64_t>(i) * window->bucket_s;
    const auto& counts = by_time[at];
    json.BeginObject().Field("ts", at);
    json.Field("total", counts.accepted + counts.filtered + counts.dropped);
    json.Field("dropped", counts.dropped).Field("accepted", counts.accepted);
    json.Field("filtered", counts.filtered).EndObject();
  }
  json.EndArray();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

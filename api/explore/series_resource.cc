// Events counted over time (web-api 2.12): /events-stats/ and /events-timeseries/, which differ in
// their form only. Every bucket of the window is there, empty ones with 0.
#include <algorithm>
#include <map>

#include "api/event_page.h"
#include "api/explore/event_field.h"
#include "api/explore/event_set.h"
#include "api/explore/resources.h"
#include "api/time_window.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

constexpr std::int64_t kBucketsMax = 10'000;
constexpr std::size_t kSeriesMax = 10;

struct Series {
  std::string data_set;
  bool is_kept = false;
  std::vector<EventField> axes;  // aggregates
  std::int64_t step_s = 3600;
  std::int64_t first_s = 0;  // the buckets' starts, both inclusive
  std::int64_t last_s = 0;
  Scope scope;
  std::map<std::int64_t, EventGroup> buckets;  // by start; values behind the bucket, axis by axis
};

// Without a wish: at most two hundred buckets of a length people name.
std::int64_t DefaultStep(std::int64_t window_s) {
  for (std::int64_t step : {60, 300, 900, 3600, 14'400}) {
    if (window_s / step <= 200) return step;
  }
  return 86'400;
}

// Wider than asked where the window has too many of them.
constexpr std::int64_t kStepMax = 366 * 86'400;  // seconds

Result<std::int64_t> StepOf(const ApiCall& call, std::int64_t window_s) {
  const auto text = call.query.GetOr("interval", "");
  std::int64_t step = DefaultStep(window_s);
  if (!text.empty()) {
    auto digits = ParseDigits(text);
    auto micros = digits ? std::optional<std::int64_t>() : ParsePeriod(text);
    step = digits ? *digits : micros ? *micros / kMicrosPerSecond : 0;
    if (step < 1) return BadRequest("interval must be a time such as 5m, 1h or 1d");
    step = std::min(step, kStepMax);
  }
  while (window_s / step >= kBucketsMax) step *= 2;
  return step;
}

Status ReadAxes(const ApiCall& call, Series& series) {
  auto names = call.query.All("yAxis");
  std::erase(names, "");
  if (names.empty()) names = {"count()"};
  if (names.size() > kSeriesMax) return BadRequest("At most 10 yAxis are answered at once.");
  if (!call.query.GetOr("topEvents", "").empty()) {
    return BadRequest("topEvents is not supported yet: ask for one series, or use events/.");
  }
  if (!series.is_kept) names = {"count()"};
  auto fields = ParseEventFields(names);
  if (!fields) return Fail(fields.error());
  for (const auto& field : *fields) {
    const bool is_number = field.type == "integer" || field.type == "number";
    if (!IsAggregate(field) || !is_number) {
      return BadRequest("yAxis must be a count such as count() or count_unique(user), not \"" +
                        field.text + "\".");
    }
  }
  series.axes = std::move(*fields);
  return {};
}

Status ReadBuckets(ApiCall& call, Series& series, EventFilter filter) {
  EventGroupQuery query;
  query.filter = std::move(filter);
  GroupColumn bucket;
  bucket.kind = GroupColumnKind::kBucket;
  bucket.bucket_s = series.step_s;
  query.columns.push_back(bucket);
  for (const auto& axis : series.axes) {
    Aggregate aggregate;
    if (axis.function == EventFunction::kCountUnique) {
      aggregate = {AggregateKind::kCountUnique, *axis.group};
    }
    query.aggregates.push_back(aggregate);
  }
  query.descending = false;
  query.limit = static_cast<int>(kBucketsMax) + 2;
  auto groups = ListEventGroups(call.session, series.scope, query);
  if (!groups) return Fail(groups.error());
  for (auto& group : *groups) {
    if (auto start = ParseDigits(group[0].value_or(""))) series.buckets[*start] = std::move(group);
  }
  return {};
}

Result<Series> ReadSeries(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = SelectedProjects(call, *scope);
  if (!projects) return Fail(projects.error());
  auto data_set = DataSetOf(call.query.GetOr("dataset", ""));
  if (!data_set) return Fail(data_set.error());
  Series series{data_set->name, data_set->is_kept, {}, 0, 0, 0, NarrowedTo(*scope, *projects), {}};
  if (auto ok = ReadAxes(call, series); !ok) return Fail(ok.error());
  EventFilter filter;
  if (auto ok = SetEventWindow(call, filter); !ok) return Fail(ok.error());
  const auto end = std::min(filter.end, call.now);
  auto step = StepOf(call, (end.micros - filter.start.micros) / kMicrosPerSecond);
  if (!step) return Fail(step.error());
  series.step_s = *step;
  series.first_s = filter.start.micros / kMicrosPerSecond / *step * *step;
  series.last_s = end.micros / kMicrosPerSecond / *step * *step;
  if (!series.is_kept || projects->empty()) return series;
  auto search = EventSearch(call, *projects, series.scope);
  if (!search) return Fail(search.error());
  filter.search = std::move(*search);
  if (auto ok = ReadBuckets(call, series, std::move(filter)); !ok) return Fail(ok.error());
  return series;
}

void WriteValue(const Series& series, std::size_t axis, std::int64_t at, JsonWriter& json) {
  auto found = series.buckets.find(at);
  std::int64_t count = 0;
  if (found != series.buckets.end()) {
    count = ParseDigits(found->second[axis + 1].value_or("")).value_or(0);
  }
  const auto function = series.axes[axis].function;
  if (function != EventFunction::kEpm && function != EventFunction::kEps) {
    json.Int(count);
    return;
  }
  const auto per = function == EventFunction::kEpm ? static_cast<double>(series.step_s) / 60
                                                   : static_cast<double>(series.step_s);
  json.Double(static_cast<double>(count) / per);
}

void WriteStats(const Series& series, std::size_t axis, JsonWriter& json) {
  const auto& field = series.axes[axis];
  json.BeginObject().Key("data").BeginArray();
  for (auto at = series.first_s; at <= series.last_s; at += series.step_s) {
    json.BeginArray().Int(at).BeginArray().BeginObject().Key("count");
    WriteValue(series, axis, at, json);
    json.EndObject().EndArray().EndArray();
  }
  json.EndArray().Field("start", series.first_s).Field("end", series.last_s + series.step_s);
  json.Field("isMetricsData", false).Key("meta").BeginObject().Key("fields").BeginObject();
  json.Field(field.text, field.type).EndObject().Key("units").BeginObject().Key(field.text).Null();
  json.EndObject().EndObject().Field("order", static_cast<std::int64_t>(axis)).EndObject();
}

void WriteTimeSeries(const Series& series, std::size_t axis, Timestamp now, JsonWriter& json) {
  const auto& field = series.axes[axis];
  json.BeginObject().Key("values").BeginArray();
  for (auto at = series.first_s; at <= series.last_s; at += series.step_s) {
    json.BeginObject().Field("timestamp", at * 1000).Key("value");
    WriteValue(series, axis, at, json);
    json.Field("incomplete", at + series.step_s > now.micros / kMicrosPerSecond).EndObject();
  }
  json.EndArray().Field("yAxis", field.text).Key("meta").BeginObject();
  json.Field("valueType", field.type).Key("valueUnit").Null();
  json.Field("interval", series.step_s * 1000).EndObject().EndObject();
}

}  // namespace

Answer GetEventStats(ApiCall& call) {
  auto series = ReadSeries(call);
  if (!series) return Fail(series.error());
  std::string body;
  JsonWriter json(body);
  if (series->axes.size() == 1) {
    WriteStats(*series, 0, json);
    return RespondJson(200, std::move(body));
  }
  json.BeginObject();
  for (std::size_t i = 0; i < series->axes.size(); ++i) {
    json.Key(series->axes[i].text);
    WriteStats(*series, i, json);
  }
  json.EndObject();
  return RespondJson(200, std::move(body));
}

Answer GetEventTimeSeries(ApiCall& call) {
  auto series = ReadSeries(call);
  if (!series) return Fail(series.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("timeSeries").BeginArray();
  for (std::size_t i = 0; i < series->axes.size(); ++i) {
    WriteTimeSeries(*series, i, call.now, json);
  }
  json.EndArray().Key("meta").BeginObject().Field("dataset", series->data_set);
  json.Field("start", series->first_s * 1000);
  json.Field("end", (series->last_s + series->step_s) * 1000).EndObject().EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

#include "ingest/typed/check_in_item.h"

#include "base/bytes.h"
#include "base/json_writer.h"
#include "ingest/normalise_limits.h"
#include "ingest/normalise_parts.h"

namespace mishap {
namespace {

constexpr std::size_t kSlugBytesMax = 50;
constexpr std::size_t kWordBytesMax = 128;
constexpr std::string_view kDefaultEnvironment = "production";
constexpr std::string_view kConfigNumbers[] = {"checkin_margin", "max_runtime",
                                               "failure_issue_threshold", "recovery_threshold"};

CheckInStatus StatusNamed(std::string_view word) {
  if (word == "in_progress") return CheckInStatus::kInProgress;
  if (word == "ok") return CheckInStatus::kOk;
  return word == "error" ? CheckInStatus::kError : CheckInStatus::kUnknown;
}

void SetVersions(std::string release, std::string environment, CheckIn& check) {
  Event event;
  event.release = std::move(release);
  event.environment = std::move(environment);
  NormalizeVersions(event);
  check.release = std::move(event.release);
  check.environment =
      event.environment.empty() ? std::string(kDefaultEnvironment) : std::move(event.environment);
}

void SetId(std::string_view text, CheckIn& check, Random& random) {
  auto id = ParseId128<CheckInId>(text);
  check.latest = !id || id->IsNil();
  check.id = check.latest ? CheckInId{random.Bytes16()} : *id;
}

void WriteSchedule(const JsonFields& config, JsonWriter& json) {
  auto schedule = config.Object("schedule");
  if (!schedule) return;
  json.Key("schedule").BeginObject();
  json.Field("type", schedule->Text("type", kWordBytesMax));
  auto value = schedule->Find("value");
  if (value && value->IsNumber()) {
    json.Field("value",
               static_cast<std::int64_t>(schedule->Count("value").value_or(0) & INT32_MAX));
  } else {
    json.Field("value", schedule->Text("value", kWordBytesMax));
  }
  std::string unit = schedule->Text("unit", kWordBytesMax);
  if (!unit.empty()) json.Field("unit", unit);
  json.EndObject();
}

// {"schedule":{..},"checkin_margin":5,..}, or empty when there is nothing of it.
std::string ConfigOf(const std::optional<JsonFields>& config) {
  if (!config) return {};
  std::string text;
  JsonWriter json(text);
  json.BeginObject();
  WriteSchedule(*config, json);
  for (std::string_view name : kConfigNumbers) {
    auto number = config->Count(name);
    if (number) json.Field(name, static_cast<std::int64_t>(*number & INT32_MAX));
  }
  for (std::string_view name : {"timezone", "owner"}) {
    std::string word = config->Text(name, kWordBytesMax);
    if (!word.empty()) json.Field(name, word);
  }
  json.EndObject();
  return text == "{}" ? std::string() : text;
}

std::string TraceOf(const JsonFields& fields) {
  auto contexts = fields.Object("contexts");
  auto trace = contexts ? contexts->Object("trace") : std::nullopt;
  auto id = trace ? ParseId128<Hash128>(trace->Text("trace_id", kWordBytesMax))
                  : Result<Hash128>(Hash128{});
  return id && !id->IsNil() ? ToHex(*id) : std::string();
}

void ReadBody(const JsonFields& fields, CheckIn& check, Random& random) {
  SetId(fields.Text("check_in_id", kWordBytesMax), check, random);
  check.status = StatusNamed(fields.Text("status", kWordBytesMax));
  check.duration_ms = DurationMs(fields.Number("duration"));
  SetVersions(fields.Text("release", kReleaseBytesMax + 1),
              fields.Text("environment", kEnvironmentBytesMax + 1), check);
  check.trace_id = TraceOf(fields);
  check.monitor_config = ConfigOf(fields.Object("monitor_config"));
}

}  // namespace

ItemResult<CheckIn> ReadCheckIn(JsonValue item, Random& random) {
  const JsonFields fields(item);
  CheckIn check;
  check.slug = fields.Text("monitor_slug", kSlugBytesMax);
  if (check.slug.empty()) return RefuseItem("payload");
  ReadBody(fields, check, random);
  return check;
}

ItemResult<CheckIn> ReadCronCall(std::string_view slug, const QueryParameters& query,
                                 const std::optional<JsonValue>& body, Random& random) {
  CheckIn check;
  check.slug = RepairUtf8(Utf8Prefix(TrimAscii(slug), kSlugBytesMax));
  if (check.slug.empty()) return RefuseItem("payload");
  JsonTree empty;
  auto none = empty.Parse("{}");
  ReadBody(JsonFields(body ? *body : *none), check, random);
  if (auto id = QueryValue(query, "check_in_id"); !id.empty()) SetId(id, check, random);
  if (auto word = QueryValue(query, "status"); !word.empty()) check.status = StatusNamed(word);
  if (auto text = QueryValue(query, "duration"); !text.empty()) {
    auto number = empty.Parse(text);
    if (number && number->IsNumber()) check.duration_ms = DurationMs(number->AsDouble());
  }
  if (auto name = QueryValue(query, "environment"); !name.empty()) {
    SetVersions(check.release, RepairUtf8(name), check);
  }
  if (check.status == CheckInStatus::kUnknown) return RefuseItem("payload");
  return check;
}

}  // namespace mishap

// A project's rules: read, changed, their history; also as the fields of Sentry's project detail.
#include <boost/json.hpp>

#include "api/grouping/preview.h"
#include "api/grouping/project_grouping.h"
#include "api/grouping/resources.h"
#include "api/resources.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

namespace json = boost::json;
using Problem = std::optional<HttpMessageResponse>;

constexpr int kVersionsMax = 100;
constexpr std::int64_t kTransitionDaysMax = 365;
constexpr std::int64_t kPreviewEventsDefault = 5'000;
constexpr std::int64_t kPreviewEventsMax = 20'000;

std::string TextOf(const json::string& text) {
  return {text.data(), text.size()};
}

Problem TakeText(const json::object& body, std::string_view name, std::optional<std::string>& out) {
  const auto* value = body.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return RespondFieldError({name}, "Not a valid string.");
  out = TextOf(value->get_string());
  if (!IsStorableText(*out)) return RespondFieldError({name}, "This must be text without NUL.");
  return std::nullopt;
}

Problem TakeNumber(const json::object& body, std::string_view name, std::int64_t max,
                   std::optional<std::int64_t>& out) {
  const auto* value = body.if_contains(json::string_view(name.data(), name.size()));
  if (value == nullptr || value->is_null()) return std::nullopt;
  if (value->is_int64() && value->get_int64() >= 0 && value->get_int64() <= max) {
    out = value->get_int64();
    return std::nullopt;
  }
  return RespondFieldError(
      {name}, "Ensure this value is an integer from 0 to " + std::to_string(max) + ".");
}

void WriteSetupRow(const GroupingSetupRow& row, JsonWriter& out) {
  out.Field("version", static_cast<std::int64_t>(row.setup.version));
  out.Field("algorithm", row.setup.algorithm);
  out.Field("stackTraceRules", row.setup.stack_trace_rules);
  out.Field("fingerprintRules", row.setup.fingerprint_rules);
  out.Field("options", row.setup.options).Key("dateCreated");
  row.created_at ? out.Time(*row.created_at) : out.Null();
  out.Key("userId");
  row.user ? out.String(std::to_string(*row.user)) : out.Null();
}

Answer RespondSetup(const GroupingSetupRow& row, Timestamp now) {
  std::string body;
  JsonWriter out(body);
  out.BeginObject();
  WriteSetupRow(row, out);
  out.Key("transitionUntil");
  now < row.transition_until ? out.Time(row.transition_until) : out.Null();
  out.Field("backfilled", row.setup.version == 0 || row.backfilled_at.has_value());
  out.Key("warnings").BeginArray();
  if (auto compiled = GroupingVersion::Compile(row.setup, FindGrouping)) {
    for (const std::string& warning : compiled->Warnings()) out.String(warning);
  }
  out.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

tl::expected<json::object, HttpMessageResponse> ParseBody(const ApiCall& call) {
  boost::system::error_code error;
  const auto& text = call.request.body;
  auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) {
    return tl::unexpected(RespondDetail(400, "JSON parse error: the body must be an object."));
  }
  return std::move(value.get_object());
}

Problem TakeChange(const json::object& body, GroupingChange& change) {
  if (auto bad = TakeText(body, change.stack_field, change.stack_trace_rules)) return bad;
  if (auto bad = TakeText(body, change.fingerprint_field, change.fingerprint_rules)) return bad;
  if (auto bad = TakeText(body, "algorithm", change.algorithm)) return bad;
  if (auto bad = TakeNumber(body, "version", INT32_MAX, change.version)) return bad;
  if (auto bad = TakeNumber(body, "transitionDays", kTransitionDaysMax, change.transition_days)) {
    return bad;
  }
  if (auto bad = TakeText(body, "options", change.options)) return bad;
  return std::nullopt;
}

}  // namespace

Answer GetGrouping(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto rows = ReadGroupingVersions(call.session, found->scope, found->project.id, 1);
  if (!rows) return Fail(rows.error());
  return RespondSetup(rows->front(), call.now);
}

Answer ListGroupingVersions(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto rows = ReadGroupingVersions(call.session, found->scope, found->project.id, kVersionsMax);
  if (!rows) return Fail(rows.error());
  std::string body;
  JsonWriter out(body);
  out.BeginArray();
  for (const auto& row : *rows) {
    out.BeginObject();
    WriteSetupRow(row, out);
    out.EndObject();
  }
  out.EndArray();
  return RespondJson(200, std::move(body));
}

// Under the reader's statement timeout: a sample. All events: mishap grouping preview.
Answer PostGroupingPreview(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto body = ParseBody(call);
  if (!body) return std::move(body.error());
  GroupingChange change;
  std::optional<std::int64_t> events;
  if (auto bad = TakeChange(*body, change)) return std::move(*bad);
  if (auto bad = TakeNumber(*body, "events", kPreviewEventsMax, events)) return std::move(*bad);
  auto rows = ReadGroupingVersions(call.session, found->scope, found->project.id, 1);
  if (!rows) return Fail(rows.error());
  PreviewRequest request{rows->front().setup, rows->front().setup,
                         events.value_or(kPreviewEventsDefault)};
  if (change.algorithm) request.next.algorithm = *change.algorithm;
  if (change.stack_trace_rules) request.next.stack_trace_rules = *change.stack_trace_rules;
  if (change.fingerprint_rules) request.next.fingerprint_rules = *change.fingerprint_rules;
  if (change.options) request.next.options = *change.options;
  auto next = GroupingVersion::Compile(request.next, FindGrouping);
  if (!next) return RespondRulesError(next.error(), change.stack_field, change.fingerprint_field);
  auto report =
      RunGroupingPreview(call.session, found->scope, found->project.id, request, *next, call.codec,
                         call.reader, [](std::int64_t, std::int64_t) { return true; });
  if (!report) return Fail(report.error());
  std::string text;
  JsonWriter out(text);
  WritePreview(*report, out);
  return RespondJson(200, std::move(text));
}

Answer PutGrouping(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto body = ParseBody(call);
  if (!body) return std::move(body.error());
  GroupingChange change;
  if (auto bad = TakeChange(*body, change)) return std::move(*bad);
  auto applied = ApplyGroupingChange(call, found->scope, found->project.id, change);
  if (!applied) return Fail(applied.error());
  if (!*applied) return std::move(applied->error());
  return RespondSetup(**applied, call.now);
}

Result<Problem> ChangeGroupingOfProject(ApiCall& call, const ProjectOnPath& found,
                                        std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return Problem();
  GroupingChange change;
  change.stack_field = "groupingEnhancements";
  change.fingerprint_field = "fingerprintingRules";
  const auto& body = value.get_object();
  if (auto bad = TakeText(body, change.stack_field, change.stack_trace_rules)) return bad;
  if (auto bad = TakeText(body, change.fingerprint_field, change.fingerprint_rules)) return bad;
  if (auto bad = TakeText(body, "groupingConfig", change.algorithm)) return bad;
  if (!change.stack_trace_rules && !change.fingerprint_rules && !change.algorithm) return Problem();
  auto applied = ApplyGroupingChange(call, found.scope, found.project.id, change);
  if (!applied) return Fail(applied.error());
  if (!*applied) return Problem(std::move(applied->error()));
  return Problem();
}

}  // namespace mishap

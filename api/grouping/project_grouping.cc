#include "api/grouping/project_grouping.h"

#include <fmt/format.h>

#include <utility>

#include "event/title.h"

namespace mishap {
namespace {

constexpr std::size_t kEventJsonBytesMax = 64u << 20;
constexpr std::int64_t kRuleTransitionDays = 14;
constexpr std::int64_t kAlgorithmTransitionDays = 90;
constexpr std::int64_t kMicrosPerDayHere = 24 * kMicrosPerHour;

IssueFace FaceOf(const Event& event, const GroupingVersion& version) {
  const Grouped grouped = version.Group(event);
  EventTitle title = MakeTitle(event, grouped.main_exception);
  if (!grouped.title.empty()) Retitle(title, grouped.title);
  IssueFace face;
  face.level = static_cast<int>(event.level.value_or(Level::kError));
  face.type = event.type.empty() ? (event.exceptions.empty() ? "default" : "error") : event.type;
  face.platform = event.platform;
  face.logger = event.logger;
  face.metadata_json = MetadataJson(title);
  face.title = std::move(title.title);
  face.culprit = std::move(title.culprit);
  face.is_unhandled = IsUnhandled(event);
  return face;
}

bool IsSame(const GroupingSetup& a, const GroupingSetup& b) {
  return a.algorithm == b.algorithm && a.stack_trace_rules == b.stack_trace_rules &&
         a.fingerprint_rules == b.fingerprint_rules && a.options == b.options;
}

}  // namespace

Result<GroupingVersion> GroupingOf(ApiCall& call, const Scope& scope, ProjectId project) {
  auto stored = ReadProjectGrouping(call.session, scope, project, call.now);
  if (!stored) return Fail(stored.error());
  auto version = GroupingVersion::Compile(stored->current, FindGrouping);
  if (!version) return GroupingVersion(CurrentGrouping());
  return std::move(*version);
}

FaceReader FacesOf(ApiCall& call, const GroupingVersion& version) {
  return [&call, &version](ProjectId, const std::string& payload) -> std::optional<IssueFace> {
    auto json = call.codec.Decompress(payload, kEventJsonBytesMax);
    if (!json) return std::nullopt;
    auto event = call.reader.Read(*json);
    if (!event) return std::nullopt;
    return FaceOf(*event, version);
  };
}

HttpMessageResponse RespondRulesError(const GroupingRulesError& error, std::string_view stack_field,
                                      std::string_view fingerprint_field) {
  const std::string_view field = error.in_options       ? "options"
                                 : error.in_fingerprint ? fingerprint_field
                                                        : stack_field;
  if (error.at.line == 0) return RespondFieldError({"algorithm"}, error.at.message);
  return RespondFieldError({field}, fmt::format("line {}, column {}: {}", error.at.line,
                                                error.at.column, error.at.message));
}

Result<tl::expected<GroupingSetupRow, HttpMessageResponse>> ApplyGroupingChange(
    ApiCall& call, const Scope& scope, ProjectId project, const GroupingChange& change) {
  using Applied = tl::expected<GroupingSetupRow, HttpMessageResponse>;
  auto rows = ReadGroupingVersions(call.session, scope, project, 1);
  if (!rows) return Fail(rows.error());
  const GroupingSetupRow& now = rows->front();
  GroupingSetup setup = now.setup;
  if (change.version && *change.version != setup.version) {
    return Fail(Reason::kConflict, fmt::format("The newest version is {}, not {}: read it again.",
                                               setup.version, *change.version));
  }
  if (change.algorithm) setup.algorithm = *change.algorithm;
  if (change.stack_trace_rules) setup.stack_trace_rules = *change.stack_trace_rules;
  if (change.fingerprint_rules) setup.fingerprint_rules = *change.fingerprint_rules;
  if (change.options) setup.options = *change.options;
  auto compiled = GroupingVersion::Compile(setup, FindGrouping);
  if (!compiled) {
    return Applied(tl::unexpected(
        RespondRulesError(compiled.error(), change.stack_field, change.fingerprint_field)));
  }
  if (IsSame(setup, now.setup)) return Applied(now);
  const bool other_algorithm = setup.algorithm != now.setup.algorithm;
  const std::int64_t days = change.transition_days.value_or(
      other_algorithm ? kAlgorithmTransitionDays : kRuleTransitionDays);
  auto changed = ChangeProjectGrouping(call.session, AuditByOf(call), scope, project, setup,
                                       Timestamp{call.now.micros + days * kMicrosPerDayHere});
  if (!changed) return Fail(changed.error());
  return Applied(std::move(*changed));
}

}  // namespace mishap

// One issue (web-api 2.4).
#include "api/issue_resource.h"

#include "api/event_shape.h"
#include "api/issue_shape.h"
#include "api/resources.h"
#include "api/time_window.h"
#include "storage/typed/user_report.h"

namespace mishap {
namespace {

constexpr int kTagValuesInDetail = 0;

Result<std::optional<ReleaseRow>> ReleaseOf(ApiCall& call, const IssueOnPath& found,
                                            const std::string& version) {
  if (version.empty()) return std::optional<ReleaseRow>();
  return ReadRelease(call.session, found.scope, found.project.id, version);
}

Result<IssueExtras> LoadExtras(ApiCall& call, const IssueOnPath& found) {
  IssueExtras out;
  auto activity = ReadActivity(call.session, found.scope, found.issue.id);
  if (!activity) return Fail(activity.error());
  out.activity = std::move(*activity);
  auto first = ReleaseOf(call, found, found.issue.first_release);
  if (!first) return Fail(first.error());
  out.first_release = std::move(*first);
  auto last = ReleaseOf(call, found, found.issue.last_release);
  if (!last) return Fail(last.error());
  out.last_release = std::move(*last);
  auto tags = ReadTagKeys(call.session, found.scope, found.issue.id, {}, kTagValuesInDetail);
  if (!tags) return Fail(tags.error());
  out.tags = std::move(*tags);
  auto viewers = ReadViewers(call.session, found.scope, found.issue.id);
  if (!viewers) return Fail(viewers.error());
  out.viewers = std::move(*viewers);
  auto participants = ReadParticipants(call.session, found.scope, found.issue.id);
  if (!participants) return Fail(participants.error());
  out.participants = std::move(*participants);
  auto reports = CountIssueReports(call.session, found.scope, found.issue.id);
  if (!reports) return Fail(reports.error());
  out.user_reports = *reports;
  return out;
}

struct Series {
  std::string_view name;
  std::int64_t span;
  std::int64_t bucket_s;
};

// 24 hours and 30 days, each with every bucket.
Status LoadStats(ApiCall& call, const IssueOnPath& found, IssueView& view) {
  static constexpr Series kSeries[] = {{"24h", 23 * kMicrosPerHour, 3600},
                                       {"30d", 29 * kMicrosPerDay, 86'400}};
  for (const auto& [name, span, bucket_s] : kSeries) {
    Timestamp start{call.now.micros - span};
    if (bucket_s == 86'400) start = FloorToDay(start);
    CountWindow window{start, call.now, Environments(call)};
    auto buckets = ReadIssueBuckets(call.session, found.scope, {found.issue.id}, window, bucket_s);
    if (!buckets) return Fail(buckets.error());
    view.stats.emplace_back(name, MakeSeries(start, call.now, bucket_s, *buckets, found.issue.id));
  }
  return {};
}

}  // namespace

Answer RespondIssue(ApiCall& call, const IssueOnPath& found) {
  auto organization_url = call.public_url + "/organizations/" + found.scope.OrganizationSlug();
  IssueView view{found.issue, found.project, organization_url, found.issue.times_seen, {}, {}, {}};
  auto facts = ReadTriageFacts(call.session, found.scope, {found.issue.id});
  if (!facts) return Fail(facts.error());
  view.triage = &(*facts)[found.issue.id];
  if (!Environments(call).empty()) {
    CountWindow window{{0}, call.now, Environments(call)};
    auto totals = ReadIssueTotals(call.session, found.scope, {found.issue.id}, window);
    if (!totals) return Fail(totals.error());
    view.count = (*totals)[found.issue.id];
  }
  if (auto ok = LoadStats(call, found, view); !ok) return Fail(ok.error());
  auto extras = LoadExtras(call, found);
  if (!extras) return Fail(extras.error());
  std::string body;
  JsonWriter json(body);
  WriteIssueDetail(view, *extras, json);
  return RespondJson(200, std::move(body));
}

Answer GetIssue(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  return RespondIssue(call, *found);
}

Answer GetIssueActivities(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto activity = ReadActivity(call.session, found->scope, found->issue.id);
  if (!activity) return Fail(activity.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Key("activity");
  WriteActivity(found->issue, *activity, json);
  json.EndObject();
  return RespondJson(200, std::move(body));
}

Answer GetIssueStats(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto resolution = call.query.GetOr("resolution", "1h");
  if (resolution != "1h" && resolution != "1d") {
    return BadRequest("Invalid resolution: \"" + resolution + "\". Valid values are 1h and 1d.");
  }
  std::int64_t bucket_s = resolution == "1d" ? 86'400 : 3600;
  auto since = call.query.GetOr("since", "");
  auto until = call.query.GetOr("until", "");
  auto start = since.empty() ? Timestamp{call.now.micros - kMicrosPerDay} : ParseInstant(since);
  auto end = until.empty() ? call.now : ParseInstant(until);
  if (!start || !end) return BadRequest("since and until must be seconds since 1970 or ISO 8601");
  if (*start > *end) return BadRequest("since must be before until");
  if ((end->micros - start->micros) / kMicrosPerSecond / bucket_s > 10'000) {
    return BadRequest("the window has more than 10000 buckets; use resolution=1d or a shorter one");
  }
  CountWindow window{*start, *end, Environments(call)};
  auto buckets = ReadIssueBuckets(call.session, found->scope, {found->issue.id}, window, bucket_s);
  if (!buckets) return Fail(buckets.error());
  std::string body;
  JsonWriter json(body);
  WriteSeries(MakeSeries(*start, *end, bucket_s, *buckets, found->issue.id), json);
  return RespondJson(200, std::move(body));
}

Answer GetFirstLastRelease(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject();
  for (const auto& [name, version] : {std::pair("firstRelease", found->issue.first_release),
                                      std::pair("lastRelease", found->issue.last_release)}) {
    auto release = ReleaseOf(call, *found, version);
    if (!release) return Fail(release.error());
    json.Key(name);
    if (*release) {
      WriteRelease(**release, json);
    } else {
      json.Null();
    }
  }
  json.EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

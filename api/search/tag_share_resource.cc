// How the values of a tag are spread in an issue, against the whole project.
#include "api/resources.h"
#include "base/json_writer.h"
#include "storage/search/tag_share.h"

namespace mishap {
namespace {

constexpr int kValuesMax = 10;

double Share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

// {"key", "issueEvents", "projectEvents", "values": [{"value", "count", "share", "projectCount",
// "projectShare"}]}: shares of all events, the issue's most frequent values first.
Answer GetTagShare(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto share =
      ReadTagShare(call.session, found->scope, found->issue.id, call.path.Get("key"), kValuesMax);
  if (!share) return Fail(share.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("key", call.path.Get("key"));
  json.Field("issueEvents", found->issue.times_seen);
  json.Field("projectEvents", share->project_events).Key("values").BeginArray();
  for (const auto& value : share->values) {
    json.BeginObject().Field("value", value.value).Field("count", value.issue_count);
    json.Key("share").Double(Share(value.issue_count, found->issue.times_seen));
    json.Field("projectCount", value.project_count);
    json.Key("projectShare").Double(Share(value.project_count, share->project_events)).EndObject();
  }
  json.EndArray().EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

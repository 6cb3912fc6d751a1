// An issue as Markdown, for chats and agents.
#include "api/issue/issue_markdown.h"
#include "api/issue_resource.h"
#include "api/resources.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

// The newest event, or the sample that stays when all have left with their days; nullopt for none.
Result<std::optional<StoredEventRow>> NewestEvent(ApiCall& call, const IssueOnPath& found) {
  EventFilter filter;
  filter.issue = found.issue.id;
  filter.end = Timestamp{call.now.micros + 60 * kMicrosPerSecond};
  auto rows = ListEvents(call.session, found.scope, filter, false, {}, 1);
  if (!rows) return Fail(rows.error());
  if (!rows->empty()) return std::optional<StoredEventRow>(std::move(rows->front()));
  auto sample = ReadSample(call.session, found.scope, found.issue.id);
  if (sample) return std::optional<StoredEventRow>(std::move(*sample));
  if (sample.error().reason == Reason::kNotFound) return std::optional<StoredEventRow>();
  return Fail(sample.error());
}

}  // namespace

// {"markdown": "..."}
Answer GetIssueMarkdown(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto row = NewestEvent(call, *found);
  if (!row) return Fail(row.error());
  auto tags = ReadTagKeys(call.session, found->scope, found->issue.id, {}, 1);
  if (!tags) return Fail(tags.error());
  auto organization_url = call.public_url + "/organizations/" + found->scope.OrganizationSlug();
  IssueView view{
      found->issue, found->project, organization_url, found->issue.times_seen, {}, {}, {}};
  MarkdownParts parts{view, nullptr, {}, std::move(*tags)};
  std::optional<Event> event;
  if (*row) {
    auto decoded = DecodeStored(call, **row);
    if (!decoded) return Fail(decoded.error());
    event = std::move(*decoded);
    parts.event = &*event;
    parts.event_id = ToHex((*row)->id);
  }
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("markdown", IssueMarkdown(parts)).EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

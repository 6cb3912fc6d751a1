// Who follows an issue, and the issue as whoever has its shared address sees it.
#include "api/issue_shape.h"
#include "api/resources.h"
#include "api/short_id.h"
#include "api/triage/resources.h"
#include "api/triage/triage_shape.h"
#include "storage/organization_store.h"
#include "storage/triage/triage_facts.h"

namespace mishap {

Answer ListParticipants(ApiCall& call) {
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto people = ReadParticipants(call.session, found->scope, found->issue.id);
  if (!people) return Fail(people.error());
  auto page = PageOf(call, people->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) WritePerson((*people)[i], json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, people->size());
}

// No token: whoever has the address may see what stands here, and nothing else of the organization.
Answer GetSharedIssue(ApiCall& call) {
  auto share = ParseHex128(call.path.Get("share"));
  if (!share) return NotFound();
  auto organization = FindOrganization(call.session, call.path.Get("o"));
  if (!organization) return Fail(organization.error());
  auto id = FindSharedIssue(call.session, HexOf(*share), organization->id);
  if (!id) return Fail(id.error());
  if (!*id) return NotFound();
  Scope scope(organization->id, organization->slug, {}, {ProjectOf(**id)}, {});
  auto issue = ReadIssue(call.session, scope, **id);
  if (!issue) return Fail(issue.error());
  auto projects = ReadProjects(call.session, scope);
  if (!projects) return Fail(projects.error());
  if (projects->empty()) return NotFound();
  const auto& project = projects->front();
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("id", std::to_string(issue->id.value)).Field("shareId", HexOf(*share));
  json.Field("shortId", FormatShortId(project.slug, ShortNumberOf(issue->id)));
  json.Field("title", issue->title).Field("culprit", issue->culprit);
  json.Field("permalink", call.public_url + "/share/issue/" + HexOf(*share) + "/");
  json.Field("level", LevelText(issue->level)).Field("isPublic", true);
  json.Field("isUnhandled", issue->is_unhandled).Field("issueCategory", "error");
  json.Field("firstSeen", issue->first_seen).Field("lastSeen", issue->last_seen);
  json.Field("count", std::to_string(issue->times_seen)).Key("project").BeginObject();
  json.Field("slug", project.slug).Field("name", project.name).Key("organization").BeginObject();
  json.Field("slug", organization->slug).Field("name", organization->name);
  json.EndObject().EndObject().EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

// From an event id or a short id alone to its issue (web-api 2.2).
#include "api/event_page.h"
#include "api/issue_resource.h"
#include "api/resources.h"
#include "api/short_id.h"

namespace mishap {
namespace {

const ProjectRow* ProjectWithId(const std::vector<ProjectRow>& projects, ProjectId id) {
  for (const auto& project : projects) {
    if (project.id == id) return &project;
  }
  return nullptr;
}

}  // namespace

Answer FindEventId(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto id = ParseId128<EventId>(call.path.Get("e"));
  if (!id) {
    return BadRequest(
        "Event IDs should be 32 characters long and only contain hexadecimal digits.");
  }
  auto row = ReadEvent(call.session, *scope, *id);
  if (!row) return Fail(row.error());
  auto projects = ReadProjects(call.session, *scope);
  if (!projects) return Fail(projects.error());
  const auto* project = ProjectWithId(*projects, row->project);
  if (!project) return NotFound();
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("organizationSlug", scope->OrganizationSlug());
  json.Field("projectSlug", project->slug).Field("groupId", std::to_string(row->issue.value));
  json.Field("eventId", ToHex(row->id)).Key("event");
  if (auto ok = WriteEventObject(call, *scope, *row, json); !ok) return Fail(ok.error());
  json.EndObject();
  return RespondJson(200, std::move(body));
}

Answer FindShortIdOfOrganization(ApiCall& call) {
  call.path.Set("i", call.path.Get("short"));
  if (ParseDigits(call.path.Get("short"))) return NotFound();
  auto found = IssueFromPath(call);
  if (!found) return Fail(found.error());
  auto issue = RespondIssue(call, *found);
  if (!issue) return Fail(issue.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("organizationSlug", found->scope.OrganizationSlug());
  json.Field("projectSlug", found->project.slug);
  json.Field("groupId", std::to_string(found->issue.id.value)).Key("group").Raw(issue->body);
  json.Field("shortId", FormatShortId(found->project.slug, ShortNumberOf(found->issue.id)));
  json.EndObject();
  return RespondJson(200, std::move(body));
}

}  // namespace mishap

// Events of a project (web-api 2.9).
#include "api/event_page.h"
#include "api/resources.h"

namespace mishap {

Result<ProjectEventOnPath> EventOfProjectFromPath(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto id = EventIdFromPath(call);
  if (!id) return Fail(id.error());
  auto row = ReadEvent(call.session, found->scope, *id);
  if (!row) return Fail(row.error());
  return ProjectEventOnPath{std::move(found->scope), std::move(found->project), std::move(*row)};
}

Answer ListProjectEvents(ApiCall& call) {
  auto found = ProjectFromPath(call);
  if (!found) return Fail(found.error());
  auto search = EventSearch(call, {found->project}, found->scope);
  if (!search) return Fail(search.error());
  EventFilter filter;
  filter.search = std::move(*search);
  return RespondEvents(call, found->scope, std::move(filter));
}

Answer GetProjectEvent(ApiCall& call) {
  auto found = EventOfProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondEvent(call, found->scope, found->row);
}

Answer GetProjectEventJson(ApiCall& call) {
  auto found = EventOfProjectFromPath(call);
  if (!found) return Fail(found.error());
  return RespondEventJson(call, found->row);
}

// {pe} is "web:<event id>".
Answer GetOrganizationEvent(ApiCall& call) {
  const auto& both = call.path.Get("pe");
  auto colon = both.rfind(':');
  if (colon == std::string::npos) return NotFound();
  call.path.Set("p", both.substr(0, colon));
  call.path.Set("e", both.substr(colon + 1));
  return GetProjectEvent(call);
}

}  // namespace mishap

#include "api/call.h"

#include <algorithm>
#include <utility>

#include "api/route_permissions.h"
#include "api/short_id.h"
#include "base/bytes.h"
#include "storage/project/project_change.h"

namespace mishap {
namespace {

// Documents that were accepted fit in this when unpacked.
constexpr std::size_t kEventJsonBytesMax = 64u << 20;

bool IsNamed(const ProjectRow& project, std::string_view name) {
  auto id = ParseDigits(name);
  return id ? project.id.value == *id : EqualsIgnoreCase(project.slug, name);
}

Result<IssueOnPath> LoadIssue(const ApiCall& call, const Scope& scope, IssueId id,
                              const std::vector<ProjectRow>& projects) {
  auto issue = ReadIssue(call.session, scope, id);
  if (!issue) return Fail(issue.error());
  for (const auto& project : projects) {
    if (project.id == issue->project) {
      return IssueOnPath{scope.Narrowed({project.id}), project, std::move(*issue)};
    }
  }
  return NotFound();
}

bool IsSlugLike(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  });
}

}  // namespace

Result<Scope> OrganizationScope(const ApiCall& call) {
  const auto& name = call.path.Get("o");
  auto id = ParseDigits(name);
  for (const auto& scope : call.caller.scopes) {
    if (id ? scope.Organization().value == *id : EqualsIgnoreCase(scope.OrganizationSlug(), name)) {
      if (!RoutePermissions(call.permissions).AllowedBy(scope)) {
        return Fail(Reason::kPermissionDenied, "");
      }
      return scope;
    }
  }
  return NotFound();
}

AuditBy AuditByOf(const ApiCall& call) {
  AuditBy by;
  by.actor = call.caller.kind + " token " + call.caller.name;
  if (call.caller.user) {
    by.user = call.caller.user->id;
    by.actor = call.caller.user->email;
  }
  by.ip = call.front.client_ip(call.request);
  by.at = call.now;
  return by;
}

Result<ProjectOnPath> ProjectFromPath(const ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = ReadProjects(call.session, *scope);
  if (!projects) return Fail(projects.error());
  for (auto& project : *projects) {
    if (IsNamed(project, call.path.Get("p"))) {
      return ProjectOnPath{scope->Narrowed({project.id}), std::move(project)};
    }
  }
  // A slug it had before: links and the tools of SDKs outlive a new name.
  auto renamed = ProjectOfOldSlug(call.session, *scope, call.path.Get("p"));
  if (!renamed) return Fail(renamed.error());
  for (auto& project : *projects) {
    if (project.id == *renamed) {
      return ProjectOnPath{scope->Narrowed({project.id}), std::move(project)};
    }
  }
  return NotFound();
}

Result<std::vector<ProjectRow>> SelectedProjects(const ApiCall& call, const Scope& scope) {
  auto projects = ReadProjects(call.session, scope);
  if (!projects) return Fail(projects.error());
  auto wanted = call.query.All("project");
  for (auto& slug : call.query.All("projectSlug")) wanted.push_back(std::move(slug));
  std::erase(wanted, "");
  if (wanted.empty() || std::find(wanted.begin(), wanted.end(), "-1") != wanted.end()) {
    return projects;
  }
  std::vector<ProjectRow> out;
  for (const auto& name : wanted) {
    if (!IsSlugLike(name)) {
      return BadRequest("Invalid project parameter. Values must be numbers or slugs.");
    }
    auto found = std::find_if(projects->begin(), projects->end(),
                              [&](const ProjectRow& project) { return IsNamed(project, name); });
    if (found == projects->end()) return Fail(Reason::kPermissionDenied, "");
    out.push_back(*found);
  }
  return out;
}

Scope NarrowedTo(const Scope& scope, const std::vector<ProjectRow>& projects) {
  std::vector<ProjectId> ids;
  ids.reserve(projects.size());
  for (const auto& project : projects) ids.push_back(project.id);
  return scope.Narrowed(ids);
}

std::optional<IssueId> FindShortId(const std::vector<ProjectRow>& projects, std::string_view text) {
  auto short_id = ParseShortId(text);
  if (!short_id) return std::nullopt;
  for (const auto& project : projects) {
    if (project.slug == short_id->project_slug) return MakeIssueId(project.id, short_id->number);
  }
  return std::nullopt;
}

Result<IssueOnPath> IssueFromPath(const ApiCall& call) {
  const auto& name = call.path.Get("i");
  auto digits = ParseDigits(name);
  if (!call.path.Has("o")) {
    if (!digits) return NotFound();
    for (const auto& scope : call.caller.scopes) {
      if (!scope.Sees(ProjectOf(IssueId{*digits}))) continue;
      if (!RoutePermissions(call.permissions).AllowedBy(scope)) {
        return Fail(Reason::kPermissionDenied, "");
      }
      auto projects = ReadProjects(call.session, scope);
      if (!projects) return Fail(projects.error());
      return LoadIssue(call, scope, IssueId{*digits}, *projects);
    }
    return NotFound();
  }
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto projects = ReadProjects(call.session, *scope);
  if (!projects) return Fail(projects.error());
  auto id = digits ? std::optional<IssueId>(IssueId{*digits}) : FindShortId(*projects, name);
  if (!id) return NotFound();
  return LoadIssue(call, *scope, *id, *projects);
}

Result<Event> DecodeStored(const ApiCall& call, const StoredEventRow& row) {
  auto json = call.codec.Decompress(row.payload, kEventJsonBytesMax);
  if (!json) return Fail(json.error());
  auto event = call.reader.Read(*json);
  if (!event) {
    return Fail(Reason::kInternal, "stored event " + ToHex(row.id) + " of project " +
                                       std::to_string(row.project.value) +
                                       " cannot be read: " + event.error().detail);
  }
  return event;
}

std::vector<std::string> Environments(const ApiCall& call) {
  return call.query.All("environment");
}

}  // namespace mishap

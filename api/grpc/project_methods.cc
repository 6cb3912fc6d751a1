// ListProjects, GetProject, UpdateProject.
#include <algorithm>

#include "api/grpc/resource_message.h"
#include "api/grpc/rpc_methods.h"
#include "api/grpc/update_json.h"
#include "api/project/project_settings.h"
#include "api/resources.h"
#include "api/route_permissions.h"
#include "base/bytes.h"

namespace mishap {
namespace {

constexpr std::string_view kProject = "organizations/{o}/projects/{p}";
constexpr std::string_view kAnyOrganization = "-";

const ProtoMessageType& ProjectType() {
  static const auto& type = ContractType("mishap.v1.Project");
  return type;
}

const std::vector<UpdatableField>& Updatable() {
  static const std::vector<UpdatableField> kFields = {
      {"slug"}, {"display_name", "name"}, {"platform"}, {"settings", "", true}};
  return kFields;
}

struct ListedProject {
  std::string name;  // orders the list; pages go on behind it
  ProjectRow project;
  std::string organization;
};

tl::expected<void, GrpcStatus> AddProjects(RpcCall& call, const Scope& scope,
                                           std::vector<ListedProject>& out) {
  auto rows = ReadProjects(call.api.session, scope);
  if (!rows) return FailRpc(rows.error());
  const auto query = ToLowerAscii(call.request.Text("filter"));
  for (auto& row : *rows) {
    if (!query.empty() && !FitsProjectQuery(row, query)) continue;
    out.push_back(
        {scope.OrganizationSlug() + "/" + row.slug, std::move(row), scope.OrganizationSlug()});
  }
  return {};
}

// Of one organization, or ("-") of all that the caller may list.
tl::expected<std::vector<ListedProject>, GrpcStatus> ProjectsOf(RpcCall& call) {
  auto parent = TakeName(call, "parent", call.request.Text("parent"), {"organizations/{o}"});
  if (!parent) return tl::unexpected(parent.error());
  std::vector<ListedProject> out;
  if (call.api.path.Get("o") != kAnyOrganization) {
    UseRoute(call.api, "GET", "organizations/{o}/projects/");
    auto scope = OrganizationScope(call.api);
    if (!scope) return FailRpc(scope.error());
    if (auto ok = AddProjects(call, *scope, out); !ok) return tl::unexpected(ok.error());
  } else {
    UseRoute(call.api, "GET", "projects/");
    bool allowed = false;
    for (const auto& scope : call.api.caller.scopes) {
      if (!RoutePermissions(call.api.permissions).AllowedBy(scope)) continue;
      allowed = true;
      if (auto ok = AddProjects(call, scope, out); !ok) return tl::unexpected(ok.error());
    }
    if (!allowed) return FailRpc({Reason::kPermissionDenied, ""});
  }
  std::sort(out.begin(), out.end(),
            [](const ListedProject& a, const ListedProject& b) { return a.name < b.name; });
  return out;
}

RpcAnswer OneProject(RpcCall& call, const ProjectOnPath& found, const FieldMask& mask) {
  std::optional<std::string> settings;
  if (mask.Wants("settings")) {
    auto stored = ReadSettingsJson(call.api.session, found.scope, found.project.id);
    if (!stored) return FailRpc(stored.error());
    settings = std::move(*stored);
  }
  return mask.Filter(ProjectMessage(found.project, found.scope.OrganizationSlug(), settings));
}

// The project again, whatever its slug is now.
tl::expected<void, GrpcStatus> Reread(RpcCall& call, ProjectOnPath& found) {
  auto rows = ReadProjects(call.api.session, found.scope);
  if (!rows) return FailRpc(rows.error());
  if (rows->empty()) return FailRpc({Reason::kNotFound, ""});
  found.project = std::move(rows->front());
  return {};
}

}  // namespace

RpcAnswer RpcListProjects(RpcCall& call) {
  auto mask = ReadMask(call, ProjectType(), FieldMask::Without({"settings"}, ProjectType()));
  if (!mask) return tl::unexpected(mask.error());
  auto token = TakePage(call);
  if (!token) return tl::unexpected(token.error());
  auto order = TakeOrder(call, {{"name", "name"}});
  if (!order) return tl::unexpected(order.error());
  auto size = ParsePageSize(call.api.query);
  if (!size) return RefuseField("page_size", size.error());
  auto projects = ProjectsOf(call);
  if (!projects) return tl::unexpected(projects.error());
  auto begin = projects->begin();
  if (*token) {
    begin = std::find_if(begin, projects->end(),
                         [&](const ListedProject& row) { return row.name > (*token)->text; });
  }
  std::string response;
  MessageWriter out(*call.method.response, response);
  const auto end = begin + std::min<std::ptrdiff_t>(*size, projects->end() - begin);
  for (auto row = begin; row != end; ++row) {
    out.Message("projects",
                mask->Filter(ProjectMessage(row->project, row->organization, std::nullopt)));
  }
  if (end != projects->end()) {
    out.Text("next_page_token", NextPageToken(call, {0, 0, std::prev(end)->name}));
  }
  return response;
}

RpcAnswer RpcGetProject(RpcCall& call) {
  auto mask = ReadMask(call, ProjectType());
  if (!mask) return tl::unexpected(mask.error());
  if (auto name = TakeName(call, "name", call.request.Text("name"), {kProject}); !name) {
    return tl::unexpected(name.error());
  }
  UseRoute(call.api, "GET", "projects/{o}/{p}/");
  auto found = ProjectFromPath(call.api);
  if (!found) return FailRpc(found.error());
  return OneProject(call, *found, *mask);
}

RpcAnswer RpcUpdateProject(RpcCall& call) {
  const auto bytes = call.request.Message("project").value_or("");
  const MessageView project(ProjectType(), bytes);
  auto read_mask = ReadMask(call, ProjectType());
  if (!read_mask) return tl::unexpected(read_mask.error());
  if (auto name = TakeName(call, "project.name", project.Text("name"), {kProject}); !name) {
    return tl::unexpected(name.error());
  }
  UseRoute(call.api, "PUT", "projects/{o}/{p}/");
  auto found = ProjectFromPath(call.api);
  if (!found) return FailRpc(found.error());
  auto mask = UpdateMaskOf(call.request.Message("update_mask").value_or(""), project, Updatable());
  if (!mask) return tl::unexpected(mask.error());
  auto body = UpdateJson(project, "project", *mask, Updatable());
  if (!body) return tl::unexpected(body.error());
  auto change = ParseProjectChange(*body);
  if (!change) return RefuseAs(change.error(), ProjectType(), "project");
  if (auto wanted = CheckWanted(call); !wanted) return tl::unexpected(wanted.error());
  auto changed = ChangeProject(call.api.session, AuditByOf(call.api), found->scope,
                               found->project.id, *change);
  if (!changed) return FailRpc(changed.error());
  if (auto ok = Reread(call, *found); !ok) return tl::unexpected(ok.error());
  return OneProject(call, *found, *read_mask);
}

}  // namespace mishap

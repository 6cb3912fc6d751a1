// ListIssues, GetIssue, UpdateIssue.
#include "api/grpc/resource_message.h"
#include "api/grpc/rpc_methods.h"
#include "api/grpc/update_json.h"
#include "api/issue_query.h"
#include "api/triage/change_of_update.h"
#include "api/triage/update_body.h"

namespace mishap {
namespace {

constexpr std::string_view kIssue = "organizations/{o}/issues/{i}";

const ProtoMessageType& IssueType() {
  static const auto& type = ContractType("mishap.v1.Issue");
  return type;
}

const std::vector<UpdatableField>& Updatable() {
  static const std::vector<UpdatableField> kFields = {
      {"status"},         {"substatus", "", false, true},
      {"status_details"}, {"priority"},
      {"assigned_to"},    {"is_bookmarked"},
      {"is_subscribed"},  {"has_seen"},
      {"is_public"},      {"inbox"}};
  return kFields;
}

tl::expected<std::vector<std::string>, GrpcStatus> MessagesOf(
    RpcCall& call, const Scope& scope, const std::vector<ProjectRow>& projects,
    const std::vector<IssueRow>& issues) {
  std::vector<IssueId> ids;
  ids.reserve(issues.size());
  for (const auto& issue : issues) ids.push_back(issue.id);
  auto facts = ReadTriageFacts(call.api.session, scope, ids);
  if (!facts) return FailRpc(facts.error());
  std::vector<std::string> out;
  out.reserve(issues.size());
  for (const auto& issue : issues) {
    for (const auto& project : projects) {
      if (project.id != issue.project) continue;
      out.push_back(IssueMessage(issue, project, (*facts)[issue.id], scope.OrganizationSlug(),
                                 call.api.public_url));
    }
  }
  return out;
}

RpcAnswer OneIssue(RpcCall& call, const IssueOnPath& found, const FieldMask& mask) {
  auto messages = MessagesOf(call, found.scope, {found.project}, {found.issue});
  if (!messages) return tl::unexpected(messages.error());
  return mask.Filter(messages->at(0));
}

// Which issues: those of the parent that the filter finds, or the one a filter is the id of.
tl::expected<IssueQuery, GrpcStatus> QueryOf(RpcCall& call) {
  auto parent = TakeName(call, "parent", call.request.Text("parent"),
                         {"organizations/{o}", "organizations/{o}/projects/{p}"});
  if (!parent) return tl::unexpected(parent.error());
  const bool of_project = *parent == 1;
  UseRoute(call.api, "GET", of_project ? "projects/{o}/{p}/issues/" : "organizations/{o}/issues/");
  auto query = of_project ? IssueQueryOfProject(call.api) : IssueQueryOfOrganization(call.api);
  if (!query) return RefuseFilter(query.error());
  return std::move(*query);
}

struct Found {
  std::vector<IssueRow> issues;
  std::string next_page_token;
};

tl::expected<Found, GrpcStatus> FindIssues(RpcCall& call, const IssueQuery& query) {
  Found out;
  auto hit = FindDirectHit(call.api, query);
  if (!hit) return FailRpc(hit.error());
  if (*hit) {
    auto issue = ReadIssue(call.api.session, query.scope, (*hit)->issue);
    if (!issue) return FailRpc(issue.error());
    out.issues.push_back(std::move(*issue));
    return out;
  }
  auto page = LoadIssuePage(call.api, query);
  if (!page) return RefuseFilter(page.error());
  out.issues.reserve(page->list.rows.size());
  for (auto& row : page->list.rows) out.issues.push_back(std::move(row.issue));
  out.next_page_token = NextPageToken(call, page->links);
  return out;
}

}  // namespace

RpcAnswer RpcListIssues(RpcCall& call) {
  auto mask = ReadMask(call, IssueType());
  if (!mask) return tl::unexpected(mask.error());
  for (auto take : {&TakeCursor, &TakeSelection}) {
    if (auto ok = take(call); !ok) return tl::unexpected(ok.error());
  }
  auto order = TakeOrder(call, {{"last_seen desc", "date"},
                                {"first_seen desc", "new"},
                                {"times_seen desc", "freq"},
                                {"user_count desc", "user"},
                                {"trends desc", "trends"},
                                {"recommended desc", "recommended"},
                                {"inbox desc", "inbox"}});
  if (!order) return tl::unexpected(order.error());
  auto query = QueryOf(call);
  if (!query) return tl::unexpected(query.error());
  auto found = FindIssues(call, *query);
  if (!found) return tl::unexpected(found.error());
  if (auto wanted = CheckWanted(call); !wanted) return tl::unexpected(wanted.error());
  auto messages = MessagesOf(call, query->scope, query->projects, found->issues);
  if (!messages) return tl::unexpected(messages.error());
  std::string response;
  MessageWriter out(*call.method.response, response);
  for (const auto& message : *messages) out.Message("issues", mask->Filter(message));
  out.Text("next_page_token", found->next_page_token);
  return response;
}

RpcAnswer RpcGetIssue(RpcCall& call) {
  auto mask = ReadMask(call, IssueType());
  if (!mask) return tl::unexpected(mask.error());
  if (auto name = TakeName(call, "name", call.request.Text("name"), {kIssue}); !name) {
    return tl::unexpected(name.error());
  }
  UseRoute(call.api, "GET", "organizations/{o}/issues/{i}/");
  auto found = IssueFromPath(call.api);
  if (!found) return FailRpc(found.error());
  return OneIssue(call, *found, *mask);
}

RpcAnswer RpcUpdateIssue(RpcCall& call) {
  const auto bytes = call.request.Message("issue").value_or("");
  const MessageView issue(IssueType(), bytes);
  auto read_mask = ReadMask(call, IssueType());
  if (!read_mask) return tl::unexpected(read_mask.error());
  if (auto name = TakeName(call, "issue.name", issue.Text("name"), {kIssue}); !name) {
    return tl::unexpected(name.error());
  }
  UseRoute(call.api, "PUT", "organizations/{o}/issues/{i}/");
  auto found = IssueFromPath(call.api);
  if (!found) return FailRpc(found.error());
  auto mask = UpdateMaskOf(call.request.Message("update_mask").value_or(""), issue, Updatable());
  if (!mask) return tl::unexpected(mask.error());
  if (mask->Wants("status_details") && !mask->Wants("status")) {
    return RefuseField("issue.status_details", "goes together with status: name both");
  }
  auto body = UpdateJson(issue, "issue", *mask, Updatable());
  if (!body) return tl::unexpected(body.error());
  auto update = ParseIssueUpdate(*body);
  if (!update) return RefuseAs(update.error(), IssueType(), "issue");
  if (auto wanted = CheckWanted(call); !wanted) return tl::unexpected(wanted.error());
  auto refused = UpdateOneIssue(call.api, *found, *update);
  if (!refused) return FailRpc(refused.error());
  if (*refused) return RefuseAs(**refused, IssueType(), "issue");
  return OneIssue(call, *found, *read_mask);
}

}  // namespace mishap

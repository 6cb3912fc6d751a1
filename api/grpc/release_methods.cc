// ListReleases, GetRelease, UpdateRelease.
#include <algorithm>

#include "api/grpc/resource_message.h"
#include "api/grpc/rpc_methods.h"
#include "api/grpc/update_json.h"
#include "api/release/release_body.h"
#include "api/release/release_scope.h"

namespace mishap {
namespace {

constexpr std::string_view kInOrganization = "organizations/{o}/releases/{v}";
constexpr std::string_view kInProject = "organizations/{o}/projects/{p}/releases/{v}";

const ProtoMessageType& ReleaseType() {
  static const auto& type = ContractType("mishap.v1.Release");
  return type;
}

const std::vector<UpdatableField>& Updatable() {
  static const std::vector<UpdatableField> kFields = {
      {"status"}, {"ref"}, {"url"}, {"date_started"}, {"date_released"}};
  return kFields;
}

struct ReleaseOnName {
  ReleaseScope where;
  ReleaseDetail release;
};

tl::expected<ReleaseOnName, GrpcStatus> ReleaseOf(RpcCall& call, std::string_view field,
                                                  std::string_view text,
                                                  std::string_view http_method) {
  auto name = TakeName(call, field, text, {kInOrganization, kInProject});
  if (!name) return tl::unexpected(name.error());
  UseRoute(call.api, http_method,
           *name == 0 ? "organizations/{o}/releases/{v}/" : "projects/{o}/{p}/releases/{v}/");
  auto where = ReleaseScopeFromPath(call.api);
  if (!where) return FailRpc(where.error());
  auto release = FindRelease(call.api.session, where->scope, call.api.path.Get("v"));
  if (!release) return FailRpc(release.error());
  return ReleaseOnName{std::move(*where), std::move(*release)};
}

// A page begins behind the last release of the one before, wherever that is now.
// A token is the caller's word: whatever it says, the position is a time PostgreSQL can write.
ReleasePosition PositionOf(const PageToken& token) {
  constexpr std::int64_t kYear10000 = 253'402'300'800LL * kMicrosPerSecond;
  return {{std::clamp<std::int64_t>(token.value, 0, kYear10000 - 1)},
          ParseDigits(token.text).value_or(0)};
}

tl::expected<ReleaseListFilter, GrpcStatus> FilterOf(RpcCall& call) {
  auto token = TakePage(call);
  if (!token) return tl::unexpected(token.error());
  call.api.query.Add("query", std::string(call.request.Text("filter")));
  for (auto name : call.request.Texts("environments")) {
    call.api.query.Add("environment", std::string(name));
  }
  if (const auto status = call.request.Int("status"); status != 0) {
    auto word = EnumWord(*call.request.Type().Find("status")->enumeration, status);
    if (word.empty()) return RefuseField("status", "is no value of the contract");
    call.api.query.Add("status", std::move(word));
  }
  auto order =
      TakeOrder(call, {{"date desc", "date"}, {"semver desc", "semver"}, {"build desc", "build"}});
  if (!order) return tl::unexpected(order.error());
  auto filter = ReleaseFilterOf(call.api);
  if (!filter) return RefuseField("filter", filter.error());
  if (*token) {
    filter->offset = (*token)->offset;
    filter->after = PositionOf(**token);
  }
  return std::move(*filter);
}

}  // namespace

RpcAnswer RpcListReleases(RpcCall& call) {
  auto mask = ReadMask(call, ReleaseType());
  if (!mask) return tl::unexpected(mask.error());
  auto filter = FilterOf(call);
  if (!filter) return tl::unexpected(filter.error());
  auto parent = TakeName(call, "parent", call.request.Text("parent"),
                         {"organizations/{o}", "organizations/{o}/projects/{p}"});
  if (!parent) return tl::unexpected(parent.error());
  UseRoute(call.api, "GET",
           *parent == 0 ? "organizations/{o}/releases/" : "projects/{o}/{p}/releases/");
  auto where = ReleaseScopeFromPath(call.api);
  if (!where) return FailRpc(where.error());
  auto page = ListReleases(call.api.session, where->scope, *filter);
  if (!page) return FailRpc(page.error());
  std::string response;
  MessageWriter out(*call.method.response, response);
  for (const auto& release : page->rows) {
    out.Message("releases", mask->Filter(ReleaseMessage(release, where->scope.OrganizationSlug())));
  }
  if (page->more) {
    const auto& last = page->rows.back();
    const auto listed_at = last.released_at.value_or(last.created_at);
    out.Text("next_page_token",
             NextPageToken(call, {listed_at.micros, filter->offset + filter->limit,
                                  std::to_string(last.id)}));
  }
  return response;
}

RpcAnswer RpcGetRelease(RpcCall& call) {
  auto mask = ReadMask(call, ReleaseType());
  if (!mask) return tl::unexpected(mask.error());
  auto found = ReleaseOf(call, "name", call.request.Text("name"), "GET");
  if (!found) return tl::unexpected(found.error());
  return mask->Filter(ReleaseMessage(found->release, found->where.scope.OrganizationSlug()));
}

RpcAnswer RpcUpdateRelease(RpcCall& call) {
  const auto bytes = call.request.Message("release").value_or("");
  const MessageView release(ReleaseType(), bytes);
  auto read_mask = ReadMask(call, ReleaseType());
  if (!read_mask) return tl::unexpected(read_mask.error());
  auto found = ReleaseOf(call, "release.name", release.Text("name"), "PUT");
  if (!found) return tl::unexpected(found.error());
  auto mask = UpdateMaskOf(call.request.Message("update_mask").value_or(""), release, Updatable());
  if (!mask) return tl::unexpected(mask.error());
  auto json = UpdateJson(release, "release", *mask, Updatable());
  if (!json) return tl::unexpected(json.error());
  auto body = ParseReleaseBody(*json, false);
  if (!body) return RefuseAs(body.error(), ReleaseType(), "release");
  if (auto wanted = CheckWanted(call); !wanted) return tl::unexpected(wanted.error());
  const auto& scope = found->where.scope;
  auto saved = SaveRelease(call.api.session, AuditByOf(call.api), scope, found->release.version, {},
                           body->change);
  if (!saved) return FailRpc(saved.error());
  auto after = FindRelease(call.api.session, scope, found->release.version);
  if (!after) return FailRpc(after.error());
  return read_mask->Filter(ReleaseMessage(*after, scope.OrganizationSlug()));
}

}  // namespace mishap

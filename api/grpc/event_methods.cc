// ListEvents, GetEvent.
#include "api/event_page.h"
#include "api/grpc/resource_message.h"
#include "api/grpc/rpc_methods.h"

namespace mishap {
namespace {

constexpr std::string_view kOfProject = "organizations/{o}/projects/{p}";
constexpr std::string_view kOfIssue = "organizations/{o}/issues/{i}";

const ProtoMessageType& EventType() {
  static const auto& type = ContractType("mishap.v1.StoredEvent");
  return type;
}

struct EventParent {
  Scope scope;
  ProjectRow project;
  std::optional<IssueId> issue;
};

tl::expected<EventParent, GrpcStatus> ParentOf(RpcCall& call) {
  auto parent = TakeName(call, "parent", call.request.Text("parent"), {kOfProject, kOfIssue});
  if (!parent) return tl::unexpected(parent.error());
  if (*parent == 0) {
    UseRoute(call.api, "GET", "projects/{o}/{p}/events/");
    auto found = ProjectFromPath(call.api);
    if (!found) return FailRpc(found.error());
    return EventParent{std::move(found->scope), std::move(found->project), std::nullopt};
  }
  UseRoute(call.api, "GET", "organizations/{o}/issues/{i}/events/");
  auto found = IssueFromPath(call.api);
  if (!found) return FailRpc(found.error());
  return EventParent{std::move(found->scope), std::move(found->project), found->issue.id};
}

struct EventParts {
  const Scope& scope;
  const ProjectRow& project;
  const FieldMask& mask;
  bool with_neighbours = false;
};

RpcAnswer OneEvent(RpcCall& call, const StoredEventRow& row, const EventParts& of) {
  auto event = DecodeStored(call.api, row);
  if (!event) return FailRpc(event.error());
  EventMessageParts parts{row, of.scope.OrganizationSlug(), of.project.slug, {}, {}};
  if (of.mask.Wants("event_json")) {
    auto text = call.api.codec.Decompress(row.payload, kStoredJsonBytesMax);
    if (!text) return FailRpc(text.error());
    parts.event_json = std::move(*text);
  }
  if (of.with_neighbours && (of.mask.Wants("previous_event") || of.mask.Wants("next_event"))) {
    auto neighbours = ReadNeighbours(call.api.session, of.scope, row, {});
    if (!neighbours) return FailRpc(neighbours.error());
    parts.neighbours = *neighbours;
  }
  return of.mask.Filter(EventMessage(*event, parts));
}

// Messages until the page is full; what does not fit is for the next one.
tl::expected<std::vector<std::string>, GrpcStatus> MessagesOf(
    RpcCall& call, const std::vector<StoredEventRow>& rows, const EventParts& parts) {
  std::vector<std::string> out;
  out.reserve(rows.size());
  std::size_t bytes = 0;
  for (const auto& row : rows) {
    if (auto wanted = CheckWanted(call); !wanted) return tl::unexpected(wanted.error());
    auto message = OneEvent(call, row, parts);
    if (!message) return tl::unexpected(message.error());
    bytes += message->size();
    if (bytes > kQueryPageBytesMax && !out.empty()) break;
    out.push_back(std::move(*message));
  }
  return out;
}

// Where the next page begins, if this one ends after `shown` of its rows.
PageLinks LinksAfter(const RpcCall& call, EventPage& page, std::size_t shown) {
  if (shown == page.rows.size()) return page.links;
  page.rows.resize(shown);
  const auto cursor = ParseCursor(call.api.query);
  return EventLinks(page.rows, cursor ? *cursor : std::nullopt, true);
}

}  // namespace

RpcAnswer RpcListEvents(RpcCall& call) {
  auto mask = ReadMask(call, EventType(), FieldMask::Without({"event_json"}, EventType()));
  if (!mask) return tl::unexpected(mask.error());
  for (auto take : {&TakeCursor, &TakeSelection}) {
    if (auto ok = take(call); !ok) return tl::unexpected(ok.error());
  }
  auto order = TakeOrder(call, {{"received_at desc", "-timestamp"}, {"received_at", "timestamp"}});
  if (!order) return tl::unexpected(order.error());
  auto parent = ParentOf(call);
  if (!parent) return tl::unexpected(parent.error());
  auto search = EventSearch(call.api, {parent->project}, parent->scope);
  if (!search) return RefuseFilter(search.error());
  EventFilter filter;
  filter.issue = parent->issue;
  filter.search = std::move(*search);
  auto page = LoadEventPage(call.api, parent->scope, std::move(filter));
  if (!page) return RefuseFilter(page.error());
  auto messages = MessagesOf(call, page->rows, {parent->scope, parent->project, *mask});
  if (!messages) return tl::unexpected(messages.error());
  std::string response;
  MessageWriter out(*call.method.response, response);
  for (const auto& message : *messages) out.Message("events", message);
  out.Text("next_page_token", NextPageToken(call, LinksAfter(call, *page, messages->size())));
  return response;
}

RpcAnswer RpcGetEvent(RpcCall& call) {
  auto mask = ReadMask(call, EventType());
  if (!mask) return tl::unexpected(mask.error());
  auto name = TakeName(
      call, "name", call.request.Text("name"),
      {"organizations/{o}/projects/{p}/events/{e}", "organizations/{o}/issues/{i}/events/{e}"});
  if (!name) return tl::unexpected(name.error());
  if (*name == 0) {
    UseRoute(call.api, "GET", "projects/{o}/{p}/events/{e}/");
    auto found = EventOfProjectFromPath(call.api);
    if (!found) return FailRpc(found.error());
    return OneEvent(call, found->row, {found->scope, found->project, *mask, true});
  }
  UseRoute(call.api, "GET", "organizations/{o}/issues/{i}/events/{e}/");
  auto found = IssueFromPath(call.api);
  if (!found) return FailRpc(found.error());
  auto row = EventOfIssueFromPath(call.api, *found);
  if (!row) return FailRpc(row.error());
  return OneEvent(call, *row, {found->scope, found->project, *mask, true});
}

}  // namespace mishap

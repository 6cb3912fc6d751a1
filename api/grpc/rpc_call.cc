#include "api/grpc/rpc_call.h"

#include <algorithm>
#include <cassert>

#include "api/grpc/resource_name.h"
#include "api/routes.h"
#include "api/time_window.h"
#include "base/bytes.h"
#include "net/grpc/grpc_code.h"

namespace mishap {
namespace {

constexpr std::string_view kPageFields[] = {"page_size", "page_token", "read_mask"};

// Everything that must stay the same from page to page.
std::string QueryOf(const RpcCall& call) {
  std::string out = call.method.name;
  for (const auto& field : call.request.Type().fields) {
    if (std::find(std::begin(kPageFields), std::end(kPageFields), field.name) !=
        std::end(kPageFields)) {
      continue;
    }
    if (!call.request.Has(field.name)) continue;
    out += "\n" + field.name;
    if (field.kind == ProtoFieldType::Kind::kInt || field.kind == ProtoFieldType::Kind::kEnum) {
      out += " " + std::to_string(call.request.Int(field.name));
      continue;
    }
    for (auto text : call.request.Texts(field.name)) {
      out += " " + std::to_string(text.size()) + ":" + std::string(text);
    }
  }
  return out;
}

// "  last_seen   DESC " -> "last_seen desc"
std::string NormalOrder(std::string_view text) {
  std::string out;
  for (char c : ToLowerAscii(TrimAscii(text))) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && out.ends_with(' ')) continue;
    out.push_back(blank ? ' ' : c);
  }
  return out;
}

RpcCheck TakeWindow(RpcCall& call) {
  const auto start = call.request.Time("start_time");
  if (!start) return RefuseField("start_time", start.error());
  const auto end = call.request.Time("end_time");
  if (!end) return RefuseField("end_time", end.error());
  const std::string period(call.request.Text("period"));
  if (period.empty()) {
    if (!*start && !*end) return {};
    if (!*start) return RefuseField("start_time", "end_time needs it");
    if (!*end) return RefuseField("end_time", "start_time needs it");
    if (**start > **end) return RefuseField("start_time", "lies behind end_time");
    auto instant = [](Timestamp time) {
      return FormatTimestamp({std::max<std::int64_t>(0, time.micros)});
    };
    call.api.query.Add("start", instant(**start));
    call.api.query.Add("end", instant(**end));
    return {};
  }
  if (*start || *end) return RefuseField("period", "excludes start_time and end_time");
  if (!ParsePeriod(period)) {
    return RefuseField("period", "expected a number and s, m, h, d or w, like \"14d\"");
  }
  call.api.query.Add("statsPeriod", period);
  return {};
}

}  // namespace

RpcCheck CheckWanted(const RpcCall& call) {
  auto over = [](GrpcCode code, std::string message) {
    return tl::unexpected(GrpcStatus{static_cast<int>(code), std::move(message), {}});
  };
  if (call.job.deadline && call.clock.Steady() > *call.job.deadline) {
    return over(GrpcCode::kDeadlineExceeded, "the call's deadline has passed");
  }
  if (call.job.cancelled.stop_requested()) return over(GrpcCode::kCancelled, "the call is over");
  return {};
}

void UseRoute(ApiCall& call, std::string_view http_method, std::string_view pattern) {
  for (const auto& route : Routes()) {
    if (route.method != http_method || route.pattern != pattern) continue;
    call.permissions = route.permissions;
    return;
  }
  assert(false && "no such route");
  call.permissions = "org:admin";
}

tl::expected<std::size_t, GrpcStatus> TakeName(RpcCall& call, std::string_view field,
                                               std::string_view name,
                                               std::initializer_list<std::string_view> patterns) {
  std::size_t index = 0;
  std::string expected;
  for (auto pattern : patterns) {
    if (MatchName(pattern, name, call.api.path)) return index;
    expected += (index++ == 0 ? "" : " or ") + std::string(pattern);
  }
  return RefuseField(field, "expected " + expected);
}

tl::expected<std::optional<PageToken>, GrpcStatus> TakePage(RpcCall& call) {
  const auto size = call.request.Int("page_size");
  if (size < 0) return RefuseField("page_size", "must not be negative; 0 is the default");
  if (size > 0) call.api.query.Add("per_page", std::to_string(size));
  const auto text = call.request.Text("page_token");
  if (text.empty()) return std::optional<PageToken>();
  auto token = ReadPageToken(text, QueryOf(call));
  if (!token) return RefuseField("page_token", token.error());
  return std::optional<PageToken>(std::move(*token));
}

RpcCheck TakeCursor(RpcCall& call) {
  auto token = TakePage(call);
  if (!token) return tl::unexpected(token.error());
  if (*token) {
    call.api.query.Add("cursor", Cursor{(*token)->value, (*token)->offset, false}.ToString());
  }
  return {};
}

std::string NextPageToken(const RpcCall& call, const PageToken& next) {
  return WritePageToken(next, QueryOf(call));
}

std::string NextPageToken(const RpcCall& call, const PageLinks& links) {
  if (!links.has_next) return {};
  return NextPageToken(call, PageToken{links.next.value, links.next.offset, {}});
}

RpcCheck TakeSelection(RpcCall& call) {
  call.api.query.Add("query", std::string(call.request.Text("filter")));
  for (auto name : call.request.Texts("environments")) {
    call.api.query.Add("environment", std::string(name));
  }
  return TakeWindow(call);
}

RpcCheck TakeOrder(RpcCall& call,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> orders) {
  const auto wanted = NormalOrder(call.request.Text("order_by"));
  std::string known;
  for (const auto& [order, sort] : orders) {
    if (wanted.empty() || wanted == order) {
      call.api.query.Add("sort", std::string(sort));
      return {};
    }
    known += (known.empty() ? "\"" : ", \"") + std::string(order) + "\"";
  }
  return RefuseField("order_by", "expected one of " + known);
}

tl::expected<FieldMask, GrpcStatus> ReadMask(const RpcCall& call, const ProtoMessageType& resource,
                                             const FieldMask& fallback) {
  const auto bytes = call.request.Message("read_mask");
  if (!bytes || bytes->empty()) return fallback;
  auto mask = FieldMask::Read(*bytes, resource);
  if (!mask) return RefuseField("read_mask", mask.error());
  return std::move(*mask);
}

const ProtoMessageType& ContractType(std::string_view name) {
  const auto* type = ProtoSchema::OfHouse().Message(name);
  assert(type != nullptr);
  return *type;
}

}  // namespace mishap

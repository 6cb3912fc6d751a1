#include "api/grpc/rpc_status.h"

#include <boost/json.hpp>

#include "api/respond.h"
#include "base/bytes.h"
#include "base/log.h"
#include "net/grpc/grpc_code.h"
#include "proto/wire.h"

namespace mishap {
namespace {

namespace bj = boost::json;

constexpr std::size_t kTextBytesMax = 1000;  // clients bound what a trailer may hold
constexpr std::string_view kDomain = "mishap";
constexpr int kRetryDatabaseSeconds = 2;  // as over HTTP

struct Detail {
  std::string_view type;  // within google.rpc
  std::string message;
};

void AddDetails(GrpcStatus& status, const std::vector<Detail>& details) {
  std::string bytes;
  ProtoWriter writer(bytes);
  writer.Int(1, status.code).Text(2, status.message);
  for (const auto& detail : details) {
    std::string any;
    ProtoWriter(any)
        .Text(1, "type.googleapis.com/google.rpc." + std::string(detail.type))
        .Message(2, detail.message);
    writer.Message(3, any);
  }
  std::string text = EncodeBase64(bytes);
  while (text.ends_with('=')) text.pop_back();
  status.trailers.emplace_back("grpc-status-details-bin", std::move(text));
}

GrpcStatus StatusWith(GrpcCode code, std::string_view message) {
  return {static_cast<int>(code), std::string(Utf8Prefix(message, kTextBytesMax)), {}};
}

Detail BadRequest(std::string_view field, std::string_view description) {
  std::string violation;
  ProtoWriter(violation).Text(1, field).Text(2, Utf8Prefix(description, kTextBytesMax));
  Detail detail{"BadRequest", {}};
  ProtoWriter(detail.message).Message(1, violation);
  return detail;
}

// "... (column 7)" -> "7"
std::string ColumnOf(std::string_view text) {
  constexpr std::string_view kMark = "(column ";
  const auto at = text.rfind(kMark);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + kMark.size());
  return std::string(text.substr(0, text.find_first_not_of("0123456789")));
}

GrpcCode CodeOf(Reason reason) {
  switch (reason) {
    case Reason::kUnauthenticated:
      return GrpcCode::kUnauthenticated;
    case Reason::kPermissionDenied:
    case Reason::kOriginDenied:
    case Reason::kUnknownKey:
      return GrpcCode::kPermissionDenied;
    case Reason::kNotFound:
      return GrpcCode::kNotFound;
    case Reason::kMethodNotAllowed:
      return GrpcCode::kUnimplemented;
    case Reason::kConflict:
    case Reason::kDuplicate:
      return GrpcCode::kAlreadyExists;
    case Reason::kTooLarge:
    case Reason::kRateLimited:
      return GrpcCode::kResourceExhausted;
    case Reason::kOverloaded:
    case Reason::kUnavailable:
    case Reason::kTimeout:
      return GrpcCode::kUnavailable;
    case Reason::kInternal:
      return GrpcCode::kInternal;
    default:
      return GrpcCode::kInvalidArgument;
  }
}

// What is wrong and in which field of the contract.
struct Violation {
  std::string field;
  std::string description;
};

struct FoundPath {
  std::string path;
  const ProtoMessageType* below = nullptr;
};

// A name of a JSON body in the contract: a field of the message itself, or of one whose fields
// stand at top level over HTTP (Project.settings). Unknown names stay as they are.
FoundPath PathOf(const ProtoMessageType* type, std::string_view key) {
  if (!type) return {std::string(key), nullptr};
  if (key == "name" && type->Find("display_name")) return {"display_name", nullptr};
  for (const auto& field : type->fields) {
    if (field.json_name == key) return {field.name, field.message};
  }
  for (const auto& field : type->fields) {
    if (!field.message || field.is_repeated) continue;
    for (const auto& part : field.message->fields) {
      if (part.json_name == key) return {field.name + "." + part.name, part.message};
    }
  }
  return {std::string(key), nullptr};
}

// {"a": {"b": ["text"]}} or {"detail": "text"}. A list of objects counts as its field.
Violation ViolationOf(const bj::value& body, const ProtoMessageType* type, std::string path) {
  const bj::value* at = &body;
  while (at->is_object() && !at->get_object().empty()) {
    const auto& [key, inner] = *at->get_object().begin();
    if (key == "detail")
      return {std::move(path), std::string(inner.is_string() ? inner.get_string() : "")};
    const auto found = PathOf(type, {key.data(), key.size()});
    path += "." + found.path;
    type = found.below;
    at = &inner;
  }
  if (at->is_array() && !at->get_array().empty()) at = &at->get_array().front();
  return {std::move(path), at->is_string() ? std::string(at->get_string()) : "is not valid"};
}

}  // namespace

tl::unexpected<GrpcStatus> RefuseField(std::string_view field, std::string_view description) {
  auto status =
      StatusWith(GrpcCode::kInvalidArgument, std::string(field) + ": " + std::string(description));
  AddDetails(status, {BadRequest(field, description)});
  return tl::unexpected(std::move(status));
}

tl::unexpected<GrpcStatus> RefuseField(std::string_view field, const Error& error) {
  if (error.reason != Reason::kInvalidArgument) return FailRpc(error);
  return RefuseField(field, error.detail);
}

tl::unexpected<GrpcStatus> RefuseFilter(const Error& error) {
  if (error.reason != Reason::kInvalidArgument) return FailRpc(error);
  auto status = StatusWith(GrpcCode::kInvalidArgument, "filter: " + error.detail);
  Detail info{"ErrorInfo", {}};
  ProtoWriter writer(info.message);
  writer.Text(1, "INVALID_FILTER").Text(2, kDomain);
  if (const auto column = ColumnOf(error.detail); !column.empty()) {
    std::string entry;
    ProtoWriter(entry).Text(1, "column").Text(2, column);
    writer.Message(3, entry);
  }
  AddDetails(status, {BadRequest("filter", error.detail), std::move(info)});
  return tl::unexpected(std::move(status));
}

tl::unexpected<GrpcStatus> RefuseAs(const HttpMessageResponse& response,
                                    const ProtoMessageType& type, std::string_view within) {
  boost::system::error_code error;
  const auto body = bj::parse(bj::string_view(response.body.data(), response.body.size()), error);
  const auto wrong = error ? Violation{std::string(within), "is not valid"}
                           : ViolationOf(body, &type, std::string(within));
  constexpr int kHttpConflict = 409;
  if (response.status != kHttpConflict) return RefuseField(wrong.field, wrong.description);
  auto status = StatusWith(GrpcCode::kAlreadyExists, wrong.field + ": " + wrong.description);
  AddDetails(status, {BadRequest(wrong.field, wrong.description)});
  return tl::unexpected(std::move(status));
}

GrpcStatus RpcStatusOf(const Error& error) {
  const auto code = CodeOf(error.reason);
  switch (code) {
    case GrpcCode::kNotFound:
      return StatusWith(code, kNotFoundText);
    case GrpcCode::kPermissionDenied:
      return StatusWith(code, error.detail.empty() ? kForbiddenText : error.detail);
    case GrpcCode::kInternal:
      Log(LogLevel::kError, "rpc_failed", {{"detail", error.detail}});
      return StatusWith(code, "Internal Error");
    case GrpcCode::kUnavailable:
      // The reason names hosts and files: it belongs into the log, not to a client.
      return RpcBusy(kRetryDatabaseSeconds,
                     "The database cannot be reached at the moment; retry soon.");
    default:
      return StatusWith(code, error.detail);
  }
}

GrpcStatus RpcBusy(int retry_after_s, std::string message) {
  auto status = StatusWith(GrpcCode::kUnavailable, message);
  std::string duration;
  ProtoWriter(duration).Int(1, retry_after_s);
  Detail retry{"RetryInfo", {}};
  ProtoWriter(retry.message).Message(1, duration);
  status.trailers.emplace_back("retry-after", std::to_string(retry_after_s));
  AddDetails(status, {std::move(retry)});
  return status;
}

}  // namespace mishap

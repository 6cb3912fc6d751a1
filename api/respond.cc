#include "api/respond.h"

#include "base/json_writer.h"

namespace mishap {
namespace {

int StatusOf(Reason reason) {
  switch (reason) {
    case Reason::kUnauthenticated:
      return 401;
    case Reason::kPermissionDenied:
    case Reason::kOriginDenied:
    case Reason::kUnknownKey:
      return 403;
    case Reason::kNotFound:
      return 404;
    case Reason::kMethodNotAllowed:
      return 405;
    case Reason::kConflict:
    case Reason::kDuplicate:
      return 409;
    case Reason::kTooLarge:
      return 413;
    case Reason::kUnsupportedEncoding:
      return 415;
    case Reason::kRateLimited:
      return 429;
    case Reason::kOverloaded:
    case Reason::kUnavailable:
    case Reason::kTimeout:
      return 503;
    case Reason::kInternal:
      return 500;
    default:
      return 400;
  }
}

}  // namespace

HttpMessageResponse RespondJson(int status, std::string body) {
  HttpMessageResponse out = RespondEmpty(status);
  out.headers.insert(out.headers.begin(), {"Content-Type", "application/json"});
  out.body = std::move(body);
  return out;
}

HttpMessageResponse RespondEmpty(int status) {
  HttpMessageResponse out;
  out.status = status;
  out.headers = {{"X-Content-Type-Options", "nosniff"},
                 {"Content-Language", "en"},
                 {"Vary", "Authorization"},
                 {"Cache-Control", "no-store"}};
  return out;
}

HttpMessageResponse RespondDetail(int status, std::string_view detail) {
  std::string body;
  JsonWriter(body).BeginObject().Field("detail", detail).EndObject();
  return RespondJson(status, std::move(body));
}

HttpMessageResponse RespondFieldError(const std::vector<std::string_view>& path,
                                      std::string_view message) {
  std::string body;
  JsonWriter json(body);
  for (auto name : path) json.BeginObject().Key(name);
  json.BeginArray().String(message).EndArray();
  for (std::size_t i = 0; i < path.size(); ++i) json.EndObject();
  return RespondJson(400, std::move(body));
}

HttpMessageResponse RespondMethodNotAllowed(std::string_view method,
                                            const std::vector<std::string>& allowed) {
  auto out = RespondDetail(405, "Method \"" + std::string(method) + "\" not allowed.");
  std::string list;
  for (const auto& name : allowed) list += (list.empty() ? "" : ", ") + name;
  out.headers.emplace_back("Allow", list);
  return out;
}

HttpMessageResponse RespondBusy(int retry_after_s) {
  auto out = RespondDetail(503, "The server is busy; retry in a moment.");
  out.headers.emplace_back("Retry-After", std::to_string(retry_after_s));
  return out;
}

HttpMessageResponse RespondError(const Error& error, std::string_view error_id) {
  int status = StatusOf(error.reason);
  if (status == 500) {
    std::string body;
    JsonWriter(body)
        .BeginObject()
        .Field("detail", "Internal Error")
        .Field("errorId", error_id)
        .EndObject();
    return RespondJson(500, std::move(body));
  }
  if (status == 503) {
    // The reason names hosts and files: it belongs into the log, not to a client.
    auto out = RespondDetail(503, "The database cannot be reached at the moment; retry soon.");
    out.headers.emplace_back("Retry-After", "2");
    return out;
  }
  if (status == 404) return RespondDetail(404, kNotFoundText);
  if (status == 403 && error.detail.empty()) return RespondDetail(403, kForbiddenText);
  return RespondDetail(status, error.detail);
}

}  // namespace mishap

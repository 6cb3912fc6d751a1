#include "api/probes.h"

#include "api/query_params.h"
#include "api/respond.h"

namespace mishap {
namespace {

// What Relay calls them: health checks made for it go on working.
constexpr std::string_view kRelayLive = "/api/relay/healthcheck/live";
constexpr std::string_view kRelayReady = "/api/relay/healthcheck/ready";

std::string_view WithoutSlash(std::string_view path) {
  if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  return path;
}

HttpMessageResponse Plain(int status, std::string body) {
  auto out = RespondEmpty(status);
  out.headers.insert(out.headers.begin(), {"Content-Type", "text/plain; charset=utf-8"});
  out.body = std::move(body);
  return out;
}

HttpMessageResponse Ready(bool ready, std::string_view role) {
  if (ready) return Plain(200, "ok\n");
  return Plain(503, "not ready: " + std::string(role) + "\n");
}

bool Ask(const std::function<bool()>& source) {
  return source && source();
}

bool IsRead(const HttpMessageRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

bool IsProbe(std::string_view path) {
  path = WithoutSlash(path);
  return path == "/livez" || path == "/readyz" || path == "/healthz" || path == kRelayLive ||
         path == kRelayReady;
}

HttpMessageResponse AnswerProbe(const HttpMessageRequest& request, const ProbeSources& sources) {
  auto path = WithoutSlash(request.path);
  if (!IsProbe(path)) return RespondDetail(404, kNotFoundText);
  if (!IsRead(request)) return RespondMethodNotAllowed(request.method, {"GET"});
  if (path == "/livez") return Plain(200, "ok\n");
  if (path == kRelayLive) return RespondJson(200, R"({"is_healthy":true})");
  if (path == kRelayReady) {
    const bool ready = Ask(sources.ready_ingest);
    return RespondJson(ready ? 200 : 503,
                       ready ? R"({"is_healthy":true})" : R"({"is_healthy":false})");
  }
  if (path == "/healthz") {
    auto detail = sources.health ? sources.health() : std::string();
    return RespondJson(200, detail.empty() ? "{}" : detail);
  }
  auto role = QueryParams::Parse(request.query).GetOr("role", "ingest");
  if (role == "ingest") return Ready(Ask(sources.ready_ingest), role);
  if (role == "api") return Ready(Ask(sources.ready_api), role);
  return RespondDetail(400, "Unknown role: \"" + role + "\". Valid values are ingest and api.");
}

HttpMessageResponse AnswerMetrics(const HttpMessageRequest& request, const Metrics& metrics) {
  if (WithoutSlash(request.path) != "/metrics") return RespondDetail(404, kNotFoundText);
  if (!IsRead(request)) return RespondMethodNotAllowed(request.method, {"GET"});
  auto out = Plain(200, metrics.Exposition());
  out.headers.front().second = "text/plain; version=0.0.4; charset=utf-8";
  return out;
}

}  // namespace mishap

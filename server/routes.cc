// See routes.h.
#include "server/routes.h"

#include "base/json_writer.h"
#include "fmt/format.h"

namespace mishap {
namespace {

HttpMessageResponse Detail(int status, std::string_view detail) {
  HttpMessageResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  JsonWriter(response.body).BeginObject().Field("detail", detail).EndObject();
  return response;
}

}  // namespace

HttpMessageResponse AnswerNobody(const HttpMessageRequest& request) {
  return Detail(404, fmt::format("there is nothing at {}; the API is below /api/0/",
                                 request.path.substr(0, 200)));
}

HttpMessageResponse AnswerNotYet() {
  HttpMessageResponse response = Detail(503, "the server is starting");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

std::string PublicPathOf(std::string_view public_url) {
  const std::size_t scheme = public_url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t slash = public_url.find('/', scheme + 3);
  if (slash == std::string_view::npos) return {};
  std::string_view path = public_url.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

void StripPublicPath(std::string_view public_path, HttpMessageRequest& request) {
  const std::size_t size = public_path.size();
  const bool under = size > 0 && request.path.starts_with(public_path) &&
                     (request.path.size() == size || request.path[size] == '/');
  if (!under) return;
  request.path.erase(0, size);
  if (request.path.empty()) request.path.push_back('/');
  if (request.target.starts_with(public_path)) request.target.erase(0, size);
}

}  // namespace mishap

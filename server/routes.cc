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

}  // namespace mishap

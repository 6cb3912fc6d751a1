// The API's own description (web-api 5.2): /api/openapi.json, also below /api/0/.
#include "api/authentication.h"
#include "api/openapi/document.h"
#include "api/resources.h"
#include "base/ids.h"

namespace mishap {
namespace {

std::string ETagOf(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "\"";
  for (unsigned char c : HashToken(text).substr(0, 16)) {
    out.push_back(kDigits[c >> 4]);
    out.push_back(kDigits[c & 15]);
  }
  return out + "\"";
}

}  // namespace

Answer GetOpenApi(ApiCall& call) {
  static const std::string kETag = ETagOf(OpenApi().json);
  const bool known = call.request.Header("If-None-Match") == kETag;
  auto out = known ? RespondEmpty(304) : RespondJson(200, OpenApi().json);
  std::erase_if(out.headers, [](const auto& header) { return header.first == "Cache-Control"; });
  out.headers.emplace_back("Cache-Control", "no-cache");
  out.headers.emplace_back("ETag", kETag);
  return out;
}

}  // namespace mishap

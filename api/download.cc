#include "api/download.h"

#include "base/bytes.h"

namespace mishap {
namespace {

// The name as a download has it: quotes, backslashes and what is not ASCII only in the long form.
std::string Disposition(std::string_view name) {
  std::string plain(name);
  for (char& c : plain) {
    if (c < ' ' || c > '~' || c == '"' || c == '\\') c = '_';
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + PercentEncode(name);
}

}  // namespace

HttpMessageResponse RespondDownload(std::string_view name, std::string_view content_type,
                                    std::string bytes) {
  HttpMessageResponse response;
  response.headers.emplace_back("Content-Type", content_type);
  response.headers.emplace_back("Content-Disposition", Disposition(name));
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Content-Security-Policy", "sandbox; default-src 'none'");
  response.body = std::move(bytes);
  return response;
}

}  // namespace mishap

#include "ingest/answer.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/json_writer.h"
#include "ingest/verdict.h"

namespace mishap {
namespace {

constexpr std::string_view kExposedHeaders = "x-sentry-error, x-sentry-rate-limits, retry-after";
constexpr std::string_view kAllowedHeaders =
    "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, "
    "authentication, authorization, content-encoding, transfer-encoding, sentry-trace, baggage, "
    "x-csrftoken";
constexpr std::string_view kPixel(
    "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    "\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00;",
    43);
// A limit of errors covers what errors may be sent as; clients without these names would ignore it.
constexpr std::string_view kErrorCategories = "error;default;security";

HttpMessageResponse JsonAnswer(int status) {
  HttpMessageResponse response;
  response.status = status;
  response.headers = CorsHeaders();
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}

// One line of ASCII, for a header.
std::string HeaderText(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c < ' ' || c > '~') c = c == '\n' || c == '\r' || c == '\t' ? ' ' : '?';
  }
  return out;
}

}  // namespace

HttpHeaders CorsHeaders() {
  return {{"Access-Control-Allow-Origin", "*"},
          {"Access-Control-Expose-Headers", std::string(kExposedHeaders)}};
}

HttpMessageResponse AcceptedAnswer(const EventId& id) {
  HttpMessageResponse response = JsonAnswer(200);
  response.body = id.IsNil() ? "{}" : "{\"id\":\"" + ToHex(id) + "\"}";
  return response;
}

HttpMessageResponse PixelAnswer() {
  HttpMessageResponse response;
  response.headers = CorsHeaders();
  response.headers.emplace_back("Content-Type", "image/gif");
  response.body = kPixel;
  return response;
}

HttpMessageResponse EmptyAnswer() {
  HttpMessageResponse response;
  response.headers = CorsHeaders();
  return response;
}

HttpMessageResponse DumpAnswer(const EventId& id) {
  HttpMessageResponse response;
  response.headers = CorsHeaders();
  response.headers.emplace_back("Content-Type", "text/plain");
  response.body = ToHex(id);
  for (std::size_t at : {8u, 13u, 18u, 23u}) response.body.insert(at, "-");
  return response;
}

HttpMessageResponse PreflightAnswer() {
  HttpMessageResponse response;
  response.headers = CorsHeaders();
  response.headers.emplace_back("Access-Control-Allow-Methods", "POST, GET, OPTIONS");
  response.headers.emplace_back("Access-Control-Allow-Headers", std::string(kAllowedHeaders));
  response.headers.emplace_back("Access-Control-Max-Age", "3600");
  return response;
}

HttpMessageResponse ErrorAnswer(const Error& error, const IngestLimits& limits, Random& random) {
  Verdict verdict = VerdictOf(error.reason);
  HttpMessageResponse response = JsonAnswer(verdict.http_status);
  if (verdict.retry_later) {
    auto spread =
        static_cast<std::uint64_t>(std::max<std::int64_t>(1, limits.overload_retry_s_max));
    response.headers.emplace_back("Retry-After", std::to_string(1 + random.Uint64() % spread));
  }
  if (error.reason == Reason::kUnsupportedEncoding) {
    response.headers.emplace_back("Accept-Encoding", "gzip, deflate, br, zstd");
  }
  std::string_view detail = Utf8Prefix(error.detail, limits.error_detail_bytes_max);
  response.headers.emplace_back("X-Sentry-Error", HeaderText(detail));
  JsonWriter json(response.body);
  json.BeginObject().Field("detail", detail);
  json.Key("causes").BeginArray().String(ReasonName(error.reason)).EndArray().EndObject();
  return response;
}

HttpMessageResponse RateLimitedAnswer(std::int64_t retry_after_s, const IngestLimits& limits) {
  std::string seconds =
      std::to_string(std::clamp<std::int64_t>(retry_after_s, 1, limits.retry_after_s_max));
  HttpMessageResponse response = JsonAnswer(429);
  response.headers.emplace_back("Retry-After", seconds);
  response.headers.emplace_back("X-Sentry-Rate-Limits",
                                seconds + ":" + std::string(kErrorCategories) + ":key:key_quota");
  response.headers.emplace_back("X-Sentry-Error", "rate limited");
  response.body = R"({"detail":"rate limited"})";
  return response;
}

}  // namespace mishap

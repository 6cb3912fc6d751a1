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
constexpr std::string_view kErrorCategories[] = {"error", "default", "security"};

HttpMessageResponse JsonAnswer(int status) {
  HttpMessageResponse response;
  response.status = status;
  response.headers = CorsHeaders();
  response.headers.emplace_back("Content-Type", "application/json");
  return response;
}

std::string CategoryList(const LimitHit& hit) {
  std::string list;
  for (std::string_view name : ClientCategories(hit)) {
    if (!list.empty()) list += ';';
    list += name;
  }
  return list;
}

std::int64_t ClampedSeconds(std::int64_t seconds, const IngestLimits& limits) {
  return std::clamp<std::int64_t>(seconds, 1, limits.retry_after_s_max);
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

HttpMessageResponse FilesAnswer() {
  HttpMessageResponse response = EmptyAnswer();
  response.status = 201;
  return response;
}

HttpMessageResponse CronAnswer(const EventId& id) {
  HttpMessageResponse response = AcceptedAnswer(id);
  response.status = 202;
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

std::vector<std::string_view> ClientCategories(const LimitHit& hit) {
  std::vector<std::string_view> names;
  for (Category category : hit.categories) {
    if (category == Category::kError) {
      names.insert(names.end(), std::begin(kErrorCategories), std::end(kErrorCategories));
    } else {
      names.push_back(CategoryName(category));
    }
  }
  return names;
}

std::int64_t LongestRetry(const std::vector<LimitHit>& hits, const IngestLimits& limits) {
  std::int64_t longest = 1;
  for (const LimitHit& hit : hits) longest = std::max(longest, hit.retry_after_s);
  return ClampedSeconds(longest, limits);
}

std::string RateLimitsText(const std::vector<LimitHit>& hits, const IngestLimits& limits) {
  // Several clients keep only the last they see of a category: the longest stands last.
  std::vector<const LimitHit*> order;
  order.reserve(hits.size());
  for (const LimitHit& hit : hits) order.push_back(&hit);
  std::stable_sort(order.begin(), order.end(), [](const LimitHit* a, const LimitHit* b) {
    return a->retry_after_s < b->retry_after_s;
  });
  std::string value;
  for (const LimitHit* hit : order) {
    if (!value.empty()) value += ',';  // no blank behind it: PHP does not trim
    value += std::to_string(ClampedSeconds(hit->retry_after_s, limits));
    value += ':' + CategoryList(*hit) + ':';
    value += LimitScopeName(hit->scope);
    value += ':' + hit->reason;
  }
  return value;
}

void AddRateLimits(const std::vector<LimitHit>& hits, const IngestLimits& limits,
                   HttpMessageResponse& response) {
  if (!hits.empty()) {
    response.headers.emplace_back("X-Sentry-Rate-Limits", RateLimitsText(hits, limits));
  }
}

HttpMessageResponse RateLimitedAnswer(const std::vector<LimitHit>& hits,
                                      const IngestLimits& limits) {
  HttpMessageResponse response = JsonAnswer(429);
  response.headers.emplace_back("Retry-After", std::to_string(LongestRetry(hits, limits)));
  AddRateLimits(hits, limits, response);
  response.headers.emplace_back("X-Sentry-Error", "rate limited");
  response.body = R"({"detail":"rate limited"})";
  return response;
}

}  // namespace mishap

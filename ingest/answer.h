// Answers of the ingest doors: bodies and headers exactly as SDKs read them
// (ingest-protocol 1.3, 2.5, 8.1, 9.1). Every one carries the CORS headers, or a browser SDK could
// not see it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "ingest/limits.h"
#include "ingest/rate_limiter.h"
#include "net/http.h"

namespace mishap {

// 200 {"id":"<32 hex>"}, or {} for the nil id.
HttpMessageResponse AcceptedAnswer(const EventId& id);
// 200, a transparent 1x1 GIF.
HttpMessageResponse PixelAnswer();
// 200 without body, for reports of browsers.
HttpMessageResponse EmptyAnswer();
// 200, the id with dashes as text: what crash uploaders print.
HttpMessageResponse DumpAnswer(const EventId& id);
// 201 without body: files were taken.
HttpMessageResponse FilesAnswer();
// 202 {"id":"<32 hex>"}, the check-in's.
HttpMessageResponse CronAnswer(const EventId& id);
// 200 without body, for OPTIONS.
HttpMessageResponse PreflightAnswer();
// By the verdict table. 503: Retry-After of 1 to overload_retry_s_max seconds. Not for
// rate_limited.
HttpMessageResponse ErrorAnswer(const Error& error, const IngestLimits& limits, Random& random);
// 429 with Retry-After and X-Sentry-Rate-Limits. Seconds are clamped to 1..retry_after_s_max.
HttpMessageResponse RateLimitedAnswer(const std::vector<LimitHit>& hits,
                                      const IngestLimits& limits);
// The value of X-Sentry-Rate-Limits: "60:error;default;security:key:key_quota,..."
std::string RateLimitsText(const std::vector<LimitHit>& hits, const IngestLimits& limits);
// Of the longest limit, for Retry-After.
std::int64_t LongestRetry(const std::vector<LimitHit>& hits, const IngestLimits& limits);
// What clients know a limit's categories by; none: all.
std::vector<std::string_view> ClientCategories(const LimitHit& hit);
// X-Sentry-Rate-Limits on an answer that took the rest: SDKs honour it there too.
void AddRateLimits(const std::vector<LimitHit>& hits, const IngestLimits& limits,
                   HttpMessageResponse& response);

// What any answer of an ingest path has; also for answers the carrier gives by itself.
HttpHeaders CorsHeaders();

}  // namespace mishap

// The few forms of an API answer (web-api 0.3, 0.4). Error bodies have exactly one key, "detail",
// except a server fault and a map of field errors: sentry-cli prints the text only then.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/http.h"

namespace mishap {

// What a resource gives: an answer, or an Error that RespondError turns into one.
using Answer = Result<HttpMessageResponse>;

inline constexpr std::string_view kNotFoundText = "The requested resource does not exist";
inline constexpr std::string_view kNotTextText = "The query string must be UTF-8 text without NUL.";
inline constexpr std::string_view kNoCredentialsText =
    "Authentication credentials were not provided.";
inline constexpr std::string_view kInvalidTokenText = "Invalid token";
inline constexpr std::string_view kForbiddenText =
    "You do not have permission to perform this action.";

HttpMessageResponse RespondJson(int status, std::string body);
HttpMessageResponse RespondEmpty(int status);  // 204 and 202 without a body
HttpMessageResponse RespondDetail(int status, std::string_view detail);
// {"statusDetails":{"inRelease":["message"]}} for path {"statusDetails", "inRelease"}.
HttpMessageResponse RespondFieldError(const std::vector<std::string_view>& path,
                                      std::string_view message);
HttpMessageResponse RespondMethodNotAllowed(std::string_view method,
                                            const std::vector<std::string>& allowed);
// retry_after_s: seconds the client should wait.
HttpMessageResponse RespondBusy(int retry_after_s);

// The one table from Reason to status. error_id names a server fault in the log; used for faults
// only.
HttpMessageResponse RespondError(const Error& error, std::string_view error_id);

inline tl::unexpected<Error> NotFound() {
  return Fail(Reason::kNotFound, std::string(kNotFoundText));
}
inline tl::unexpected<Error> BadRequest(std::string detail) {
  return Fail(Reason::kInvalidArgument, std::move(detail));
}

}  // namespace mishap

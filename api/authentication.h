// From a request to the one who calls: the token of its Authorization header, or the cookie of a
// login (decisions 3.9) with the defence against requests that other sites make a browser send.
// What a token or cookie opens is storage's business (storage/read_caller.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "event/dsn.h"
#include "net/http.h"
#include "storage/read_caller.h"

namespace mishap {

// The token of `Authorization: Bearer <token>` (any case), or the user name of HTTP Basic with an
// empty password (old clients). nullopt: no usable credentials.
std::optional<std::string> TokenOf(const HttpMessageRequest& request);
// The DSN of `Authorization: DSN <dsn>`; nullopt: there is none that can be read.
std::optional<Dsn> DsnOf(const HttpMessageRequest& request);
// SHA-256, 32 bytes: the only form in which a token meets the database.
std::string HashToken(std::string_view token);

// "__Host-mishap" where public_url is https, else "mishap".
std::string_view CookieName(std::string_view public_url);
std::optional<std::string> CookieOf(const HttpMessageRequest& request, std::string_view public_url);
// A Set-Cookie value. max_age_s 0 with an empty value ends it.
std::string CookieHeader(std::string_view public_url, std::string_view value,
                         std::int64_t max_age_s);

// What a page must send as X-CSRF-Token with every change: derived from the cookie, which no other
// site can read.
std::string CsrfTokenOf(std::string_view cookie);
// True if a browser says that this request comes from a page of another site: Sec-Fetch-Site, else
// Origin against public_url and the Host it was sent to.
bool IsCrossSite(const HttpMessageRequest& request, std::string_view public_url);

// Who calls with a DSN. Errors: unauthenticated, unavailable.
Result<Caller> AuthenticateDsn(Session& session, const Dsn& dsn);
// Who calls; without credentials a Caller without kind where anonymous_allowed. Errors:
// unauthenticated, permission_denied (a change by cookie without its CSRF token), unavailable.
Result<Caller> Authenticate(Session& session, const HttpMessageRequest& request,
                            std::string_view public_url, bool anonymous_allowed, Timestamp now);

}  // namespace mishap

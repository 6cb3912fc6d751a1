#include "api/authentication.h"

#include <sodium.h>

#include <utility>

#include "api/respond.h"
#include "base/bytes.h"
#include "base/log.h"
#include "storage/account/token_text.h"

namespace mishap {
namespace {

constexpr std::size_t kTokenBytesMax = 4096;
constexpr std::size_t kCookieBytes = 64;

bool IsChange(const HttpMessageRequest& request) {
  return request.method != "GET" && request.method != "HEAD" && request.method != "OPTIONS";
}

bool IsEqualSecret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Status CheckCsrf(const HttpMessageRequest& request, std::string_view cookie,
                 std::string_view public_url) {
  if (!IsChange(request)) return {};
  if (IsCrossSite(request, public_url)) {
    return Fail(Reason::kPermissionDenied, "CSRF Failed: the request comes from another site.");
  }
  if (!IsEqualSecret(request.Header("X-CSRF-Token"), CsrfTokenOf(cookie))) {
    return Fail(
        Reason::kPermissionDenied,
        "CSRF Failed: X-CSRF-Token is missing or wrong; GET /api/0/mishap/session/ has it.");
  }
  return {};
}

Result<Caller> Known(Session& session, Result<std::optional<Caller>> found, Timestamp now) {
  if (!found) return Fail(found.error());
  if (!*found) return Fail(Reason::kUnauthenticated, std::string(kInvalidTokenText));
  auto& caller = **found;
  if (caller.is_stale) {
    // Only a note: that it could not be written must not fail the request.
    if (auto touched = TouchCaller(session, caller, now); !touched) {
      Log(LogLevel::kWarning, "token_touch_failed", {{"detail", touched.error().detail}});
    }
  }
  return std::move(caller);
}

}  // namespace

std::optional<std::string> TokenOf(const HttpMessageRequest& request) {
  auto header = TrimAscii(request.Header("Authorization"));
  auto blank = header.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  auto scheme = header.substr(0, blank);
  auto credentials = TrimAscii(header.substr(blank + 1));
  if (credentials.empty() || credentials.size() > kTokenBytesMax) return std::nullopt;
  if (EqualsIgnoreCase(scheme, "bearer")) return std::string(credentials);
  if (!EqualsIgnoreCase(scheme, "basic")) return std::nullopt;
  auto decoded = DecodeBase64(credentials);
  if (!decoded) return std::nullopt;
  auto user = decoded->substr(0, decoded->find(':'));
  if (user.empty()) return std::nullopt;
  return user;
}

std::optional<Dsn> DsnOf(const HttpMessageRequest& request) {
  const auto header = TrimAscii(request.Header("Authorization"));
  const auto blank = header.find(' ');
  if (blank == std::string_view::npos || !EqualsIgnoreCase(header.substr(0, blank), "dsn")) {
    return std::nullopt;
  }
  auto dsn = ParseDsn(TrimAscii(header.substr(blank + 1)));
  if (!dsn) return std::nullopt;
  return std::move(*dsn);
}

std::string HashToken(std::string_view token) {
  return Sha256(token);
}

std::string_view CookieName(std::string_view public_url) {
  return public_url.starts_with("https://") ? "__Host-mishap" : "mishap";
}

std::optional<std::string> CookieOf(const HttpMessageRequest& request,
                                    std::string_view public_url) {
  const auto wanted = CookieName(public_url);
  auto rest = request.Header("Cookie");
  while (!rest.empty()) {
    const auto end = rest.find(';');
    const auto pair = TrimAscii(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == std::string_view::npos || pair.substr(0, equals) != wanted) continue;
    if (pair.size() - equals - 1 == kCookieBytes) return std::string(pair.substr(equals + 1));
  }
  return std::nullopt;
}

std::string CookieHeader(std::string_view public_url, std::string_view value,
                         std::int64_t max_age_s) {
  std::string out(CookieName(public_url));
  out += "=" + std::string(value) + "; Path=/; Max-Age=" + std::to_string(max_age_s);
  if (public_url.starts_with("https://")) out += "; Secure";
  return out + "; HttpOnly; SameSite=Lax";
}

std::string CsrfTokenOf(std::string_view cookie) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char c : Sha256("csrf " + std::string(cookie))) {
    out.push_back(kDigits[c >> 4]);
    out.push_back(kDigits[c & 15]);
  }
  return out;
}

bool IsCrossSite(const HttpMessageRequest& request, std::string_view public_url) {
  const auto site = request.Header("Sec-Fetch-Site");
  if (!site.empty()) return site != "same-origin" && site != "none";
  if (!request.HasHeader("Origin")) return false;  // no browser, or one too old to be helped here
  const auto origin = request.Header("Origin");
  if (EqualsIgnoreCase(origin, public_url)) return false;
  const auto scheme = public_url.substr(0, public_url.find("://"));
  return !EqualsIgnoreCase(origin,
                           std::string(scheme) + "://" + std::string(request.Header("Host")));
}

Result<Caller> AuthenticateDsn(Session& session, const Dsn& dsn) {
  const auto key = ParsePublicKey(dsn.public_key);
  if (!key) return Fail(Reason::kUnauthenticated, std::string(kInvalidTokenText));
  auto caller = ReadDsnCaller(session, *key, dsn.project);
  if (!caller) return Fail(caller.error());
  if (!*caller) return Fail(Reason::kUnauthenticated, std::string(kInvalidTokenText));
  return std::move(**caller);
}

Result<Caller> Authenticate(Session& session, const HttpMessageRequest& request,
                            std::string_view public_url, bool anonymous_allowed, Timestamp now) {
  if (auto token = TokenOf(request)) {
    if (!IsPlausibleToken(*token)) {
      return Fail(Reason::kUnauthenticated, std::string(kInvalidTokenText));
    }
    return Known(session, ReadCaller(session, HashToken(*token), now), now);
  }
  const bool anonymous = anonymous_allowed && !request.HasHeader("Authorization");
  auto cookie = CookieOf(request, public_url);
  if (cookie && !request.HasHeader("Authorization")) {
    auto caller = Known(session, ReadSessionCaller(session, HashToken(*cookie), now), now);
    if (caller) {
      if (auto fine = CheckCsrf(request, *cookie, public_url); !fine) return Fail(fine.error());
      return caller;
    }
    // A cookie that ended is the same as none: its browser signs in again.
    if (caller.error().reason != Reason::kUnauthenticated) return caller;
  }
  if (anonymous) return Caller{};
  return Fail(Reason::kUnauthenticated, std::string(kNoCredentialsText));
}

}  // namespace mishap

// Logins (schema control): the sessions of browsers, and the throttle on wrong passwords. Of a
// cookie only the SHA-256 is kept. What a cookie opens is read_caller.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/account/audit_log.h"
#include "storage/connection.h"

namespace mishap {

// Wrong passwords within a window; over it: 429. Per account and network (the address's /24 or
// /64), so that nobody can lock somebody else out; and per address over all accounts.
inline constexpr int kFailuresPerAccountMax = 5;
inline constexpr std::int64_t kFailuresPerAccountMicros = 15 * 60 * kMicrosPerSecond;
inline constexpr int kFailuresPerIpMax = 20;
inline constexpr std::int64_t kFailuresPerIpMicros = kMicrosPerHour;

using LoginSessionId = NumericId<struct LoginSessionTag>;

struct LoginSession {
  LoginSessionId id;
  std::string ip;
  std::string user_agent;
  Timestamp created_at;
  Timestamp last_seen_at;
};

struct BegunSession {
  LoginSessionId id;
  std::string cookie;  // 64 hex digits
};
// Begins one for by.user and notes the login.
Result<BegunSession> BeginSession(Session& session, Random& random, const AuditBy& by,
                                  std::string_view user_agent);
// Those that still open something, newest first.
Result<std::vector<LoginSession>> ReadSessions(Session& session, UserId user, Timestamp now);
// Errors: not_found (no such session of this user).
Status EndSession(Session& session, const AuditBy& by, LoginSessionId id);
// All of the user's but one (none: all).
Status EndSessionsExcept(Session& session, UserId user, LoginSessionId kept, Timestamp now);

Result<bool> HasAnybodySignedIn(Session& session);

// Seconds until another try is allowed; 0: now.
Result<std::int64_t> LoginWait(Session& session, std::string_view email, std::string_view ip,
                               Timestamp now);
Status NoteLoginFailure(Session& session, std::string_view email, std::string_view ip,
                        Timestamp now);

// "192.0.2.0/24" of an IPv4 address, "2001:db8:0:1::/64" of an IPv6 one; other text as it is.
std::string NetworkOf(std::string_view ip);

}  // namespace mishap

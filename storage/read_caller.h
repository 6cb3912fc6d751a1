// Who calls: from the SHA-256 of an API token or of a login's cookie to the organizations and
// projects it opens. The one way there; the token itself never comes here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

// A person as the API shows one.
struct UserRow {
  UserId id;
  std::string email;
  std::string name;
  bool is_active = true;
  Timestamp created_at;
  std::optional<Timestamp> last_login_at;
};

// A login ends when it was not used for so long, and so long after it began at the latest.
inline constexpr std::int64_t kSessionIdleMicros = kMicrosPerDay;
inline constexpr std::int64_t kSessionAgeMicros = 14 * kMicrosPerDay;

struct Caller {
  TokenId token;                // of a login: its number in control.login_session
  std::string kind;             // user | organization | process | session | dsn
  std::string name;             // of the token
  std::optional<UserRow> user;  // none for organization tokens
  // What the token asked for; a login: all that any of the roles allows. What really holds in an
  // organization is its Scope's: never more than the user's role there.
  std::vector<std::string> permissions;
  std::vector<Scope> scopes;  // one per organization, by slug
  bool is_stale = false;      // last used longer than a minute ago: worth a write

  bool IsSession() const { return kind == "session"; }
};

// token_hash: 32 bytes. nullopt: unknown, revoked or expired at `now`, its user inactive or no
// member any more. Errors: unavailable, internal.
Result<std::optional<Caller>> ReadCaller(Session& session, std::string_view token_hash,
                                         Timestamp now);
// The same for the cookie of a login.
Result<std::optional<Caller>> ReadSessionCaller(Session& session, std::string_view cookie_hash,
                                                Timestamp now);
inline constexpr std::string_view kDsnPermission = "project:dsn";
// Who sends with a DSN, which is no secret: kind "dsn", the one project and kDsnPermission alone.
// Routes that take it say so. nullopt: the key is unknown, disabled or another project's.
Result<std::optional<Caller>> ReadDsnCaller(Session& session, std::string_view public_key,
                                            ProjectId project);
// Notes the use of its token or login, at most once a minute.
Status TouchCaller(Session& session, const Caller& caller, Timestamp now);

}  // namespace mishap

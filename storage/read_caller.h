// Who calls: from the SHA-256 of an API token to the organizations and projects it opens. The token
// itself never comes here.
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

struct Caller {
  TokenId token;
  std::string kind;             // user | organization | process
  std::optional<UserRow> user;  // none for organization tokens
  std::vector<std::string> permissions;
  std::vector<Scope> scopes;  // one per organization, by slug
  bool is_stale = false;      // last_used_at is older than a minute: worth a write
};

// token_hash: 32 bytes. nullopt: unknown, revoked or expired at `now`. Errors: unavailable,
// internal.
Result<std::optional<Caller>> ReadCaller(Session& session, std::string_view token_hash,
                                         Timestamp now);
// Sets last_used_at, at most once a minute per token.
Status TouchToken(Session& session, TokenId token, Timestamp now);

}  // namespace mishap

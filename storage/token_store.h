// API tokens (schema control). Only the SHA-256 of a token is stored; its text is seen once, when
// it is made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/connection.h"
#include "storage/scope.h"

namespace mishap {

struct NewToken {
  std::string kind = "user";    // user | organization | process
  OrganizationId organization;  // what it opens; a user must be a member
  UserId user = {};             // none for organization tokens
  std::string name = {};
  std::vector<std::string> scopes = {};  // "event:read", ...
  std::optional<Timestamp> expires_at = {};
};

struct Token {
  TokenId id;
  std::string kind;
  OrganizationId organization;
  UserId user;
  std::string name;
  std::string last_characters;  // the last four, for lists
  std::vector<std::string> scopes;
  Timestamp created_at;
  std::optional<Timestamp> expires_at;
  std::optional<Timestamp> revoked_at;
  std::optional<Timestamp> last_used_at;
};

struct MintedToken {
  Token token;
  std::string text;  // mishap_<kind>_<64 hex digits>; shown once
};

// Errors: invalid_argument (kind, no scopes, no such organization or user).
Result<MintedToken> CreateToken(Session& session, Random& random, const NewToken& wanted);
Result<std::vector<Token>> ListTokens(Session& session,
                                      OrganizationId organization);                // newest first
Status RevokeToken(Session& session, OrganizationId organization, TokenId token);  // not_found

// Who calls: organization, user, all active projects, permissions. Notes the use, at most once a
// minute. Errors: unauthenticated (unknown, expired, revoked, inactive user or no member any more).
Result<Scope> ResolveToken(Session& session, std::string_view text);

}  // namespace mishap

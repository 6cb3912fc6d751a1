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
#include "storage/account/audit_log.h"
#include "storage/connection.h"

namespace mishap {

struct NewToken {
  std::string kind = "user";  // user | organization | process
  // What it opens; a user must be a member. None (users only): all of the user's organizations.
  OrganizationId organization;
  UserId user = {};  // none for organization tokens
  std::string name = {};
  std::vector<std::string> scopes = {};  // "event:read", ...
  std::optional<Timestamp> expires_at = {};
  std::string url = {};  // of this server, into organization tokens; empty: the client's setting
  Timestamp issued_at = {};  // into organization tokens
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
  std::string text;  // storage/account/token_text.h; shown once
};

// Errors: invalid_argument (kind, no or unknown scopes, no such organization or user).
Result<MintedToken> CreateToken(Session& session, Random& random, const NewToken& wanted,
                                const AuditBy& by = {});
Result<std::vector<Token>> ListTokens(Session& session,
                                      OrganizationId organization);  // newest first
// Of a person, over all organizations, those not revoked.
Result<std::vector<Token>> ListTokensOfUser(Session& session, UserId user);
Status RevokeToken(Session& session, OrganizationId organization, TokenId token,
                   const AuditBy& by = {});  // not_found
Status RevokeTokenOfUser(Session& session, UserId user, TokenId token, const AuditBy& by);
// The CLI's, whoever it belongs to.
Status RevokeAnyToken(Session& session, TokenId token, const AuditBy& by);  // not_found
Status RenameToken(Session& session, OrganizationId organization, TokenId token,
                   std::string_view name);  // not_found

}  // namespace mishap

#include "storage/token_store.h"

#include <fmt/format.h>

#include <algorithm>

#include "storage/account/role.h"
#include "storage/account/token_text.h"
#include "storage/pqxx_session.h"

namespace mishap {
namespace {

Token TokenOfRow(const pqxx::row& row) {
  Token token;
  token.id = TokenId{row[0].as<std::int64_t>()};
  token.kind = row[1].c_str();
  token.organization = OrganizationId{row[2].as<std::int64_t>()};
  token.user = UserId{row[3].as<std::int64_t>()};
  token.name = row[4].c_str();
  token.last_characters = row[5].c_str();
  token.scopes = TextArrayOf(row[6]);
  token.created_at = TimestampOf(row[7]);
  token.expires_at = OptionalTimestampOf(row[8]);
  token.revoked_at = OptionalTimestampOf(row[9]);
  token.last_used_at = OptionalTimestampOf(row[10]);
  return token;
}

std::vector<Token> TokensOf(const pqxx::result& rows) {
  std::vector<Token> out;
  for (const pqxx::row& row : rows) out.push_back(TokenOfRow(row));
  return out;
}

Status CheckWanted(const NewToken& wanted) {
  if (wanted.kind != "user" && wanted.kind != "organization" && wanted.kind != "process") {
    return Fail(Reason::kInvalidArgument,
                fmt::format("token kind '{}' is none of user, organization, process", wanted.kind));
  }
  if (wanted.scopes.empty()) {
    return Fail(Reason::kInvalidArgument,
                "a token without scopes opens nothing; name at least one");
  }
  for (const auto& scope : wanted.scopes) {
    const auto& all = AllScopes();
    if (std::find(all.begin(), all.end(), scope) == all.end()) {
      return Fail(Reason::kInvalidArgument, fmt::format("there is no scope '{}'", scope));
    }
  }
  return {};
}

Result<std::string> NewText(Work& work, Random& random, const NewToken& wanted) {
  if (wanted.kind != "organization") return MakeTokenText(random, wanted.kind);
  const pqxx::result rows = work.Run("organization_by_id", wanted.organization);
  if (rows.empty()) return Fail(Reason::kInvalidArgument, "there is no such organization");
  return MakeOrganizationTokenText(random, {rows[0][1].c_str(), wanted.url, wanted.issued_at});
}

// A token for all of a person's organizations is an event of each of them.
void Audit(Work& work, const AuditBy& by, OrganizationId organization, const AuditEvent& event) {
  if (organization) return WriteAudit(work, by, organization, event);
  for (const pqxx::row& row : work.Run("organization_of_member", by.user)) {
    WriteAudit(work, by, OrganizationId{row[0].as<std::int64_t>()}, event);
  }
}

Status Revoked(Work& work, const pqxx::result& rows, TokenId token, const AuditBy& by) {
  if (rows.empty())
    return Fail(Reason::kNotFound, fmt::format("there is no token {}", token.value));
  if (!by.actor.empty()) {
    Audit(work, by, OrganizationId{rows[0][1].as<std::int64_t>()},
          {"token.revoke", rows[0][2].c_str()});
  }
  return {};
}

}  // namespace

Result<MintedToken> CreateToken(Session& session, Random& random, const NewToken& wanted,
                                const AuditBy& by) {
  if (auto fine = CheckWanted(wanted); !fine) return Fail(fine.error());
  return Transact(session, [&](Work& work) -> Result<MintedToken> {
    auto text = NewText(work, random, wanted);
    if (!text) return Fail(text.error());
    const pqxx::result rows =
        work.Run("token_insert", wanted.kind, wanted.organization, wanted.user, wanted.name,
                 BytesParam(Sha256(*text)), text->substr(text->size() - 4),
                 ArrayParam(wanted.scopes), wanted.expires_at);
    if (!by.actor.empty()) Audit(work, by, wanted.organization, {"token.create", wanted.name});
    return MintedToken{TokenOfRow(rows[0]), *text};
  });
}

Result<std::vector<Token>> ListTokens(Session& session, OrganizationId organization) {
  return Read(session, [&](Work& work) { return TokensOf(work.Run("token_list", organization)); });
}

Result<std::vector<Token>> ListTokensOfUser(Session& session, UserId user) {
  return Read(session, [&](Work& work) { return TokensOf(work.Run("token_list_of_user", user)); });
}

Status RevokeToken(Session& session, OrganizationId organization, TokenId token,
                   const AuditBy& by) {
  return Transact(session, [&](Work& work) {
    return Revoked(work, work.Run("token_revoke", organization, token), token, by);
  });
}

Status RevokeTokenOfUser(Session& session, UserId user, TokenId token, const AuditBy& by) {
  return Transact(session, [&](Work& work) {
    return Revoked(work, work.Run("token_revoke_of_user", user, token), token, by);
  });
}

Status RevokeAnyToken(Session& session, TokenId token, const AuditBy& by) {
  return Transact(session, [&](Work& work) {
    return Revoked(work, work.Run("token_revoke_any", token), token, by);
  });
}

Status RenameToken(Session& session, OrganizationId organization, TokenId token,
                   std::string_view name) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("token_rename", organization, token, name).empty()) {
      return Fail(Reason::kNotFound, fmt::format("there is no token {}", token.value));
    }
    return {};
  });
}

}  // namespace mishap

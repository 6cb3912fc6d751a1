#include "storage/token_store.h"

#include <fmt/format.h>
#include <sodium.h>

#include "storage/pqxx_session.h"

namespace mishap {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kTokenBytesMax = 1024;  // organization tokens of other servers carry JSON

std::string Sha256(std::string_view text) {
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return std::string(reinterpret_cast<const char*>(hash), sizeof hash);
}

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

}  // namespace

Result<MintedToken> CreateToken(Session& session, Random& random, const NewToken& wanted) {
  if (wanted.kind != "user" && wanted.kind != "organization" && wanted.kind != "process") {
    return Fail(Reason::kInvalidArgument,
                fmt::format("token kind '{}' is none of user, organization, process", wanted.kind));
  }
  if (wanted.scopes.empty()) {
    return Fail(Reason::kInvalidArgument,
                "a token without scopes opens nothing; name at least one");
  }
  const std::string text = fmt::format("mishap_{}_{}", wanted.kind, random.Hex(kSecretBytes));
  return Transact(session, [&](Work& work) {
    const pqxx::result rows =
        work.Run("token_insert", wanted.kind, wanted.organization, wanted.user, wanted.name,
                 BytesParam(Sha256(text)), text.substr(text.size() - 4), ArrayParam(wanted.scopes),
                 wanted.expires_at);
    return MintedToken{TokenOfRow(rows[0]), text};
  });
}

Result<std::vector<Token>> ListTokens(Session& session, OrganizationId organization) {
  return Read(session, [&](Work& work) {
    std::vector<Token> out;
    for (const pqxx::row& row : work.Run("token_list", organization)) {
      out.push_back(TokenOfRow(row));
    }
    return out;
  });
}

Status RevokeToken(Session& session, OrganizationId organization, TokenId token) {
  return Transact(session, [&](Work& work) -> Status {
    if (work.Run("token_revoke", organization, token).empty()) {
      return Fail(Reason::kNotFound, fmt::format("there is no token {}", token.value));
    }
    return {};
  });
}

Result<Scope> ResolveToken(Session& session, std::string_view text) {
  const Error refused{Reason::kUnauthenticated, "Invalid token"};
  if (text.empty() || text.size() > kTokenBytesMax) return Fail(refused);
  bool touch = false;
  std::int64_t id = 0;
  auto scope = Read(session, [&](Work& work) -> Result<Scope> {
    const pqxx::result rows = work.Run("token_resolve", BytesParam(Sha256(text)));
    if (rows.empty()) return Fail(refused);
    const pqxx::row row = rows[0];
    id = row[0].as<std::int64_t>();
    std::vector<ProjectId> projects;
    for (std::int64_t project : Int64ArrayOf(row[5])) projects.push_back(ProjectId{project});
    touch = row[6].as<bool>();
    return Scope(OrganizationId{row[1].as<std::int64_t>()}, row[2].c_str(),
                 UserId{row[3].as<std::int64_t>()}, std::move(projects), TextArrayOf(row[4]));
  });
  if (scope && touch) {
    // Best effort: a read-only server must not refuse a valid token.
    (void)Transact(session, [&](Work& work) { work.Run("token_touch", id); });
  }
  return scope;
}

}  // namespace mishap

// API tokens: a person's and an organization's (web-api 0.8). Made, changed and ended by somebody
// who is signed in, never by a token; the text is shown once.
#include <algorithm>

#include "api/account/account_body.h"
#include "api/account/account_resources.h"
#include "api/account/account_shapes.h"
#include "storage/account/role.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 64;
constexpr std::int64_t kLifeDays = 365;
constexpr std::int64_t kLifeDaysMax = 3650;
using WriteToken = void (*)(const Token&, std::string_view, JsonWriter&);

Answer RespondToken(int status, const Token& token, std::string_view text, WriteToken write) {
  std::string body;
  JsonWriter json(body);
  write(token, text, json);
  return RespondJson(status, std::move(body));
}

Answer RespondTokens(ApiCall& call, std::vector<Token> tokens, WriteToken write) {
  std::erase_if(tokens, [&](const Token& token) {
    return token.revoked_at || (token.expires_at && *token.expires_at <= call.now);
  });
  auto page = PageOf(call, tokens.size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) write(tokens[i], "", json);
  json.EndArray();
  return RespondPage(call, std::move(body), *page, tokens.size());
}

// name, scopes and expiresInDays of a body.
tl::expected<NewToken, HttpMessageResponse> ParseToken(ApiCall& call,
                                                       std::vector<std::string> scopes) {
  AccountBody body(call.request.body);
  NewToken out;
  out.name = body.Text("name", kNameBytesMax).value_or("");
  out.scopes = body.Texts("scopes", AllScopes().size()).value_or(std::move(scopes));
  if (out.scopes.empty()) body.Require("scopes", false);
  for (const auto& scope : out.scopes) {
    if (std::find(AllScopes().begin(), AllScopes().end(), scope) == AllScopes().end()) {
      body.Refuse("scopes", "There is no scope '" + scope + "'.");
      break;
    }
  }
  const auto days = body.Int("expiresInDays").value_or(kLifeDays);
  if (days < 0 || days > kLifeDaysMax) {
    body.Refuse("expiresInDays", "0 (never) to " + std::to_string(kLifeDaysMax) + " days.");
  } else if (days > 0) {
    out.expires_at = Timestamp{call.now.micros + days * kMicrosPerDay};
  }
  if (auto problem = body.Problem()) return tl::unexpected(std::move(*problem));
  out.issued_at = call.now;
  out.url = call.public_url;
  return out;
}

struct TokenOnPath {
  Scope scope;
  Token token;
};

Result<TokenOnPath> TokenFromPath(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto id = ParseDigits(call.path.Get("token"));
  auto tokens = ListTokens(call.session, scope->Organization());
  if (!tokens) return Fail(tokens.error());
  for (auto& token : *tokens) {
    if (token.kind != "organization" || token.revoked_at || token.id.value != id) continue;
    return TokenOnPath{std::move(*scope), std::move(token)};
  }
  return NotFound();
}

}  // namespace

Answer ListPersonalTokens(ApiCall& call) {
  auto tokens = ListTokensOfUser(call.session, call.caller.user->id);
  if (!tokens) return Fail(tokens.error());
  return RespondTokens(call, std::move(*tokens), &WritePersonalToken);
}

Answer PostPersonalToken(ApiCall& call) {
  auto wanted = ParseToken(call, {});
  if (!wanted) return std::move(wanted.error());
  wanted->kind = "user";
  wanted->user = call.caller.user->id;
  auto minted = CreateToken(call.session, call.random, *wanted, AuditByOf(call));
  if (!minted) return Fail(minted.error());
  return RespondToken(201, minted->token, minted->text, &WritePersonalToken);
}

Answer DeletePersonalToken(ApiCall& call) {
  auto id = ParseDigits(call.path.Get("token"));
  if (!id) return NotFound();
  auto done = RevokeTokenOfUser(call.session, call.caller.user->id, TokenId{*id}, AuditByOf(call));
  if (!done) return Fail(done.error());
  return RespondEmpty(204);
}

Answer ListOrganizationTokens(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto tokens = ListTokens(call.session, scope->Organization());
  if (!tokens) return Fail(tokens.error());
  std::erase_if(*tokens, [](const Token& token) { return token.kind != "organization"; });
  return RespondTokens(call, std::move(*tokens), &WriteOrganizationToken);
}

Answer PostOrganizationToken(ApiCall& call) {
  auto scope = OrganizationScope(call);
  if (!scope) return Fail(scope.error());
  auto wanted = ParseToken(call, {"org:ci"});
  if (!wanted) return std::move(wanted.error());
  if (wanted->name.empty()) return RespondFieldError({"name"}, "This field is required.");
  for (const auto& permission : wanted->scopes) {
    if (scope->Allows(permission)) continue;
    return RespondFieldError({"scopes"}, "You may not do '" + permission + "' yourself.");
  }
  wanted->kind = "organization";
  wanted->organization = scope->Organization();
  auto minted = CreateToken(call.session, call.random, *wanted, AuditByOf(call));
  if (!minted) return Fail(minted.error());
  return RespondToken(201, minted->token, minted->text, &WriteOrganizationToken);
}

Answer GetOrganizationToken(ApiCall& call) {
  auto found = TokenFromPath(call);
  if (!found) return Fail(found.error());
  return RespondToken(200, found->token, "", &WriteOrganizationToken);
}

Answer PutOrganizationToken(ApiCall& call) {
  auto found = TokenFromPath(call);
  if (!found) return Fail(found.error());
  AccountBody body(call.request.body);
  auto name = body.Text("name", kNameBytesMax);
  body.Require("name", name && !name->empty());
  if (auto problem = body.Problem()) return std::move(*problem);
  auto done = RenameToken(call.session, found->scope.Organization(), found->token.id, *name);
  if (!done) return Fail(done.error());
  return RespondEmpty(204);
}

Answer DeleteOrganizationToken(ApiCall& call) {
  auto found = TokenFromPath(call);
  if (!found) return Fail(found.error());
  auto done =
      RevokeToken(call.session, found->scope.Organization(), found->token.id, AuditByOf(call));
  if (!done) return Fail(done.error());
  return RespondEmpty(204);
}

}  // namespace mishap

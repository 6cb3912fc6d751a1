// mishap token create|list|revoke.
#include <cstdio>

#include "fmt/format.h"
#include "server/commands.h"
#include "server/database_access.h"
#include "server/dsn_of.h"
#include "server/only_one.h"
#include "server/token_scopes.h"
#include "storage/token_store.h"
#include "storage/user_store.h"

namespace mishap {
namespace {

std::string Joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// Where a user's token opens something: a token outside the memberships would be dead.
Result<Organization> ChooseMembership(Session& session, const User& user, const std::string& slug) {
  auto all = OrganizationsOf(session, user.id);
  if (!all) return Fail(all.error());
  std::string slugs;
  for (const Organization& organization : *all) {
    if (organization.slug == slug || (slug.empty() && all->size() == 1)) return organization;
    slugs += (slugs.empty() ? "" : ", ") + organization.slug;
  }
  const std::string where = slugs.empty() ? "of no organization" : "of " + slugs;
  return Fail(Reason::kInvalidArgument,
              slug.empty() ? fmt::format("{} is a member {}: say which with --organization",
                                         user.email, where)
                           : fmt::format("{} is a member {}, not of {}", user.email, where, slug));
}

Result<MintedToken> Mint(CommandContext& context, Session& session, const TokenCommand& options) {
  NewToken wanted;
  wanted.kind = options.user.empty() ? "organization" : "user";
  wanted.name = options.name;
  wanted.scopes = options.scopes.empty() ? TriageScopes() : options.scopes;
  Result<Organization> organization = Fail(Reason::kNotFound, "");
  if (options.user.empty()) {
    organization = FindOrganization(session, options.organization);
  } else {
    auto user = FindUser(session, options.user);
    if (!user) return Fail(user.error());
    wanted.user = user->id;
    organization = ChooseMembership(session, *user, options.organization);
  }
  if (!organization) return Fail(organization.error());
  wanted.organization = organization->id;
  if (options.expires_days > 0) {
    wanted.expires_at =
        Timestamp{context.clock.Now().micros + options.expires_days * kMicrosPerDay};
  }
  wanted.url = ConfiguredUrl(context.config);
  while (wanted.url.ends_with('/')) wanted.url.pop_back();
  wanted.issued_at = context.clock.Now();
  return CreateToken(session, context.random, wanted, ByCommandLine(context));
}

}  // namespace

int RunTokenCreate(CommandContext& context, const TokenCommand& options) {
  if (options.user.empty() && options.organization.empty()) {
    return PrintError(
        {Reason::kInvalidArgument, "say whose token it is: --user EMAIL or --organization SLUG"});
  }
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto minted = Mint(context, database->Use(), options);
  if (!minted) return PrintError(minted.error());
  PrintTable(
      context, {"Id", "Scopes", "Token"},
      {{fmt::format("{}", minted->token.id.value), Joined(minted->token.scopes), minted->text}},
      "");
  if (!context.json) fmt::print("It is not shown again.\n");
  return 0;
}

int RunTokenList(CommandContext& context) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto organizations = ListOrganizations(database->Use());
  if (!organizations) return PrintError(organizations.error());
  std::vector<std::vector<std::string>> rows;
  // {}: people's tokens for all their organizations.
  organizations->push_back({{}, "(all of the user)", "", {}});
  for (const Organization& organization : *organizations) {
    auto tokens = ListTokens(database->Use(), organization.id);
    if (!tokens) return PrintError(tokens.error());
    for (const Token& token : *tokens) {
      const bool expired = token.expires_at && *token.expires_at < context.clock.Now();
      rows.push_back({fmt::format("{}", token.id.value), organization.slug, token.kind, token.name,
                      "..." + token.last_characters,
                      token.revoked_at ? "revoked" : (expired ? "expired" : "active"),
                      token.last_used_at ? FormatTimestamp(*token.last_used_at) : "never",
                      Joined(token.scopes)});
    }
  }
  PrintTable(context,
             {"Id", "Organization", "Kind", "Name", "Ends in", "State", "Last used", "Scopes"},
             rows, "no tokens");
  return 0;
}

int RunTokenRevoke(CommandContext& context, const TokenCommand& options) {
  auto database = DatabaseAccess::Open(context);
  if (!database) return PrintError(database.error());
  auto done = RevokeAnyToken(database->Use(), TokenId{options.id}, ByCommandLine(context));
  if (!done) return PrintError(done.error());
  fmt::print("revoked token {}\n", options.id);
  return 0;
}

}  // namespace mishap

// An invite's link, opened by somebody who may have no account yet. The secret in the path is the
// credential: 256 bits, good once and for 72 hours.
#include "api/account/account_body.h"
#include "api/account/account_resources.h"
#include "api/authentication.h"
#include "base/json_writer.h"

namespace mishap {
namespace {

constexpr std::size_t kNameBytesMax = 200;

using Accepted = tl::expected<User, HttpMessageResponse>;

// Who has an account proves it: with a login or the password. Who has none makes one.
Result<Accepted> AccountFor(ApiCall& call, const OpenInvite& invite) {
  if (call.caller.IsSession() && call.caller.user->email == invite.email) {
    auto user = FindUserById(call.session, call.caller.user->id);
    if (!user) return Fail(user.error());
    return Accepted(std::move(*user));
  }
  AccountBody body(call.request.body);
  auto name = body.Text("name", kNameBytesMax);
  auto password = body.Secret("password", kPasswordBytesMax);
  body.Require("password", password.has_value());
  if (password && !invite.has_account && password->size() < kPasswordBytesMin) {
    body.Refuse("password",
                "A password has at least " + std::to_string(kPasswordBytesMin) + " characters.");
  }
  if (auto problem = body.Problem()) return Accepted(tl::unexpected(std::move(*problem)));
  if (invite.has_account) return CheckLogin(call, invite.email, *password);
  auto made = CreateUser(call.session, invite.email, name.value_or(""), *password);
  if (!made) return Fail(made.error());
  return Accepted(std::move(*made));
}

}  // namespace

Answer GetInvite(ApiCall& call) {
  auto invite = FindInvite(call.session, call.path.Get("secret"), call.now);
  if (!invite) return Fail(invite.error());
  std::string body;
  JsonWriter json(body);
  json.BeginObject().Field("organizationSlug", invite->organization_slug);
  json.Field("organizationName", invite->organization_name).Field("email", invite->email);
  json.Field("orgRole", invite->role).Field("expiresAt", invite->expires_at);
  json.Field("hasAccount", invite->has_account).EndObject();
  return RespondJson(200, std::move(body));
}

Answer AcceptInviteLink(ApiCall& call) {
  if (IsCrossSite(call.request, call.public_url)) return RefuseCrossSite();
  auto invite = FindInvite(call.session, call.path.Get("secret"), call.now);
  if (!invite) return Fail(invite.error());
  auto user = AccountFor(call, *invite);
  if (!user) return Fail(user.error());
  if (!*user) return std::move(user->error());
  const AuditBy by{(*user)->id, (*user)->email, call.front.client_ip(call.request), call.now};
  auto done = AcceptInvite(call.session, by, call.path.Get("secret"), (*user)->id);
  if (!done) return Fail(done.error());
  return RespondSignedIn(call, **user);
}

}  // namespace mishap

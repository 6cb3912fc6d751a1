// Signing in and out: the session of a browser (decisions 3.9), its CSRF token, its siblings on
// other machines, the password. No counterpart in Sentry's API: below mishap/ (decisions 3.11).
#include "api/account/account_body.h"
#include "api/account/account_resources.h"
#include "api/account/account_shapes.h"
#include "api/authentication.h"
#include "api/object_shapes.h"
#include "storage/user_store.h"

namespace mishap {
namespace {

constexpr std::size_t kEmailBytesMax = 254;
constexpr std::size_t kNameBytesMax = 200;

UserRow RowOf(const User& user, Timestamp now) {
  UserRow row;
  row.id = user.id;
  row.email = user.email;
  row.name = user.name;
  row.is_active = user.active;
  row.created_at = user.created_at;
  row.last_login_at = now;
  return row;
}

// 429 with Retry-After while this account or address has failed too often.
Result<std::optional<HttpMessageResponse>> Throttled(ApiCall& call, const std::string& email) {
  auto wait = LoginWait(call.session, email, call.front.client_ip(call.request), call.now);
  if (!wait) return Fail(wait.error());
  if (*wait == 0) return std::optional<HttpMessageResponse>();
  auto out = RespondDetail(
      429, "Too many failed logins; try again in " + std::to_string(*wait) + " seconds.");
  out.headers.emplace_back("Retry-After", std::to_string(*wait));
  return std::optional(std::move(out));
}

std::int64_t CookieSeconds() {
  return kSessionAgeMicros / kMicrosPerSecond;
}

void WriteSessionOf(const std::optional<UserRow>& user, const std::optional<std::string>& csrf,
                    JsonWriter& json) {
  json.BeginObject().Key("user");
  if (user) {
    WriteUser(*user, json);
  } else {
    json.Null();
  }
  json.Key("csrfToken");
  csrf ? json.String(*csrf) : json.Null();
  json.EndObject();
}

}  // namespace

HttpMessageResponse RefuseCrossSite() {
  return RespondDetail(403, "CSRF Failed: the request comes from another site.");
}

Result<tl::expected<User, HttpMessageResponse>> CheckLogin(ApiCall& call, const std::string& email,
                                                           const std::string& password) {
  using Checked = tl::expected<User, HttpMessageResponse>;
  auto throttled = Throttled(call, email);
  if (!throttled) return Fail(throttled.error());
  if (*throttled) return Checked(tl::unexpected(std::move(**throttled)));
  auto user = CheckPassword(call.session, email, password);
  if (user) return Checked(std::move(*user));
  if (user.error().reason != Reason::kUnauthenticated) return Fail(user.error());
  auto noted = NoteLoginFailure(call.session, email, call.front.client_ip(call.request), call.now);
  if (!noted) return Fail(noted.error());
  return Checked(tl::unexpected(RespondDetail(401, user.error().detail)));
}

Answer RespondSignedIn(ApiCall& call, const User& user) {
  AuditBy by{user.id, user.email, call.front.client_ip(call.request), call.now};
  auto begun = BeginSession(call.session, call.random, by, call.request.Header("User-Agent"));
  if (!begun) return Fail(begun.error());
  if (call.front.on_login) call.front.on_login();
  std::string body;
  JsonWriter json(body);
  WriteSessionOf(RowOf(user, call.now), CsrfTokenOf(begun->cookie), json);
  auto out = RespondJson(200, std::move(body));
  out.headers.emplace_back("Set-Cookie",
                           CookieHeader(call.public_url, begun->cookie, CookieSeconds()));
  return out;
}

Answer PostLogin(ApiCall& call) {
  if (IsCrossSite(call.request, call.public_url)) return RefuseCrossSite();
  AccountBody body(call.request.body);
  auto email = body.Text("email", kEmailBytesMax);
  auto password = body.Secret("password", kPasswordBytesMax);
  body.Require("email", email.has_value());
  body.Require("password", password.has_value());
  if (auto problem = body.Problem()) return std::move(*problem);
  auto user = CheckLogin(call, *email, *password);
  if (!user) return Fail(user.error());
  if (!*user) return std::move(user->error());
  return RespondSignedIn(call, **user);
}

Answer PostLogout(ApiCall& call) {
  auto ended = EndSession(call.session, AuditByOf(call), {call.caller.token.value});
  if (!ended && ended.error().reason != Reason::kNotFound) return Fail(ended.error());
  auto out = RespondEmpty(204);
  out.headers.emplace_back("Set-Cookie", CookieHeader(call.public_url, "", 0));
  return out;
}

Answer GetSession(ApiCall& call) {
  std::optional<std::string> csrf;
  if (call.caller.IsSession()) {
    if (auto cookie = CookieOf(call.request, call.public_url)) csrf = CsrfTokenOf(*cookie);
  }
  std::string body;
  JsonWriter json(body);
  WriteSessionOf(call.caller.user, csrf, json);
  return RespondJson(200, std::move(body));
}

Answer ListLoginSessions(ApiCall& call) {
  auto rows = ReadSessions(call.session, call.caller.user->id, call.now);
  if (!rows) return Fail(rows.error());
  auto page = PageOf(call, rows->size());
  if (!page) return Fail(page.error());
  std::string body;
  JsonWriter json(body);
  json.BeginArray();
  for (auto i = page->begin; i < page->end; ++i) {
    WriteLoginSession((*rows)[i], (*rows)[i].id.value == call.caller.token.value, json);
  }
  json.EndArray();
  return RespondPage(call, std::move(body), *page, rows->size());
}

Answer DeleteLoginSession(ApiCall& call) {
  auto id = ParseDigits(call.path.Get("session"));
  if (!id) return NotFound();
  auto ended = EndSession(call.session, AuditByOf(call), {*id});
  if (!ended) return Fail(ended.error());
  return RespondEmpty(204);
}

Answer PutMe(ApiCall& call) {
  AccountBody body(call.request.body);
  auto name = body.Text("name", kNameBytesMax);
  if (auto problem = body.Problem()) return std::move(*problem);
  UserRow user = *call.caller.user;
  if (name) {
    if (auto set = SetUserName(call.session, user.id, *name); !set) return Fail(set.error());
    user.name = *name;
  }
  std::string out;
  JsonWriter json(out);
  WriteUser(user, json);
  return RespondJson(200, std::move(out));
}

Answer PutPassword(ApiCall& call) {
  AccountBody body(call.request.body);
  auto old_password = body.Secret("password", kPasswordBytesMax);
  auto new_password = body.Secret("passwordNew", kPasswordBytesMax);
  body.Require("password", old_password.has_value());
  body.Require("passwordNew", new_password.has_value());
  if (new_password && new_password->size() < kPasswordBytesMin) {
    body.Refuse("passwordNew",
                "A password has at least " + std::to_string(kPasswordBytesMin) + " characters.");
  }
  if (auto problem = body.Problem()) return std::move(*problem);
  const auto& user = *call.caller.user;
  auto checked = CheckLogin(call, user.email, *old_password);
  if (!checked) return Fail(checked.error());
  if (!*checked) {
    if (checked->error().status == 429) return std::move(checked->error());
    return RespondFieldError({"password"}, "The password is wrong.");
  }
  if (auto set = SetPassword(call.session, user.id, *new_password); !set) return Fail(set.error());
  auto ended = EndSessionsExcept(call.session, user.id, {call.caller.token.value}, call.now);
  if (!ended) return Fail(ended.error());
  for (const auto& scope : call.caller.scopes) {
    auto noted = AppendAudit(call.session, AuditByOf(call), scope.Organization(),
                             {"auth.password", user.email});
    if (!noted) return Fail(noted.error());
  }
  return RespondEmpty(204);
}

}  // namespace mishap

"""Accounts as a browser and an operator meet them: login, CSRF, throttle, invites, roles, teams, tokens, the audit log.
Used by run.py."""
import base64
import json
import re

from tests.fixture.mishap import request


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class Browser:
    """A signed-in person: the cookie, and the CSRF token with every change."""

    def __init__(self, server):
        self.server = server
        self.cookie = self.csrf = None

    def send(self, method, path, body=None, **headers):
        sent = {k.replace("_", "-"): v for k, v in headers.items()}
        if self.cookie:
            sent["Cookie"] = f"other=1; {self.cookie}"
        if self.csrf and method not in ("GET", "HEAD"):
            sent.setdefault("X-CSRF-Token", self.csrf)
        data = None if body is None else json.dumps(body).encode()
        answer = request(method, f"{self.server.http}/api/0/{path}", data, sent)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    def keep(self, answer):
        equal("signed in", answer.status, 200)
        self.csrf = answer.json()["csrfToken"]
        return answer

    def login(self, email, password):
        return self.keep(self.send("POST", "mishap/login/", {"email": email, "password": password}))


def owner_of(server):
    first = json.loads((server.data_dir / "first-run.json").read_text())
    browser = Browser(server)
    browser.login(first["owner"], first["password"])
    return browser, first


def logins_and_cookies(server):
    """Login, cookie, CSRF, logout; first-run.json goes with the first login; wrong passwords are throttled."""
    assert (server.data_dir / "first-run.json").exists()
    browser, first = owner_of(server)
    assert not (server.data_dir / "first-run.json").exists(), "the first login ends first-run.json"
    again = Browser(server)
    answer = again.login(first["owner"], first["password"])
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"mishap=[0-9a-f]{64}; Path=/; Max-Age=1209600; HttpOnly; SameSite=Lax", cookie), cookie
    equal("who", browser.send("GET", "users/me/").json()["email"], first["owner"])
    equal("no CSRF token", browser.send("PUT", "users/me/", {"name": "x"}, X_CSRF_Token="0").status, 403)
    equal("another site", browser.send("PUT", "users/me/", {"name": "x"}, Origin="http://evil.example").status, 403)
    equal("another site", browser.send("PUT", "users/me/", {"name": "x"}, Sec_Fetch_Site="cross-site").status, 403)
    equal("same site", browser.send("PUT", "users/me/", {"name": "Olga"}, Origin=server.http).json()["name"], "Olga")
    equal("cross-site login", Browser(server).send("POST", "mishap/login/", {"email": "a@b.c", "password": "x"},
                                                   Sec_Fetch_Site="cross-site").status, 403)
    sessions = browser.send("GET", "mishap/sessions/").json()
    equal("two logins", [s["isCurrent"] for s in sessions], [False, True])
    wrong = browser.send("PUT", "mishap/password/", {"password": "wrong", "passwordNew": "long enough"})
    equal("the old password is asked for", (wrong.status, list(wrong.json())), (400, ["password"]))
    changed = browser.send("PUT", "mishap/password/", {"password": first["password"], "passwordNew": "a better one"})
    equal("password", changed.status, 204)
    equal("other logins ended", again.send("GET", "users/me/").status, 401)
    equal("this one did not", browser.send("GET", "users/me/").status, 200)
    equal("logout", browser.send("POST", "mishap/logout/").status, 204)
    equal("cookie is gone", browser.cookie, "mishap=")
    equal("signed out", browser.send("GET", "mishap/session/").json(), {"user": None, "csrfToken": None})
    stranger = Browser(server)
    statuses = [stranger.send("POST", "mishap/login/", {"email": "nobody@example.com", "password": "x"}).status for _ in range(6)]
    equal("throttle", statuses, [401] * 5 + [429])
    refused = stranger.send("POST", "mishap/login/", {"email": "nobody@example.com", "password": "x"})
    assert 0 < int(refused.headers["retry-after"]) <= 900, refused.headers
    browser.login(first["owner"], "a better one")
    return browser


def invites_roles_and_teams(server, owner):
    """An invite's link makes a member; teams decide what she sees; nobody rises above himself."""
    org = server.organization
    team = owner.send("POST", f"organizations/{org}/teams/", {"name": "Core Team"})
    equal("team", (team.status, team.json()["slug"]), (201, "core-team"))
    equal("twice", owner.send("POST", f"organizations/{org}/teams/", {"slug": "core-team"}).status, 409)
    invited = owner.send("POST", f"organizations/{org}/members/",
                         {"email": "Ann@example.com", "orgRole": "member", "teamRoles": [{"teamSlug": "core-team", "role": None}]})
    equal("invited", (invited.status, invited.json()["pending"], invited.json()["email"]), (201, True, "ann@example.com"))
    link = invited.json()["inviteLink"]
    secret = link.split("/invite/")[1].strip("/")
    equal("shown once", "inviteLink" in owner.send("GET", f"organizations/{org}/members/{invited.json()['id']}/").json(), False)
    equal("invited already", owner.send("POST", f"organizations/{org}/members/", {"email": "ann@example.com"}).status, 409)
    renewed = owner.send("PUT", f"organizations/{org}/members/{invited.json()['id']}/", {"regenerate": True}).json()
    ann = Browser(server)
    equal("the old link is dead", ann.send("GET", f"mishap/invites/{secret}/").status, 404)
    secret = renewed["inviteLink"].split("/invite/")[1].strip("/")
    equal("link", ann.send("GET", f"mishap/invites/{secret}/").json()["organizationSlug"], org)
    short = ann.send("POST", f"mishap/invites/{secret}/accept/", {"password": "short"})
    equal("short password", (short.status, list(short.json())), (400, ["password"]))
    ann.keep(ann.send("POST", f"mishap/invites/{secret}/accept/", {"name": "Ann", "password": "correct horse"}))
    equal("good once", ann.send("POST", f"mishap/invites/{secret}/accept/", {"password": "correct horse"}).status, 404)

    me = ann.send("GET", f"organizations/{org}/members/me/").json()
    equal("member", (me["orgRole"], me["teams"], me["pending"]), ("member", ["core-team"], False))
    equal("sees nothing yet", ann.send("GET", f"organizations/{org}/projects/").json(), [])
    equal("404, not 403", ann.send("GET", f"projects/{org}/{server.project}/").status, 404)
    added = owner.send("POST", f"projects/{org}/{server.project}/teams/core-team/")
    equal("team added", (added.status, [t["slug"] for t in added.json()["teams"]]), (201, ["core-team", "everyone"]))
    equal("sees it", [p["slug"] for p in ann.send("GET", f"organizations/{org}/projects/").json()], [server.project])
    equal("may not", ann.send("POST", f"organizations/{org}/teams/", {"slug": "x"}).status, 403)
    equal("may not join", ann.send("POST", f"organizations/{org}/members/me/teams/everyone/").status, 403)
    owner.send("PUT", f"organizations/{org}/", {"openMembership": True})
    equal("may join now", ann.send("POST", f"organizations/{org}/members/me/teams/everyone/").status, 201)
    equal("is in it", ann.send("POST", f"organizations/{org}/members/me/teams/everyone/").status, 204)

    equal("viewer", owner.send("PUT", f"organizations/{org}/members/{me['id']}/", {"orgRole": "viewer"}).json()["orgRole"], "viewer")
    equal("only reads", ann.send("PUT", f"organizations/{org}/issues/?id=1", {"status": "resolved"}).status, 403)
    owner.send("PUT", f"organizations/{org}/members/{me['id']}/", {"orgRole": "manager"})
    above = ann.send("POST", f"organizations/{org}/members/", {"email": "bob@example.com", "orgRole": "owner"})
    equal("not above oneself", above.status, 403)
    boss = owner.send("GET", f"organizations/{org}/members/me/").json()
    equal("nor against", ann.send("DELETE", f"organizations/{org}/members/{boss['id']}/").status, 403)
    equal("the last owner stays", owner.send("DELETE", f"organizations/{org}/members/{boss['id']}/").status, 403)
    equal("users", [u["projects"] for u in owner.send("GET", f"organizations/{org}/users/").json()], [[server.project]] * 2)
    equal("removed", owner.send("DELETE", f"organizations/{org}/members/{me['id']}/").status, 204)
    equal("nothing left", ann.send("GET", f"organizations/{org}/").status, 404)


def tokens_and_audit(server, owner):
    """Tokens are made by people, shown once, never above their owner; what happened stands in the audit log."""
    org = server.organization
    made = owner.send("POST", "api-tokens/", {"name": "laptop", "scopes": ["org:read", "event:write"]})
    equal("made", made.status, 201)
    token = made.json()["token"]
    assert re.fullmatch(r"mishap_user_[0-9A-Za-z]{36}", token), token
    listed = owner.send("GET", "api-tokens/").json()
    equal("never again", [("token" in t, t["name"]) for t in listed if t["name"] == "laptop"], [(False, "laptop")])
    equal("opens", server.api("organizations/", token=token).json()[0]["slug"], org)
    equal("scope", server.api(f"projects/{org}/{server.project}/", token=token).status, 403)
    typo = token[:-1] + ("a" if token[-1] != "a" else "b")
    equal("typo", server.api("", token=typo).status, 401)
    equal("a token makes no token", server.api("api-tokens/", "POST", {"name": "x", "scopes": ["org:read"]}, token=token).status, 403)
    equal("unknown scope", owner.send("POST", "api-tokens/", {"scopes": ["org:everything"]}).status, 400)
    equal("revoked", owner.send("DELETE", f"api-tokens/{made.json()['id']}/").status, 204)
    equal("opens nothing", server.api("", token=token).status, 401)

    ci = owner.send("POST", f"organizations/{org}/org-auth-tokens/", {"name": "ci"}).json()
    equal("scopes", ci["scopes"], ["org:ci"])
    kind, claims, secret = ci["token"].split("_")
    said = json.loads(base64.b64decode(claims))
    equal("claims", (kind, said["org"], said["url"], said["iat"] > 0, len(secret)), ("sntrys", org, server.http, True, 43))
    root = server.api("", token=ci["token"]).json()
    equal("root", (root["auth"]["scopes"], root["user"]), (["org:ci"], None))
    equal("renamed", owner.send("PUT", f"organizations/{org}/org-auth-tokens/{ci['id']}/", {"name": "build"}).status, 204)
    one = owner.send("GET", f"organizations/{org}/org-auth-tokens/{ci['id']}/").json()
    equal("last used", (one["name"], one["dateLastUsed"] is not None, "token" in one), ("build", True, False))
    equal("ended", owner.send("DELETE", f"organizations/{org}/org-auth-tokens/{ci['id']}/").status, 204)
    equal("ended", server.api("", token=ci["token"]).status, 401)

    events, path = [], f"organizations/{org}/audit-logs/?per_page=5"
    while path:
        answer = owner.send("GET", path)
        events += [row["event"] for row in answer.json()["rows"]]
        more = re.search(r'rel="next"; results="true"; cursor="([^"]+)"', answer.headers["link"])
        path = f"organizations/{org}/audit-logs/?per_page=5&cursor={more.group(1)}" if more else None
    for wanted in ("auth.login", "auth.password", "team.create", "member.invite", "member.accept-invite", "member.join-team",
                   "member.edit", "member.remove", "project.add-team", "org.edit", "token.create", "token.revoke"):
        assert wanted in events, f"{wanted} is not in the audit log: {events}"


def accounts():
    """Logins, invites, roles, teams, tokens and the audit log on one server."""
    from tests.e2e.run import Running
    with Running() as server:
        owner = logins_and_cookies(server)
        invites_roles_and_teams(server, owner)
        tokens_and_audit(server, owner)

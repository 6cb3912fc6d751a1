"""What people set for a project, at its doors: refused requests are shown, a revoked key ends on every server, quotas by API, the way
back from a change of several issues; the cookie of a server behind https."""
import json
import time

from tests.e2e.accounts import Browser
from tests.e2e.triage import Desk, equal
from tests.fixture import process
from tests.fixture.mishap import MishapServer, request

EVENT = b'{}\n{"type":"event"}\n{"message":"boom"}'


def send(server, project, key, body=EVENT, client=""):
    return request("POST", f"{server.http}/api/{project}/envelope/?sentry_key={key}&sentry_client={client}", body)


def refused_requests_are_shown():
    """Unknown and cut keys, bad bodies and rate limits stand in the project's list with time, door and reason; a key never whole."""
    with Desk() as desk:
        server = desk.server
        path = f"mishap/projects/{server.organization}/{server.project}/refused/"
        equal("nothing yet", server.api(path).json(), [])
        cut = server.public_key[:-1] + ("0" if server.public_key[-1] != "0" else "1")
        for _ in range(3):
            equal("wrong key", send(server, server.project_id, cut, client="shop/1").status, 403)
        equal("half a key", send(server, server.project_id, cut[:20]).status, 400)
        equal("bad body", send(server, server.project_id, server.public_key, b"no envelope").status, 400)
        equal("nobody's project", send(server, 4711, cut).status, 403)
        rows = server.api(path).json()
        equal("newest first", [(row["door"], row["method"], row["status"], row["reason"], row["times"]) for row in rows],
              [("envelope", "POST", 400, "invalid_envelope", 1), ("envelope", "POST", 400, rows[1]["reason"], 1),
               ("envelope", "POST", 403, "unknown_key", 3)])
        equal("client", (rows[2]["client"], rows[2]["ip"]), ("shop/1", "127.0.0.1"))
        assert cut[:4] in rows[2]["key"] and cut not in json.dumps(rows) and cut[:20] not in json.dumps(rows) and rows[2]["detail"], rows
        quota = {"quotas": [{"categories": ["error"], "limit": 0, "window": 60}], "scrubIPAddresses": True}
        equal("quota", server.api(f"projects/{server.organization}/{server.project}/", "PUT", quota).status, 200)
        process.wait_until(lambda: send(server, server.project_id, server.public_key).status == 429, 10, "the quota to be known")
        newest = server.api(path).json()[0]
        equal("rate limit", (newest["status"], newest["reason"], newest["ip"]), (429, "rate_limited", None))
        print(f"  {newest['dateCreated']} {newest['method']} {newest['door']}: {newest['status']} {newest['reason']}, {rows[2]['key']}")


def a_revoked_key_ends_on_every_server():
    """Two servers on one database: a key that is made is good, and one that is revoked is refused, on both within 5 s."""
    with Desk() as desk:
        servers = [desk.server, MishapServer(desk.server.database_url)]
        try:
            servers[1].start()
            keys = f"projects/{desk.server.organization}/{desk.server.project}/keys/"
            key = desk.server.api(keys, "POST", {"name": "second"}).json()["public"]
            project = desk.server.project_id
            for server in servers:
                process.wait_until(lambda at=server: send(at, project, key).status == 200, 10, "the key to be known")
            for how, undo in (("PUT", {"isActive": True}), ("DELETE", None)):
                begun = time.monotonic()
                answer = desk.server.api(f"{keys}{key}/", how, {"isActive": False} if how == "PUT" else None)
                assert answer.status in (200, 204), answer.body
                took = []
                for server in servers:
                    process.wait_until(lambda at=server: send(at, project, key).status == 403, 20, "the key to be refused")
                    took.append(time.monotonic() - begun)
                assert max(took) < 5, f"{how}: refused after {took} s"
                print(f"  {how}: refused after {took[0]:.1f} s and {took[1]:.1f} s")
                if undo:
                    equal("again", desk.server.api(f"{keys}{key}/", "PUT", undo).status, 200)
                    for server in servers:
                        process.wait_until(lambda at=server: send(at, project, key).status == 200, 10, "the key to be good again")
        finally:
            servers[1].close()


def a_change_of_several_issues_is_undone_by_its_token():
    """X-Mishap-Undo of the bulk PUT leads back; what somebody changed since stays."""
    with Desk() as desk:
        issues = []
        for kind in ("One", "Two", "Three"):
            desk.event(kind)
            issues.append(desk.issue(kind))
        ids = "&".join(f"id={issue['id']}" for issue in issues)
        done = desk.call("PUT", f"issues/?{ids}", {"status": "resolved"})
        equal("changed", (done.status, done.json()["status"]), (200, "resolved"))
        token = done.headers["x-mishap-undo"]
        desk.put(issues[2], {"status": "ignored"})
        equal("undo", desk.bulk("POST", f"{token}/undo/").status, 202)
        process.wait_until(lambda: desk.bulk("GET", f"{token}/").json()["state"] == "undone", 20, "the undo")
        states = [desk.call("GET", f"issues/{issue['id']}/").json()["status"] for issue in issues]
        equal("back, but for what was changed since", states, ["unresolved", "unresolved", "ignored"])
        equal("once", desk.bulk("POST", f"{token}/undo/").status, 409)
        again = desk.call("PUT", f"issues/?id={issues[0]['id']}", {"status": "unresolved"})
        equal("nothing changed, nothing to undo", (again.status, "x-mishap-undo" in again.headers), (200, False))


def cookies_follow_the_public_url():
    """https: __Host-, Secure, no domain; a plain cookie of that name is not one. http: see accounts."""
    with Desk() as desk:
        desk.server.environment["MISHAP_SERVER__PUBLIC_URL"] = "https://errors.example.com"
        equal("stop", desk.server.stop(), 0)
        desk.server.start()
        first = json.loads((desk.server.data_dir / "first-run.json").read_text())
        browser = Browser(desk.server)
        answer = browser.login(first["owner"], first["password"])
        cookie = answer.headers["set-cookie"]
        name, value = cookie.split(";")[0].split("=")
        equal("name", name, "__Host-mishap")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; ")) and "Domain" not in cookie, cookie
        equal("who", browser.send("GET", "users/me/").status, 200)
        equal("same site", browser.send("PUT", "users/me/", {"name": "x"}, Origin="https://errors.example.com").status, 200)
        equal("the http form is another site", browser.send("PUT", "users/me/", {"name": "x"}, Origin="http://errors.example.com").status, 403)
        browser.cookie = f"mishap={value}"
        equal("a cookie that another host of the domain could set", browser.send("GET", "users/me/").status, 401)


TESTS = [refused_requests_are_shown, a_revoked_key_ends_on_every_server, a_change_of_several_issues_is_undone_by_its_token,
         cookies_follow_the_public_url]

"""The new `sentry` command line (npm `sentry`; web-api 1.3)."""
import json
import pathlib
import subprocess
import tempfile

from tests.e2e.wire import event_envelope, new_id
from tests.fixture.mishap import request
from tests.sdk import packages
from tests.tools.sentry_cli import clean_environment

PACKAGE = "sentry@0.49.0"
RUN_S = 90
BROKEN = ("    at ", "TypeError:", "ZodError", "Internal Error")


class NewCli:
    def __init__(self, server):
        self.modules = packages.npm(PACKAGE)
        self.node = packages.node()
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {**clean_environment(), "HOME": self.folder.name, "SENTRY_HOST": server.http,
                            "SENTRY_AUTH_TOKEN": server.ready["token"], "SENTRY_FORCE_ENV_TOKEN": "1",
                            "SENTRY_CLI_NO_TELEMETRY": "1", "SENTRY_CLI_NO_UPDATE_CHECK": "1", "SENTRY_NO_CACHE": "1",
                            "NO_COLOR": "1"}

    def __call__(self, *arguments, says=(), refused=False):
        done = subprocess.run([self.node, self.modules / ".bin" / "sentry", *arguments], capture_output=True, text=True,
                              cwd=self.folder.name, timeout=RUN_S, env=self.environment)
        out = done.stdout + done.stderr
        assert (done.returncode != 0) == refused, f"sentry {' '.join(arguments)}: exit {done.returncode}\n{out}"
        for words in says:
            assert words in out, f"sentry {' '.join(arguments)} does not say {words!r}:\n{out}"
        for words in BROKEN:
            assert words not in out, f"sentry {' '.join(arguments)} breaks:\n{out}"
        return out


def _send(server, **more):
    event_id = new_id()
    sent = request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
                   event_envelope(event_id, {"event_id": event_id, "platform": "node", "level": "error", "release": "shop@1.0",
                                             "environment": "production", **more}))
    assert sent.status == 200, sent.body
    return event_id


def walk(server):
    _send(server, exception={"values": [{"type": "TillError", "value": "the till is empty"}]})
    issue = server.wait_issues(1)[0]
    run = NewCli(server)
    target = f"{server.organization}/{server.project}"
    try:
        run("org", "list", says=[server.organization])
        run("project", "list", f"{server.organization}/", says=[server.project])
        run("issue", "list", target, says=[issue["shortId"], "TillError"])
        run("issue", "view", issue["shortId"], says=["TillError", "the till is empty"])
        run("release", "list", target, says=["1.0"])
        run("issue", "resolve", issue["shortId"])
        assert server.api(f"issues/{issue['id']}/").json()["status"] == "resolved"
        run("issue", "archive", issue["shortId"])
        assert server.api(f"issues/{issue['id']}/").json()["status"] == "ignored"
    finally:
        run.folder.cleanup()


def walk_more(server):
    event = _send(server, exception={"values": [{"type": "TillError", "value": "the till is empty"}]})
    _send(server, exception={"values": [{"type": "DoorError", "value": "the door is stuck"}]})
    issues = server.wait_issues(2)
    run = NewCli(server)
    target = f"{server.organization}/{server.project}"
    try:
        _issues(run, server, target, sorted(issue["shortId"] for issue in issues))
        _events(run, server, target, event)
        _releases(run, server)
        _projects(run, server, target)
        _absent(run, server, target)
    finally:
        run.folder.cleanup()


def _issues(run, server, target, shorts):
    first, second = shorts
    path = f"organizations/{server.organization}/issues/"
    run("issue", "list", target, "--query", "error.type:DoorError OR error.type:TillError", says=shorts)
    run("issue", "list", target, "--query", "level:", refused=True, says=["level:"])
    run("issue", "events", first, says=["shop@1.0"][:0])
    run("issue", "tags", first, "environment", says=["production"])
    run("issue", "archive", first, "--until", "10x")
    assert server.api(f"{path}{first}/").json()["statusDetails"]["ignoreCount"] == 10
    run("issue", "unresolve", first)
    assert server.api(f"{path}{first}/").json()["status"] == "unresolved"
    run("issue", "resolve", first, "--in", "shop@1.0")
    assert server.api(f"{path}{first}/").json()["statusDetails"]["inRelease"] == "shop@1.0"
    run("issue", "merge", first, second)
    merged = server.api(f"{path}{second}/").json()
    assert merged["id"] == server.api(f"{path}{first}/").json()["id"] and merged["count"] == "2", merged["count"]
    run("issue", "view", "NOBODY-1", refused=True)


def _events(run, server, target, event):
    run("event", "view", f"{target}/{event}", says=["the till is empty"])
    run("event", "send", server.dsn, "--message", "sent by hand", says=[])
    server.wait_issues(2)
    table = json.loads(run("explore", target, "-F", "title", "-F", "count()", "--sort", "-count()", "--json"))
    counts = {row["title"]: row["count()"] for row in table["data"]}
    assert counts.get("sent by hand") == 1 and sum(counts.values()) == 3, table
    run("explore", target, "-F", "title", "-F", "bogus(", refused=True, says=["Invalid query"])


def _releases(run, server):
    name = f"{server.organization}/shop@6.0"
    run("release", "create", name, "--project", server.project)
    run("release", "deploy", name, "production")
    run("release", "deploys", name, says=["production"])
    folder = pathlib.Path(run.folder.name)
    (folder / "a.js").write_text("a()")
    for words in (["init", "-q"], ["add", "a.js"], ["commit", "-q", "-m", "open"]):
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, env=run.environment)
    run("release", "set-commits", name, "--local")
    run("release", "finalize", name)
    run("release", "view", name, says=["shop@6.0"])
    shown = server.api(f"organizations/{server.organization}/releases/shop@6.0/").json()
    assert shown["dateReleased"] and shown["commitCount"] == 1 and shown["deployCount"] == 1, shown
    run("release", "archive", name)
    run("release", "restore", name)
    run("release", "delete", name, "--yes")
    assert server.api(f"organizations/{server.organization}/releases/shop@6.0/").status == 404


def _projects(run, server, target):
    run("auth", "whoami", says=["@"])
    run("project", "view", target, says=[server.project])
    run("dsn", "list", target, says=[server.public_key])
    run("team", "list", f"{server.organization}/", says=["everyone"])
    run("repo", "list", f"{server.organization}/")
    run("monitor", "list", target)
    run("project", "create", f"{server.organization}/counter:python", "--team", "everyone", says=["counter"])
    run("project", "delete", f"{server.organization}/counter", "--yes")
    assert server.api(f"projects/{server.organization}/counter/").status == 404


def _absent(run, server, target):
    """What has no routes here says so and does not break."""
    run("log", "list", target)
    run("feedback", "list", target)
    for words in (["alert", "issues", "list", target], ["dashboard", "list", f"{server.organization}/"], ["trace", "list", target],
                  ["span", "list", target], ["replay", "list", target]):
        done = subprocess.run([run.node, run.modules / ".bin" / "sentry", *words], capture_output=True, text=True,
                              cwd=run.folder.name, timeout=RUN_S, env=run.environment)
        out = done.stdout + done.stderr
        for broken in BROKEN:
            assert broken not in out, f"sentry {' '.join(words)} breaks:\n{out}"
        print(f"  sentry {' '.join(words)}: exit {done.returncode}: {' '.join(out.split())[:100]}")

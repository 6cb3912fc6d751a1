"""The new `sentry` command line (npm `sentry`; web-api 1.3)."""
import os
import subprocess
import tempfile

from tests.e2e.wire import event_envelope, new_id
from tests.fixture.mishap import request
from tests.sdk import packages

PACKAGE = "sentry@0.49.0"
RUN_S = 90


def walk(server):
    event_id = new_id()
    sent = request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
                   event_envelope(event_id, {"event_id": event_id, "platform": "node", "level": "error", "release": "shop@1.0",
                                             "exception": {"values": [{"type": "TypeError", "value": "the till is empty"}]}}))
    assert sent.status == 200, sent.body
    issue = server.wait_issues(1)[0]
    modules = packages.npm(PACKAGE)
    node = packages.node()
    with tempfile.TemporaryDirectory() as home:
        environment = {**{name: value for name, value in os.environ.items() if not name.startswith("SENTRY")}, "HOME": home,
                       "SENTRY_HOST": server.http, "SENTRY_AUTH_TOKEN": server.ready["token"], "SENTRY_FORCE_ENV_TOKEN": "1",
                       "SENTRY_CLI_NO_TELEMETRY": "1", "SENTRY_CLI_NO_UPDATE_CHECK": "1", "SENTRY_NO_CACHE": "1",
                       "NO_COLOR": "1"}

        def run(*arguments, says):
            done = subprocess.run([node, modules / ".bin" / "sentry", *arguments], capture_output=True, text=True, cwd=home,
                                  timeout=RUN_S, env=environment)
            out = done.stdout + done.stderr
            assert done.returncode == 0, f"sentry {' '.join(arguments)}: exit {done.returncode}\n{out}"
            for words in says:
                assert words in out, f"sentry {' '.join(arguments)} does not say {words!r}:\n{out}"

        target = f"{server.organization}/{server.project}"
        run("org", "list", says=[server.organization])
        run("project", "list", f"{server.organization}/", says=[server.project])
        run("issue", "list", target, says=[issue["shortId"], "TypeError"])
        run("issue", "view", issue["shortId"], says=["TypeError", "the till is empty"])
        run("release", "list", target, says=["1.0"])
        run("issue", "resolve", issue["shortId"], says=[])
        assert server.api(f"issues/{issue['id']}/").json()["status"] == "resolved"
        run("issue", "archive", issue["shortId"], says=[])
        assert server.api(f"issues/{issue['id']}/").json()["status"] == "ignored"

#!/usr/bin/python3
"""The sdk suite: unmodified SDKs from the registries report to the shipped binary; what the API shows is compared
with what the program did. usage: run.py [SDK...]     prints PASS/FAIL lines and "N passed, N failed"
"""
import os
import pathlib
import subprocess
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
from tests.fixture.mishap import MishapServer  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402
from tests.sdk import packages  # noqa: E402

# What each SDK calls the same things.
SDKS = {
    "sentry-python-debian": {
        "command": lambda: (["/usr/bin/python3", HERE / "client.py"], {}),
        "platform": "python", "sdk": "sentry.python", "title": "ValueError: cannot price order",
        "function": "checkout", "file": "client.py", "cause": "KeyError", "unhandled": "IndexError"},
    "sentry-python-newest": {
        "command": lambda: (["/usr/bin/python3", HERE / "client.py"],
                            {"PYTHONPATH": packages.python("sentry-sdk==2.75.0")}),
        "platform": "python", "sdk": "sentry.python", "title": "ValueError: cannot price order",
        "function": "checkout", "file": "client.py", "cause": "KeyError", "unhandled": "IndexError"},
    "sentry-node-11": {
        "command": lambda: ([packages.node(), HERE / "client.js"], {"NODE_PATH": packages.npm("@sentry/node@11.12.0")}),
        "platform": "node", "sdk": "sentry.javascript.node", "title": "Error: cannot price order",
        "function": "checkout", "file": "client.js", "cause": "TypeError", "unhandled": "TypeError",
        "status": 0},  # its rejection handler warns and lets the program end
    "sentry-ruby-debian": {
        "command": lambda: (["/usr/bin/ruby", HERE / "client.rb"], {}),
        "platform": "ruby", "sdk": "sentry.ruby", "title": "ArgumentError: cannot price order",
        "function": "checkout", "file": "client.rb", "cause": "KeyError", "unhandled": "IndexError",
        "says_unhandled": False},  # 5.3.0 sends no mechanism
}


def entry(event, kind):
    found = [e["data"] for e in event["entries"] if e["type"] == kind]
    assert found, f"no {kind} entry among {[e['type'] for e in event['entries']]}"
    return found[0]


def tags_of(event):
    return {tag["key"]: tag["value"] for tag in event["tags"]}


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


def check_list(server, sdk):
    """Three issues: the priced order twice, the message, the unhandled error."""
    issues = server.wait_issues(3)
    equal("number of issues", len(issues), 3)
    order = next(i for i in issues if "cannot price order" in i["title"])
    message = next(i for i in issues if i["title"].startswith("stock is low"))
    unhandled = next(i for i in issues if i not in (order, message))
    equal("count of the issue", order["count"], "2")
    equal("users of the issue", order["userCount"], 1)
    assert order["title"].startswith(sdk["title"]), order["title"]
    assert sdk["function"] in order["culprit"] or sdk["file"] in order["culprit"] or order["culprit"], order["culprit"]
    equal("platform", order["platform"], sdk["platform"])
    equal("level of the error", order["level"], "error")
    equal("level of the message", message["level"], "warning")
    assert sdk["unhandled"] in unhandled["title"], unhandled["title"]
    return order, message, unhandled


def check_event(server, sdk, issue):
    answer = server.api(f"organizations/{server.organization}/issues/{issue['id']}/events/latest/")
    equal("latest event", answer.status, 200)
    event = answer.json()
    exception = entry(event, "exception")["values"]
    equal("cause first", exception[0]["type"].split("::")[-1], sdk["cause"])
    frames = exception[-1]["stacktrace"]["frames"]
    mine = [f for f in frames if (f["filename"] or "").endswith(sdk["file"]) and f["inApp"]]
    assert mine, f"no in-app frame of {sdk['file']}: {[(f['filename'], f['function']) for f in frames]}"
    assert any(sdk["function"] in (f["function"] or "") for f in mine), [f["function"] for f in mine]
    lines = [text for frame in mine for _, text in frame["context"]]
    assert any("cannot price order" in line for line in lines), f"no context line in {lines[:5]}"
    crumbs = entry(event, "breadcrumbs")["values"]
    assert any(c["message"] == "added B-2 to the basket" and c["category"] == "cart" for c in crumbs), crumbs
    tags = tags_of(event)
    equal("tag region", tags.get("region"), "eu-west")
    equal("tag environment", tags.get("environment"), "staging")
    equal("tag server_name", tags.get("server_name"), "web-07")
    equal("user", (event["user"]["id"], event["user"]["email"]), ("4711", "ann@example.com"))
    equal("release", event["release"]["version"], "shop@1.4.2")
    assert event["sdk"]["name"].startswith(sdk["sdk"]), event["sdk"]


def check_detail(server, sdk, order, unhandled):
    detail = server.api(f"organizations/{server.organization}/issues/{order['shortId']}/").json()
    equal("issue by short id", detail["id"], order["id"])
    equal("first release", detail["firstRelease"]["version"], "shop@1.4.2")
    equal("last release", detail["lastRelease"]["version"], "shop@1.4.2")
    events = server.api(f"organizations/{server.organization}/issues/{order['id']}/events/").json()
    equal("events of the issue", len(events), 2)
    equal("another count", server.issues("level:warning")[0]["count"], "1")
    equal("unhandled", unhandled["isUnhandled"], sdk.get("says_unhandled", True))
    resolved = server.api(f"organizations/{server.organization}/issues/{order['id']}/", "PUT", {"status": "resolved"})
    equal("resolve", (resolved.status, resolved.json()["status"]), (200, "resolved"))
    equal("unresolved left", len(server.issues("is:unresolved")), 2)


def run_sdk(name):
    sdk = SDKS[name]
    command, environment = sdk["command"]()
    postgres = PrivatePostgres(["fsync=off"])
    server = MishapServer(postgres.conninfo)
    try:
        server.start()
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=120,
                              env={**os.environ, **environment, "SENTRY_DSN": server.dsn})
        equal("exit status of the program", done.returncode, sdk.get("status", 1))
        order, _, unhandled = check_list(server, sdk)
        check_event(server, sdk, order)
        check_detail(server, sdk, order, unhandled)
    except Exception:
        print(server.log_tail(10), file=sys.stderr)
        raise
    finally:
        server.close()
        postgres.close()


def main():
    chosen = sys.argv[1:] or list(SDKS)
    passed = failed = 0
    for name in chosen:
        try:
            run_sdk(name)
            passed += 1
            print(f"PASS {name}", flush=True)
        except Exception:  # noqa: BLE001: any failure is a result
            failed += 1
            print(f"FAIL {name}\n{traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

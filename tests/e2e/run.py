#!/usr/bin/python3
"""The e2e suite: the binary as a process, as a user meets it: first run with its own PostgreSQL, printed words, bad input,
signals, probes; then the protocol's conformance vectors. usage: run.py [NAME... | conformance]
prints PASS/FAIL lines and "N passed, N failed"
"""
import gzip
import json
import os
import pathlib
import signal
import subprocess
import sys
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.e2e import (accounts, browser_login, conformance, grouping_server, grouping_two_servers, grpc_door,  # noqa: E402
                       matrix, project_doors, query_service, records, secrets_test, similar, stream,
                       tool_mistakes, triage)
from tests.e2e.wire import Wire, event_envelope, new_id  # noqa: E402
from tests.fixture import mishap, process  # noqa: E402
from tests.fixture.mishap import MishapServer, request  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class Running:
    """A server on a PostgreSQL of the test's own."""

    def __init__(self, **more):
        self.more = more

    def __enter__(self):
        self.postgres = PrivatePostgres(["fsync=off"])
        self.server = MishapServer(self.postgres.conninfo, **self.more)
        try:
            self.server.start()
        except BaseException:
            self.__exit__()
            raise
        return self.server

    def __exit__(self, *_):
        self.server.close()
        self.postgres.close()


def envelope_url(server, key=None, project=None):
    return f"{server.http}/api/{project or server.project_id}/envelope/?sentry_key={key or server.public_key}"


def envelope(event, event_id="0123456789abcdef0123456789abcdef"):
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    return (json.dumps({"event_id": event_id}) + "\n").encode() + b'{"type":"event"}\n' + body


def refused(answer, status):
    """Every refusal says what was wrong, as JSON, readable by a browser SDK."""
    equal("status", answer.status, status)
    equal("content type", answer.headers["content-type"], "application/json")
    equal("CORS", answer.headers.get("access-control-allow-origin"), "*")
    detail = answer.json()["detail"]
    assert len(detail) > 10, f"a detail for people, not {detail!r}"
    assert answer.headers.get("x-sentry-error"), "X-Sentry-Error"
    print(f"  {answer.status} {answer.body}")


def bad_input_is_answered():
    """Acceptance 4: what each kind of garbage gets, and that the server is none the worse for it."""
    with Running() as server:
        good = envelope({"message": "hello"})
        refused(request("POST", envelope_url(server, key="f" * 32), good), 403)
        refused(request("POST", envelope_url(server, project=999999), good), 403)
        refused(request("POST", envelope_url(server, key="short"), good), 400)
        refused(request("POST", f"{server.http}/api/{server.project_id}/envelope/", good), 401)
        truncated = b'{"event_id":"' + b"a" * 32 + b'"}\n{"type":"event","length":5000}\n{"message":"cut'
        refused(request("POST", envelope_url(server), truncated), 400)
        before = process.rss_mb(server.child.pid)
        bomb = gzip.compress(b"\0" * (1 << 30), 9)
        refused(request("POST", envelope_url(server), bomb, {"Content-Encoding": "gzip"}), 413)
        grown = process.peak_rss_mb(server.child.pid) - before
        assert grown < 300, f"a 1 GiB bomb of {len(bomb)} bytes grew the server by {grown:.0f} MB"
        refused(request("POST", envelope_url(server), envelope({"message": "x" * 3_000_000})), 413)
        refused(request("POST", envelope_url(server), os.urandom(4096)), 400)
        refused(request("POST", envelope_url(server), envelope(b"{not json")), 400)
        level = request("POST", envelope_url(server), envelope({"message": "level seven", "level": 7}))
        equal("a bad level is no reason to refuse", level.status, 200)
        print(f"  {level.status} {level.body}")
        issue = server.wait_issues(1)[0]
        equal("level of a bad level", issue["level"], "error")
        event = server.api(f"organizations/{server.organization}/issues/{issue['id']}/events/latest/").json()
        assert any("level" in json.dumps(e) for e in event["errors"]), event["errors"]


def only_post_and_options():
    with Running() as server:
        options = request("OPTIONS", envelope_url(server))
        equal("preflight", options.status, 200)
        assert "x-sentry-auth" in options.headers["access-control-allow-headers"], options.headers
        equal("GET", request("GET", envelope_url(server)).status, 405)
        refused(request("POST", f"{server.http}/api/1/nowhere/?sentry_key={server.public_key}"), 404)


def mounted_under_a_path():
    """server.public_url has a path: doors, API and probes answer below it and, for a proxy that takes it off, without it."""
    port = mishap.free_port()
    with Running(flags=["--public-url", f"http://127.0.0.1:{port}/mishap/"]) as server:
        assert server.dsn.split("//")[1].split("/")[1:] == ["mishap", str(server.project_id)], server.dsn
        for base in (server.http + "/mishap", server.http):
            for path in (f"/api/{server.project_id}/envelope/", f"/api/{server.project_id}/envelope", "//api//%d//envelope" % server.project_id):
                sent = request("POST", f"{base}{path}?sentry_key={server.public_key}", envelope({"message": "under"}, os.urandom(16).hex()))
                equal(f"{base}{path}", sent.status, 200)
            equal("probe", request("GET", base + "/livez").status, 200)
            equal("probe by Relay's name", request("GET", base + "/api/relay/healthcheck/ready/").status, 200)
            equal("API", request("GET", base + "/api/0/").status, 200)
        equal("half a prefix", request("GET", server.http + "/mishapx/livez").status, 404)
        nowhere = request("POST", f"{server.http}/mishap/api/7/nowhere/", b"x")
        refused(nowhere, 404)
        equal("preflight anywhere", request("OPTIONS", f"{server.http}/mishap/api/7/nowhere/").status, 200)


def rate_limit_says_how_long():
    """A key over its limit gets 429 with the header every SDK honours."""
    with Running() as server:
        done = server.api(f"projects/{server.organization}/{server.project}/keys/{server.public_key}/", "PUT",
                          {"rateLimit": {"window": 60, "count": 3}})
        equal("set the limit", done.status, 200)

        def limited():
            answer = request("POST", envelope_url(server), envelope({"message": "m"}, os.urandom(16).hex()))
            return answer if answer.status == 429 else None
        answer = process.wait_until(limited, 10, "429")
        refused(answer, 429)
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.headers["x-sentry-rate-limits"].split(":")[1].startswith("error"), answer.headers


def unwanted_events_are_filtered():
    """Inbound filters of the project's settings: 200 with the id, nothing stored, counted with the filter's name."""
    with Wire() as wire:
        settings = {"filters": ["web-crawlers", "localhost"], "filtered_releases": ["shop@0.*"],
                    "filtered_messages": ["*ResizeObserver*"], "filtered_addresses": ["not an address"]}
        wire.postgres.sql(f"update control.project set settings = settings || '{json.dumps(settings)}' where id = {wire.project};"
                          " update control.directory_version set version = version + 1")

        def filtered():
            wire.post(event_envelope(new_id(), {"message": "first ResizeObserver"}))
            return ("error", "filtered", "error-message") in wire.outcomes()
        process.wait_until(filtered, 20, "the filters to be known")
        wire.fresh_key()
        before = wire.outcomes()
        unwanted = [{"message": "m", "release": "shop@0.9"}, {"message": "m", "request": {"url": "http://localhost:3000/"}},
                    {"message": "m", "request": {"headers": {"User-Agent": "Googlebot/2.1 (x)"}}}]
        ids = [new_id() for _ in unwanted]
        for event_id, event in zip(ids, unwanted):
            answer = wire.post(event_envelope(event_id, event))
            equal("answer", (answer.status, answer.json()), (200, {"id": event_id}))
        wanted = wire.kept({"message": "m", "release": "shop@1.0"})
        equal("wanted", wanted["release"], "shop@1.0")
        wire.wait_more(before, {("error", "filtered", "release-version"): 1, ("error", "filtered", "localhost"): 1,
                                ("error", "filtered", "web-crawlers"): 1, ("default", "accepted", ""): 1})
        assert not any(wire.is_stored(event_id) for event_id in ids), "a filtered event was stored"


def own_postgres_and_first_run():
    """No PostgreSQL at hand: the server starts one, makes the first project, says how to go on, and ends cleanly."""
    server = MishapServer()
    try:
        server.start()
        equal("health", request("GET", f"{server.http}/readyz").status, 200)
        first_run = server.data_dir / "first-run.json"
        equal("first-run.json is private", first_run.stat().st_mode & 0o777, 0o600)
        log = server.log_path.read_text()
        for words in (server.dsn, "sentry_sdk.init", "curl", "/api/0/organizations/"):
            assert words in log, f"the start does not print {words!r}:\n{log}"
        equal("event", request("POST", envelope_url(server), envelope({"message": "first"})).status, 200)
        server.wait_issues(1)
        equal("SIGTERM", server.stop(), 0)
        server.start()
        equal("issues after a restart", len(server.issues()), 1)
        server.child.send_signal(signal.SIGINT)
        equal("Ctrl-C", server.child.wait(40), 0)
    finally:
        server.close()


def survives_its_postgres_after_kill():
    """kill -9 of the server: its PostgreSQL ends with it or is adopted; never two of them, never a stuck start."""
    server = MishapServer()
    try:
        server.start()
        for _ in range(3):
            server.kill()
            server.start()
        equal("event", request("POST", envelope_url(server), envelope({"message": "after kill"})).status, 200)
        server.wait_issues(1)
    finally:
        server.close()


def probes_and_metrics():
    with Running() as server:
        for path in ("/livez", "/readyz", "/readyz?role=api", "/healthz"):
            equal(path, request("GET", f"{server.http}{path}").status, 200)
        health = request("GET", f"{server.http}/healthz").json()
        assert "spool" in health and "digest" in health, health


def command_line():
    """Every command has --help; a wrong one names the mistake."""
    def run(*words):
        return subprocess.run([str(mishap.binary()), *words], capture_output=True, text=True, timeout=30)
    commands = ["serve", "migrate", "organization", "project", "key", "user", "token", "config", "spool", "dead-letter"]
    for command in commands:
        done = run(command, "--help")
        equal(f"{command} --help", done.returncode, 0)
        assert len(done.stdout) > 80, f"{command} --help says only {done.stdout!r}"
        assert command in run("--help").stdout
    wrong = run("serve", "--lisen", "127.0.0.1:0")
    assert wrong.returncode != 0 and "lisen" in wrong.stderr, wrong.stderr
    unknown = run("frobnicate")
    assert unknown.returncode != 0 and "frobnicate" in unknown.stderr, unknown.stderr
    print("  " + wrong.stderr.strip().splitlines()[0])


def commands_know_the_server():
    """A command prints the DSN that clients of the running server use, makes nothing where no server was, and says
    what to do where nothing was migrated."""
    def run(*words):
        return subprocess.run([str(mishap.binary()), *words], capture_output=True, text=True, timeout=60)
    with Running() as server:
        here = ["--data-dir", str(server.data_dir), "--database-url", server.database_url]
        made = run("project", "create", "shop", "--json", *here)
        equal("project create", made.returncode, 0)
        dsn = json.loads(made.stdout)[0]["dsn"]
        assert dsn.split("@")[1].startswith(server.http.split("//")[1]), dsn
        key, project = dsn.split("//")[1].split("@")[0], dsn.rsplit("/", 1)[1]

        def taken():
            return request("POST", envelope_url(server, key, project), envelope({"message": "hi"})).status == 200
        process.wait_until(taken, 10, "the door to learn of the new key")
        run("organization", "create", "other", *here)
        run("user", "create", "eve@example.com", "--organization", "other", *here)
        equal("her only organization", run("token", "create", "--user", "eve@example.com", *here).returncode, 0)
        dead = run("token", "create", "--user", "eve@example.com", "--organization", server.organization, *here)
        equal("a token that would open nothing", dead.returncode, 1)
        assert "eve@example.com is a member of other, not of" in dead.stderr, dead.stderr
    nowhere = pathlib.Path("/tmp/mishap-no-such-directory")
    missing = run("project", "list", "--data-dir", str(nowhere))
    equal("no server was here", missing.returncode, 1)
    assert "mishap serve" in missing.stderr, missing.stderr
    assert not nowhere.exists(), "a list made a database"
    postgres = PrivatePostgres(["fsync=off"])
    try:
        empty = run("project", "list", "--database-url", postgres.conninfo)
        equal("no schema", empty.returncode, 1)
        assert "mishap migrate" in empty.stderr and "SQLSTATE" not in empty.stderr, empty.stderr
        print("  " + empty.stderr.strip())
    finally:
        postgres.close()


def api_takes_text_only():
    """Bytes that are no text are the client's mistake, said without the database's words."""
    with Running() as server:
        for path in ("organizations/default/issues/?environment=%ff", "organizations/default/issues/?environment=a%00b",
                     "organizations/default/tags/level/values/?query=%ff", "organizations/default/issues/1/tags/%ff/"):
            answer = server.api(path)
            assert answer.status in (400, 404) and "SQLSTATE" not in answer.body, f"{path}: {answer.status} {answer.body}"
        head = server.api(f"organizations/{server.organization}/issues/", "HEAD")
        equal("HEAD announces what GET sends", head.headers["content-length"], "2")


def second_process_is_refused():
    """One process a data directory."""
    with Running() as server:
        command = [str(mishap.binary()), "serve", "--data-dir", str(server.data_dir), "--listen", "127.0.0.1:0",
                   "--database-url", server.database_url]
        second = subprocess.run(command, capture_output=True, text=True, timeout=30)
        assert second.returncode != 0, "two servers on one spool"
        assert str(server.data_dir) in second.stderr, second.stderr
        print("  " + second.stderr.strip().splitlines()[-1])


def similar_issues_are_suggested():
    """The job reads samples, the API suggests; another issue is left alone."""
    with Running() as server:
        similar.check(server)


TESTS = [bad_input_is_answered, only_post_and_options, mounted_under_a_path, rate_limit_says_how_long,
         unwanted_events_are_filtered, own_postgres_and_first_run,
         survives_its_postgres_after_kill, probes_and_metrics, command_line, commands_know_the_server,
         api_takes_text_only, second_process_is_refused, accounts.accounts, matrix.matrix, similar_issues_are_suggested,
         tool_mistakes.tools_mistakes_are_not_made, tool_mistakes.wrong_searches_say_where,
         *grpc_door.TESTS, *query_service.TESTS, *triage.TESTS, *grouping_server.TESTS, *records.TESTS,
         *secrets_test.TESTS, *grouping_two_servers.TESTS, *stream.TESTS, *project_doors.TESTS, *browser_login.TESTS]


def main():
    chosen = [t for t in TESTS if len(sys.argv) < 2 or t.__name__ in sys.argv[1:]]
    passed = failed = 0
    for test in chosen:
        try:
            test()
            passed += 1
            print(f"PASS {test.__name__}", flush=True)
        except Exception:  # noqa: BLE001: any failure is a result
            failed += 1
            print(f"FAIL {test.__name__}\n{traceback.format_exc()}", flush=True)
    if len(sys.argv) < 2 or "conformance" in sys.argv[1:]:
        more_passed, more_failed = conformance.run()
        passed += more_passed
        failed += more_failed
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

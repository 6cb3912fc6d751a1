"""Conformance vectors 41 to 50: rate limits, security reports, minidumps, and items beside events."""
import gzip
import json
import os
import re
import struct
import subprocess
import time

from tests.e2e.vectors_envelope import ok, refused
from tests.e2e.wire import envelope, event_envelope, line, new_id
from tests.fixture import process

TESTS = {}
OPEN = {}


def vector(number):
    def register(test):
        TESTS[number] = test
        return test
    return register


def counted(wire, before, category, outcome, reason, quantity=1):
    wire.wait_more(before, {(category, outcome, reason): quantity})


# Ten errors of a real SDK, each flushed: prints what its transport was answered.
PYTHON_CLIENT = """
import os, sentry_sdk
from sentry_sdk.transport import HttpTransport
answers = []
class Listening(HttpTransport):
    def _update_rate_limits(self, response):
        answers.append(response.status)
        return HttpTransport._update_rate_limits(self, response)
sentry_sdk.init(os.environ["SENTRY_DSN"], transport=Listening, auto_session_tracking=False)
for n in range(10):
    sentry_sdk.capture_exception(ValueError(str(n)))
    sentry_sdk.flush(5)
print(answers)
"""


def limit(wire, value):
    key = f"projects/{wire.server.organization}/{wire.server.project}/keys/{wire.key}/"
    assert wire.server.api(key, "PUT", {"rateLimit": value}).status == 200


@vector(41)
def limited_client(wire):
    """429 as a real Python client reads it: it stops sending errors at once"""
    limit(wire, {"window": 3600, "count": 1})
    try:
        def is_limited():
            return wire.post(event_envelope(new_id(), {"message": "until limited"})).status == 429
        process.wait_until(is_limited, 10, "429")
        done = subprocess.run(["/usr/bin/python3", "-c", PYTHON_CLIENT], capture_output=True, text=True, timeout=60,
                              env={**os.environ, "SENTRY_DSN": wire.dsn})
        answers = done.stdout.strip()
        assert answers.startswith("[429") and answers.count("429") == 1, f"{answers} {done.stderr[-500:]}"
    finally:
        limit(wire, None)

        def is_free():
            return wire.post(event_envelope(new_id(), {"message": "until free"})).status == 200
        process.wait_until(is_free, 10, "the limit to be gone")


@vector(42)
def attachment_refused_event_kept(wire):
    """same envelope: an attachment over its limit + an event: the event is kept, 200"""
    event_id, before = new_id(), wire.outcomes()
    many = [({"type": "attachment", "length": 1, "filename": f"{n}.txt"}, b"x") for n in range(31)]
    ok(wire.post(envelope(({"type": "event"}, {"message": "kept"}), *many, header={"event_id": event_id})), event_id)
    assert wire.stored(event_id)["logentry"]["formatted"] == "kept"
    wire.wait_more(before, {("default", "accepted", ""): 1, ("attachment", "invalid", "too_large:attachment"): 1,
                            ("attachment", "accepted", ""): 30})


def linux_dump(signal=11):
    """A minidump of two streams: Linux on amd64, ended by a signal."""
    system = struct.pack("<HH4xIIII8x", 9, 0, 6, 1, 0, 0x8201)
    crash = struct.pack("<8xIIQQ", signal, 0, 0, 0x401234)
    at = 32 + 2 * 12
    directory = struct.pack("<III", 7, len(system), at) + struct.pack("<III", 6, len(crash), at + len(system))
    return b"MDMP" + struct.pack("<IIIIIQ", 0xA793, 2, 32, 0, 0, 0) + directory + system + crash


def form(*parts):
    """multipart/form-data of (name, filename or None, body)."""
    body = b""
    for name, filename, payload in parts:
        file = f'; filename="{filename}"' if filename else ""
        body += f'--edge\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + payload + b"\r\n"
    return body + b"--edge--\r\n", {"Content-Type": "multipart/form-data; boundary=edge"}


def crash_of(wire, answer):
    """The event a minidump became: found by the UUID with dashes that was answered."""
    assert ok(answer).headers["content-type"] == "text/plain", answer.headers
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", answer.body), answer.body
    return wire.stored(answer.body.replace("-", ""))


@vector(44)
def minidumps(wire):
    """minidump raw, gz and multipart; text/plain UUID with dashes; never 429"""
    before = wire.outcomes()
    for body in (linux_dump(), gzip.compress(linux_dump())):
        event = crash_of(wire, wire.post(body, {"Content-Type": "application/x-dmp"}, door="minidump"))
        assert (event["platform"], event["level"]) == ("native", "fatal"), event
        exception = event["exception"]["values"][0]
        assert (exception["type"], exception["mechanism"]["handled"]) == ("SIGSEGV", False), exception
        assert event["contexts"]["os"]["name"] == "Linux", event["contexts"]
    event_id = new_id()
    body, headers = form(("sentry", None, line({"event_id": event_id, "release": "desk@1"})), ("sentry[tags][gpu]", None, b"none"),
                         ("upload_file_minidump", "crash.dmp.gz", gzip.compress(linux_dump(6))), ("ver", None, b"1.2"),
                         ("log", "app.log", b"last words"))
    event = crash_of(wire, wire.send(f"/api/{wire.project}/minidump?sentry_key={wire.key}", body, headers))
    assert (event["event_id"], event["release"], event["tags"]) == (event_id, "desk@1", [["gpu", "none"]]), event
    assert event["extra"] == {"ver": "1.2"} and event["exception"]["values"][0]["type"] == "SIGABRT", event
    # The dump counts and is kept unpacked.
    files = 3 * len(linux_dump()) + len(b"last words")
    wire.wait_more(before, {("error", "accepted", ""): 3, ("attachment", "accepted", ""): files})
    kept = files_of(wire, event_id)
    assert sorted(kept) == ["app.log", "crash.dmp"] and kept["crash.dmp"]["type"] == "event.minidump", kept
    refused(wire.post(b"MZ no dump", {"Content-Type": "application/x-dmp"}, door="minidump"), 400)
    refused(wire.send(wire.path("minidump"), *form(("sentry", None, b"{}"))), 400)
    refused(wire.send(wire.path("minidump"), b"--edge\r\n", {"Content-Type": "multipart/form-data; boundary=edge"}), 400)
    bomb, headers = form(("upload_file_minidump", "a.dmp", linux_dump()), ("extra", None, b"\x01" * (8 << 20)))
    refused(wire.send(wire.path("minidump"), gzip.compress(bomb), {**headers, "Content-Encoding": "gzip"}), 413)
    limit(wire, {"window": 3600, "count": 1})

    def is_limited():
        return wire.post(event_envelope(new_id(), {"message": "until limited"})).status == 429
    process.wait_until(is_limited, 10, "429")
    answer = ok(wire.post(linux_dump(), {"Content-Type": "application/octet-stream"}, door="minidump"))
    assert len(answer.body) == 36 and "retry-after" not in answer.headers, answer.headers
    assert not wire.is_stored(answer.body.replace("-", "")), "over its limit, yet stored"


def report_events(wire, known):
    """Stored JSON of the events that were not there before."""
    rows = wire.postgres.sql(f"select replace(event_id::text, '-', '') from tenant.event where project_id = {wire.project}")
    return [wire.stored(row[0]) for row in rows if row[0] not in known]


def send_report(wire, body, content_type, door="security", expected=1):
    """Sends a report; returns the events it became."""
    rows = wire.postgres.sql(f"select replace(event_id::text, '-', '') from tenant.event where project_id = {wire.project}")
    known = {row[0] for row in rows}
    answer = wire.send(wire.path(door) + "&sentry_release=web@1&sentry_environment=staging", line(body),
                       {"Content-Type": content_type, "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    assert ok(answer).body == "", answer.body
    return process.wait_until(lambda: len(found := report_events(wire, known)) >= expected and found, 20, "the report's event")


@vector(43)
def security_reports(wire):
    """CSP report in three spellings, a reports+json array, other kinds, NEL"""
    page, evil = "https://shop.example/cart?x=1", "https://evil.example/a.js"
    kebab = {"csp-report": {"document-uri": page, "blocked-uri": evil, "violated-directive": "script-src 'self' shop.example",
                            "effective-directive": "script-src", "line-number": 3, "referrer": "https://r.example/"}}
    snake = {"csp-report": {k.replace("-", "_"): v for k, v in kebab["csp-report"].items()}}
    camel = {"csp-report": {"documentURL": page, "blockedURL": evil, "violatedDirective": "script-src 'self'",
                            "effectiveDirective": "script-src"}}
    for body, media, door in ((kebab, "application/csp-report", "security"), (snake, "application/json", "csp-report"),
                              (camel, "application/csp-report; charset=utf-8", "security")):
        event, = send_report(wire, body, media, door)
        assert event["type"] == "csp" and event["logger"] == "csp", event
        assert event["logentry"]["formatted"] == "Blocked 'script' from 'evil.example'", event["logentry"]
        assert (event["release"], event["environment"]) == ("web@1", "staging"), event
        assert dict(event["tags"]) == {"effective-directive": "script-src", "blocked-uri": evil}, event["tags"]
        assert event["csp"]["document_uri"] == page and event["request"]["url"].startswith("https://shop.example/cart"), event
        assert event["user"]["ip_address"] == "127.0.0.1", event["user"]
        assert any("Firefox" in value for _, value in event["request"]["headers"]), event["request"]
    violation = {"type": "csp-violation", "age": 2, "url": page, "user_agent": "Mozilla/5.0 Chrome/150",
                 "body": {"documentURL": page, "blockedURL": "inline", "effectiveDirective": "style-src-elem", "statusCode": 200}}
    before = wire.outcomes()
    events = send_report(wire, [violation, {"type": "deprecation", "body": {}}, violation], "application/reports+json", expected=2)
    assert [e["logentry"]["formatted"] for e in events] == ["Blocked 'style' or 'link' element"] * 2, events
    wire.wait_more(before, {("security", "accepted", ""): 2, ("security", "invalid", "security_report_type"): 1})
    pins, = send_report(wire, {"expect-ct-report": {"hostname": "ct.example", "port": 443}}, "application/expect-ct-report+json")
    assert pins["type"] == "expectct" and "ct.example" in pins["logentry"]["formatted"], pins
    nel, = send_report(wire, [{"type": "network-error", "url": "https://a.example/x?y", "age": 1,
                               "body": {"type": "tcp.timed_out", "phase": "connection", "method": "GET", "status_code": 0}}],
                       "application/reports+json", "nel")
    assert nel["logentry"]["formatted"] == "Network error tcp.timed_out at https://a.example/x", nel
    for body, media, status in ((b"", "application/json", 400), (b"{}", "application/json", 400),
                                (line(kebab), "text/html", 415), (b"[" * 3000, "application/json", 400)):
        refused(wire.send(wire.path("security"), body, {"Content-Type": media}), status)
    # The same as items of an envelope: as browsers sent them, or made into an event by a relay.
    for kind, payload, blocked in (("raw_security", kebab, "Blocked"), ("security", kebab, "Blocked"),
                                   ("security", {"type": "csp", "csp": {"blocked_uri": "self"}, "logentry": {"formatted": "By relay"}}, "By relay")):
        event_id = new_id()
        before = wire.outcomes()
        ok(wire.post(envelope(({"type": kind, "sentry_release": "web@7"}, payload), header={"event_id": event_id}),
                     {"User-Agent": "Mozilla/5.0 (X11) Firefox/130.0"}), event_id)
        stored = wire.stored(event_id)
        assert stored["logentry"]["formatted"].startswith(blocked), stored
        assert stored["type"] == "csp", stored
        if blocked == "Blocked":
            assert stored["release"] == "web@7" and stored["user"]["ip_address"] == "127.0.0.1", stored
        wire.wait_more(before, {("security", "accepted", ""): 1})
    refused(wire.send(f"/api/{wire.project}/security/", line(kebab), {"Content-Type": "application/json"}), 401)


def hours(wire, release):
    """What tenant.session_hour has of a release: total, exited, errored, crashed, abnormal, unhandled."""
    rows = wire.postgres.sql(
        "select sum(total), sum(exited), sum(errored), sum(crashed), sum(abnormal), sum(unhandled) from tenant.session_hour h"
        " join tenant.project_release r on r.project_id = h.project_id and r.id = h.release_id"
        f" where h.project_id = {wire.project} and r.version = '{release}' having count(*) > 0")
    return [int(n) for n in rows[0]] if rows else None


def minutes_ago(minutes):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60 * minutes))


@vector(45)
def session(wire):
    """session with null fields, a 32-hex sid, no timestamp; its end, and both again"""
    before, release = wire.outcomes(), f"v45-{new_id()[:6]}"
    body = {"sid": new_id(), "did": None, "seq": None, "init": True, "timestamp": None, "duration": None, "status": None,
            "started": minutes_ago(9), "errors": None, "abnormal_mechanism": None, "attrs": {"release": release}}
    assert ok(wire.post(envelope(({"type": "session"}, body)))).json() == {}
    wire.wait_more(before, {("session", "accepted", ""): 1})
    assert hours(wire, release) == [1, 0, 0, 0, 0, 0], hours(wire, release)
    del body["timestamp"]
    end = {**body, "init": False, "status": "crashed", "errors": 1, "sid": f"{body['sid'][:8]}-{body['sid'][8:12]}-"
           f"{body['sid'][12:16]}-{body['sid'][16:20]}-{body['sid'][20:]}", "did": 42}
    ok(wire.post(envelope(({"type": "session"}, end))))
    wire.wait_more(before, {("session", "accepted", ""): 2})
    assert hours(wire, release) == [1, 0, 0, 1, 0, 0], hours(wire, release)
    ok(wire.post(envelope(({"type": "session"}, body), ({"type": "session"}, end))))
    wire.wait_more(before, {("session", "accepted", ""): 2, ("session", "invalid", "duplicate"): 2})
    assert hours(wire, release) == [1, 0, 0, 1, 0, 0], hours(wire, release)
    refused(wire.post(envelope(({"type": "session"}, {**body, "attrs": {}}))), 400)
    refused(wire.post(envelope(({"type": "session"}, {**body, "started": "2020-01-01T00:00:00Z"}))), 400)
    wire.wait_more(before, {("session", "accepted", ""): 2, ("session", "invalid", "duplicate"): 2,
                            ("session", "invalid", "payload"): 1, ("session", "invalid", "timestamp"): 1})


@vector(46)
def session_aggregates(wire):
    """sessions aggregates: the sums; the same envelope again counts nothing"""
    before, release = wire.outcomes(), f"v46-{new_id()[:6]}"
    body = {"aggregates": [{"started": minutes_ago(9), "exited": 3, "errored": 1},
                           {"started": minutes_ago(99), "exited": 30, "crashed": 2, "abnormal": 4, "unhandled": 5, "did": "u"}],
            "attrs": {"release": release, "environment": "staging"}}
    sent = envelope(({"type": "sessions"}, body), header={"sent_at": minutes_ago(0)})
    ok(wire.post(sent))
    wire.wait_more(before, {("session", "accepted", ""): 1})
    assert hours(wire, release) == [45, 33, 1, 2, 4, 5], hours(wire, release)
    ok(wire.post(sent))
    wire.wait_more(before, {("session", "accepted", ""): 1, ("session", "invalid", "duplicate"): 1})
    assert hours(wire, release) == [45, 33, 1, 2, 4, 5], hours(wire, release)


def checks(wire, slug):
    return wire.postgres.sql("select status, duration_ms from tenant.check_in"
                             f" where project_id = {wire.project} and monitor_slug = '{slug}' order by started_at")


@vector(47)
def check_in(wire):
    """check-in with zero UUID, nulls, extra keys; then the cron endpoint"""
    before, slug = wire.outcomes(), f"nightly-{new_id()[:6]}"
    body = {"check_in_id": "00000000-0000-0000-0000-000000000000", "monitor_slug": slug, "status": "in_progress", "duration": None,
            "environment": None, "release": None, "monitor_config": None, "type": "check_in", "event_id": new_id(), "sdk": {}}
    ok(wire.post(envelope(({"type": "check_in"}, body))))
    wire.wait_more(before, {("monitor", "accepted", ""): 1})
    assert checks(wire, slug) == [["0", "-1"]], checks(wire, slug)
    config = {"schedule": {"type": "crontab", "value": "0 * * * *"}, "checkin_margin": 5, "timezone": "UTC", "x": 1}
    ok(wire.post(envelope(({"type": "check_in"}, {**body, "status": "ok", "duration": 1.5, "monitor_config": config}))))
    wire.wait_more(before, {("monitor", "accepted", ""): 2})
    assert checks(wire, slug) == [["1", "1500"]], checks(wire, slug)
    monitor = wire.postgres.sql(f"select config from tenant.monitor where project_id = {wire.project} and slug = '{slug}'")
    assert json.loads(monitor[0][0]) == {"schedule": {"type": "crontab", "value": "0 * * * *"}, "checkin_margin": 5,
                                         "timezone": "UTC"}, monitor
    answer = wire.send(f"/api/{wire.project}/cron/{slug}/{wire.key}/?status=in_progress&environment=prod", b"", method="GET")
    assert answer.status == 202 and len(answer.json()["id"]) == 32, answer
    ended = wire.send(f"/api/{wire.project}/cron/{slug}/{wire.key}?check_in_id={answer.json()['id']}",
                      line({"status": "error", "duration": 2}))
    assert ended.status == 202 and ended.json() == answer.json(), ended
    wire.wait_more(before, {("monitor", "accepted", ""): 4})
    assert checks(wire, slug) == [["1", "1500"], ["2", "2000"]], checks(wire, slug)
    refused(wire.send(f"/api/{wire.project}/cron/{slug}/{wire.key}/", b""), 400)
    refused(wire.send(f"/api/{wire.project}/cron/{slug}/", b""), 401)
    refused(wire.send(f"/api/{wire.project}/cron/{slug}/{'e' * 32}/?status=ok", b""), 403)


@vector(48)
def report_beside_event(wire):
    """client_report inside an error's envelope"""
    event_id, before = new_id(), wire.outcomes()
    report = {"timestamp": 1777629600.5, "discarded_events": [
        {"reason": "sample_rate", "category": "transaction", "quantity": 4}, {"reason": "x", "category": "error", "quantity": 0}]}
    ok(wire.post(envelope(({"type": "event"}, {"exception": [{"type": "E", "value": "v"}]}),
                          ({"type": "client_report"}, report), header={"event_id": event_id})), event_id)
    wire.stored(event_id)
    wire.wait_more(before, {("error", "accepted", ""): 1, ("internal", "accepted", ""): 1,
                            ("transaction", "client_discard", "sample_rate"): 4})


def files_of(wire, event_id):
    """Name -> the attachment as the API lists it."""
    path = f"projects/{wire.server.organization}/{wire.server.project}/events/{event_id}/attachments/"
    return {row["name"]: row for row in wire.server.api(path).json()}


def download(wire, event_id, attachment):
    path = f"projects/{wire.server.organization}/{wire.server.project}/events/{event_id}/attachments/{attachment['id']}/"
    return wire.server.api(path + "?download")


@vector(49)
def attachment_first(wire):
    """an attachment's envelope before its event; stored, listed, downloaded, deleted"""
    event_id, before = new_id(), wire.outcomes()
    sent = envelope(({"type": "attachment", "length": 3, "filename": "../../etc/a\x07.txt", "content_type": "text/plain"}, b"abc"),
                    header={"event_id": event_id})
    ok(wire.post(sent), event_id)
    ok(wire.post(sent), event_id)
    ok(wire.post(envelope(({"type": "event"}, {"message": "it"}), ({"type": "attachment", "length": 4}, b"\x00\n\xff\r"),
                          header={"event_id": event_id})), event_id)
    wire.stored(event_id)
    wire.wait_more(before, {("default", "accepted", ""): 1, ("attachment", "accepted", ""): 7,
                            ("attachment", "invalid", "duplicate"): 3})
    files = files_of(wire, event_id)
    assert sorted(files) == ["Unnamed", "a.txt"], files
    assert (files["a.txt"]["size"], files["a.txt"]["mimetype"], files["a.txt"]["sha1"]) == (
        3, "text/plain", "a9993e364706816aba3e25717850c26c9cd0d89d"), files
    got = download(wire, event_id, files["a.txt"])
    assert (got.status, got.body) == (200, "abc") and "a.txt" in got.headers["content-disposition"], got
    issue = wire.server.api(f"organizations/{wire.server.organization}/eventids/{event_id}/").json()["groupId"]
    listed = wire.server.api(f"organizations/{wire.server.organization}/issues/{issue}/attachments/").json()
    assert {row["name"] for row in listed} == {"a.txt", "Unnamed"}, listed
    blobs = [p for p in (wire.server.data_dir / "attachments").rglob("*") if p.is_file()]
    assert blobs and all(p.stat().st_mode & 0o777 == 0o600 for p in blobs), blobs
    path = f"projects/{wire.server.organization}/{wire.server.project}/events/{event_id}/attachments/{files['a.txt']['id']}/"
    assert wire.server.api(path, "DELETE").status == 204
    assert wire.server.api(path + "?download").status == 404 and list(files_of(wire, event_id)) == ["Unnamed"]
    body, headers = form(("x", "note.log", b"standalone"), ("text", None, b"no file"))
    answer = wire.send(f"/api/{wire.project}/events/{event_id}/attachments/?sentry_key={wire.key}", body, headers)
    assert answer.status == 201, answer
    process.wait_until(lambda: "note.log" in files_of(wire, event_id), 20, "the standalone attachment")


@vector(50)
def exactly_200(wire):
    """Java discards its copy only on exactly 200: no other 2xx for anything an SDK posts"""
    items = [({"type": "event"}, {"message": "m"}), ({"type": "transaction"}, {"type": "transaction"}),
             ({"type": "session"}, {"started": minutes_ago(1), "attrs": {"release": "a@1"}}),
             ({"type": "client_report"}, {"discarded_events": []}), ({"type": "log"}, {}),
             ({"type": "check_in"}, {"monitor_slug": "m", "status": "ok"}), ({"type": "attachment", "length": 1}, b"a"), ({"type": "profile"}, {})]
    for item in items:
        ok(wire.post(envelope(item, header={"event_id": new_id()})))
    event_id = new_id()
    ok(wire.store(line({"event_id": event_id, "message": "m"})), event_id)



"""Conformance vectors 1 to 20: the envelope's grammar, who may send, CORS, paths."""
import os

from tests.e2e.wire import envelope, event_envelope, line, new_id

TESTS = {}


def vector(number):
    def register(test):
        TESTS[number] = test
        return test
    return register


def ok(answer, event_id=None):
    assert answer.status == 200, f"{answer.status} {answer.body}"
    if event_id:
        assert answer.json() == {"id": event_id}, answer.body
    return answer


def refused(answer, status):
    """A refusal is JSON a browser SDK can read."""
    assert answer.status == status, f"{answer.status} {answer.body}, want {status}"
    assert answer.json()["detail"], answer.body
    assert answer.headers["access-control-allow-origin"] == "*", answer.headers
    assert "x-sentry-rate-limits" in answer.headers["access-control-expose-headers"], answer.headers
    assert answer.headers["x-sentry-error"], answer.headers


@vector(1)
def header_only(wire):
    """header-only envelope without LF"""
    event_id = new_id()
    before = wire.outcomes()
    ok(wire.post(line({"event_id": event_id})), event_id)
    assert ok(wire.post(b"{}")).json() == {}
    wire.wait_more(before, {("default", "invalid", "empty_envelope"): 2})


@vector(2)
def browser_event(wire):
    """JavaScript event without length, no final LF"""
    event_id = new_id()
    body = event_envelope(event_id, {"message": "no line feed", "platform": "javascript"}).rstrip(b"\n")
    ok(wire.post(body), event_id)
    assert wire.stored(event_id)["platform"] == "javascript"


@vector(3)
def empty_attachments(wire):
    """two empty attachments, last LF omitted"""
    before = wire.outcomes()
    head = line({"type": "attachment", "length": 0, "filename": "a"})
    ok(wire.post(b"{}\n" + head + b"\n\n" + head))
    # Attachments count in bytes, at least one each.
    wire.wait_more(before, {("attachment", "accepted", ""): 2})


@vector(4)
def payload_with_line_feeds(wire):
    """attachment whose payload contains LF, with length"""
    event_id, payload = new_id(), b"one\ntwo\n\n{\"type\":\"event\"}"
    head = {"type": "attachment", "length": len(payload), "filename": "a.txt"}
    ok(wire.post(envelope((head, payload), ({"type": "event"}, {"message": "behind it"}),
                          header={"event_id": event_id})), event_id)
    assert wire.stored(event_id)["logentry"]["formatted"] == "behind it"


@vector(5)
def carriage_return(wire):
    """payload ending CR LF, length including the CR"""
    event_id, payload = new_id(), b"{\"message\":\"cr\"}\r"
    ok(wire.post(envelope(({"type": "event", "length": len(payload)}, payload), header={"event_id": event_id})), event_id)
    assert wire.stored(event_id)["logentry"]["formatted"] == "cr"


@vector(6)
def length_too_long(wire):
    """length too long"""
    refused(wire.post(envelope(({"type": "event", "length": 500}, {"message": "m"}))), 400)


@vector(7)
def length_too_short(wire):
    """length too short: the next byte is no LF"""
    refused(wire.post(envelope(({"type": "event", "length": 5}, {"message": "m"}))), 400)


@vector(8)
def no_type(wire):
    """item header without type"""
    event_id = new_id()
    refused(wire.post(envelope(({"type": "event"}, {"message": "m"}), ({"length": 2}, b"{}"),
                               header={"event_id": event_id})), 400)
    assert not wire.is_stored(event_id), "a broken envelope is refused whole"


@vector(9)
def unknown_type(wire):
    """unknown type only"""
    before = wire.outcomes()
    ok(wire.post(envelope(({"type": "hologram"}, b"anything \xff at all"))))
    wire.wait_more(before, {("default", "filtered", "unsupported-item"): 1})


@vector(10)
def unknown_type_beside_event(wire):
    """unknown type + event: the event is stored"""
    event_id = new_id()
    ok(wire.post(envelope(({"type": "hologram", "length": 3}, b"abc"), ({"type": "event"}, {"message": "kept"}),
                          header={"event_id": event_id})), event_id)
    assert wire.stored(event_id)["logentry"]["formatted"] == "kept"


@vector(11)
def event_and_transaction(wire):
    """event + transaction: the first is kept; a transaction at /store/ is counted, not stored"""
    event_id, before = new_id(), wire.outcomes()
    ok(wire.post(envelope(({"type": "event"}, {"message": "first"}),
                          ({"type": "transaction"}, {"type": "transaction", "transaction": "t"}),
                          header={"event_id": event_id})), event_id)
    assert wire.stored(event_id)["logentry"]["formatted"] == "first"
    wire.wait_more(before, {("default", "accepted", ""): 1, ("transaction", "invalid", "duplicate_item"): 1})
    legacy_id, before = new_id(), wire.outcomes()
    ok(wire.store({"event_id": legacy_id, "type": "transaction", "transaction": "/cart"}))
    wire.wait_more(before, {("transaction", "filtered", "unsupported-item"): 1})
    assert not wire.is_stored(legacy_id), "a transaction posted to /store/ is no event"


@vector(12)
def bad_sent_at(wire):
    """invalid sent_at: accepted"""
    event_id = new_id()
    ok(wire.post(event_envelope(event_id, sent_at="yesterday, I think")), event_id)
    wire.stored(event_id)


@vector(13)
def dsn_alone(wire):
    """dsn in the envelope header only, no HTTP auth; the same through /tunnel"""
    event_id = new_id()
    ok(wire.send(f"/api/{wire.project}/envelope/", event_envelope(event_id, dsn=wire.dsn)), event_id)
    wire.stored(event_id)
    tunnelled = new_id()
    ok(wire.send("/tunnel", event_envelope(tunnelled, dsn=wire.dsn)), tunnelled)
    wire.stored(tunnelled)
    refused(wire.send("/tunnel", event_envelope(new_id())), 401)


@vector(14)
def dsn_of_another_project(wire):
    """dsn of another project in the envelope header"""
    other = wire.dsn.rsplit("/", 1)[0] + f"/{wire.project + 1}"
    refused(wire.post(event_envelope(new_id(), dsn=other)), 400)
    refused(wire.send(f"/api/{wire.project}/envelope/", event_envelope(new_id(), dsn=other)), 400)


@vector(15)
def key_twice(wire):
    """same key in query and header is 200, different keys 401"""
    def auth(key):
        return {"X-Sentry-Auth": f"Sentry sentry_version=7, sentry_client=raw/1.0, sentry_key={key}"}
    event_id = new_id()
    ok(wire.post(event_envelope(event_id), auth(wire.key)), event_id)
    refused(wire.post(event_envelope(new_id()), auth(os.urandom(16).hex())), 401)
    wire.stored(event_id)


@vector(16)
def no_auth(wire):
    """no auth anywhere: 401 JSON"""
    refused(wire.send(f"/api/{wire.project}/envelope/", event_envelope(new_id())), 401)
    refused(wire.send(f"/api/{wire.project}/store/", b"{}"), 401)


@vector(17)
def unknown_key(wire):
    """unknown key: 403 JSON + CORS, not saying which of the two was wrong"""
    by_key = wire.send(wire.path(key="f" * 32), event_envelope(new_id()))
    by_project = wire.send(wire.path(project=wire.project + 1), event_envelope(new_id()))
    refused(by_key, 403)
    refused(by_project, 403)
    assert by_key.body == by_project.body, (by_key.body, by_project.body)


@vector(18)
def preflight(wire):
    """OPTIONS on any path"""
    for door in ("envelope", "store", "security", "csp-report", "nel", "minidump"):
        answer = ok(wire.send(f"/api/999/{door}/", method="OPTIONS",
                              headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}))
        assert answer.body == "" and answer.headers["access-control-allow-origin"] == "*", answer.headers
        assert "x-sentry-auth" in answer.headers["access-control-allow-headers"], answer.headers
        assert answer.headers["access-control-max-age"] == "3600", answer.headers
    for path in ("/api/store/", "/api/embed/error-page/", "/tunnel"):
        assert ok(wire.send(path, method="OPTIONS")).headers["access-control-allow-origin"] == "*", path


@vector(19)
def no_slash(wire):
    """paths without the last slash, never a redirect"""
    for door in ("envelope", "store"):
        event_id = new_id()
        body = event_envelope(event_id) if door == "envelope" else line({"event_id": event_id, "message": "m"})
        ok(wire.send(f"/api/{wire.project}/{door}?sentry_key={wire.key}", body), event_id)
        wire.stored(event_id)


@vector(20)
def doubled_slashes(wire):
    """//api//1//store//"""
    event_id = new_id()
    ok(wire.send(f"//api//{wire.project}//store//?sentry_key={wire.key}", line({"event_id": event_id})), event_id)
    wire.stored(event_id)

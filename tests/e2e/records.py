"""What is not an event, end to end: every item in one outcome, limits by category, feedback, blobs and retention."""
import json
import time
import urllib.parse

from tests.e2e.vectors_item import files_of, minutes_ago
from tests.e2e.wire import Wire, envelope, event_envelope, new_id
from tests.fixture import process

ERROR_LIKE = {"default", "security", "error"}
CSP = {"csp-report": {"document-uri": "https://shop.example/", "violated-directive": "img-src", "blocked-uri": "https://evil.example/x"}}
CHECK = {"monitor_slug": "nightly", "status": "ok"}


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


def session_of(sid):
    return {"sid": sid, "init": True, "started": minutes_ago(5), "attrs": {"release": "shop@1", "environment": "prod"}}


def items_of_every_type():
    """(item header, payload, category, quantity): good, bad, and of types that are only counted."""
    feedback = {"contexts": {"feedback": {"message": "It broke", "contact_email": "a@example.com"}}, "type": "feedback"}
    aggregates = {"aggregates": [{"started": minutes_ago(5), "exited": 2}], "attrs": {"release": "shop@1"}}
    report = {"discarded_events": [{"reason": "sample_rate", "category": "transaction", "quantity": 4}]}
    good = [
        ("event", {"message": "m", "event_id": new_id()}, "error"), ("transaction", {"type": "transaction"}, "transaction"),
        ("session", session_of(new_id()), "session"), ("sessions", aggregates, "session"),
        ("user_report", {"event_id": new_id(), "comments": "it broke"}, "feedback"), ("feedback", feedback, "feedback"),
        ("client_report", report, "internal"), ("check_in", {**CHECK, "check_in_id": new_id()}, "monitor"),
        ("security", CSP, "security"), ("raw_security", CSP, "security"), ("raw_security", {}, "security"), ("log", {"items": []}, "log_item"),
        ("trace_metric", {"items": []}, "trace_metric"), ("span", {}, "span"), ("otel_span", {}, "span"),
        ("profile", {}, "profile"), ("profile_chunk", {}, "profile"), ("replay_event", {}, "replay"),
        ("replay_recording", {}, "replay"), ("statsd", {}, "metric_bucket"), ("metric_buckets", {}, "metric_bucket"),
        ("nel", {}, "default"), ("future_type", {}, "default"),
    ]
    bad = [("event", [], "error"), ("session", {}, "session"), ("sessions", {}, "session"), ("user_report", {}, "feedback"),
           ("feedback", {"message": "none"}, "feedback"), ("client_report", [], "internal"), ("check_in", {}, "monitor"),
           ("session", {**session_of(new_id()), "started": "2020-01-01T00:00:00Z"}, "session")]
    items = [({"type": kind}, payload, category, 1) for kind, payload, category in good + bad]
    items.append(({"type": "attachment", "length": 5, "filename": "a.txt"}, b"a\nb\nc", "attachment", 5))
    items.append(({"type": "attachment", "length": 0, "filename": "empty"}, b"", "attachment", 1))
    return items


def every_item_ends_in_one_outcome():
    """Sum of outcomes = items received: whole envelopes of every item type, alone, together, in both orders, twice."""
    with Wire() as wire:
        sent = {}

        def post(items):
            for *_, category, quantity in items:
                folded = "error" if category in ERROR_LIKE else category
                sent[folded] = sent.get(folded, 0) + quantity
            body = envelope(*((header, payload) for header, payload, *_ in items),
                            header={"event_id": new_id(), "sent_at": minutes_ago(0)})
            return wire.post(body)

        statuses = {post([item]).status for item in items_of_every_type()}
        equal("alone: taken, or told what is wrong", statuses, {200, 400})
        for items in (items_of_every_type(), items_of_every_type()[::-1], items_of_every_type()):
            equal("together", post(items).status, 200)
            again = items_of_every_type()
            equal("again", post(again).status, 200)

        def counted():
            got = {}
            for (category, outcome, _), quantity in wire.outcomes().items():
                if outcome == "client_discard":
                    continue
                folded = "error" if category in ERROR_LIKE else category
                got[folded] = got.get(folded, 0) + quantity
            return got
        try:
            process.wait_until(lambda: counted() == sent, 30, "the outcomes")
        except TimeoutError:
            raise AssertionError(f"outcomes {counted()}, items {sent}") from None
        discards = {k: n for k, n in wire.outcomes().items() if k[1] == "client_discard"}
        assert discards.get(("transaction", "client_discard", "sample_rate"), 0) >= 4, discards
        internal = [k for k in wire.outcomes() if k[2] == "internal"]
        assert not internal, f"an item was dropped without an outcome: {internal}"
        print(f"  {sum(sent.values())} items and bytes in {len(sent)} categories, the same in outcomes")


def settings(wire, table, value):
    wire.postgres.sql(f"update control.{table} set settings = settings || '{json.dumps(value)}';"
                      " update control.directory_version set version = version + 1")


def limits_by_category():
    """Quotas of project and organization from their settings: the header SDKs honour, the outcome, nothing else muted."""
    with Wire() as wire:
        settings(wire, "project", {"quotas": [{"categories": ["session"], "limit": 2, "window": 3600},
                                              {"categories": ["attachment"], "limit": 10, "window": 3600, "reason": "files"},
                                              {"categories": ["nonsense"], "limit": 0, "window": 60}]})
        settings(wire, "organization", {"quotas": [{"categories": ["error"], "limit": 5, "window": 3600}]})

        def session_limited():
            answer = wire.post(envelope(({"type": "session"}, session_of(new_id()))))
            return answer if answer.status == 429 else None
        answer = process.wait_until(session_limited, 20, "the session quota")
        seconds, *rest = answer.headers["x-sentry-rate-limits"].split(":")
        equal("header", rest, ["session", "project", "project_quota"])
        assert 1 <= int(seconds) <= 3600 and answer.headers["retry-after"] == seconds, answer.headers
        event_id = new_id()
        mixed = wire.post(envelope(({"type": "event"}, {"message": "kept"}), ({"type": "session"}, session_of(new_id())),
                                   ({"type": "attachment", "length": 11}, b"eleven byte"), header={"event_id": event_id}))
        equal("the event is kept", mixed.status, 200)
        equal("limits on a 200", sorted(part.split(":", 1)[1] for part in mixed.headers["x-sentry-rate-limits"].split(",")),
              ["attachment:project:files", "session:project:project_quota"])
        equal("kept", wire.stored(event_id)["logentry"]["formatted"], "kept")
        equal("check-ins are not limited", wire.post(envelope(({"type": "check_in"}, CHECK))).status, 200)

        def errors_limited():
            answer = wire.post(event_envelope(new_id()))
            return answer if answer.status == 429 else None
        answer = process.wait_until(errors_limited, 10, "the error quota")
        equal("organization", answer.headers["x-sentry-rate-limits"].split(":")[1:],
              ["error;default;security", "organization", "organization_quota"])
        report = {"discarded_events": [{"reason": "r", "category": "error", "quantity": 1}]}
        limited = wire.post(envelope(({"type": "event"}, {"message": "m"}), ({"type": "client_report"}, report),
                                     header={"event_id": new_id()}))
        equal("429, and the report is counted", limited.status, 429)
        process.wait_until(lambda: wire.outcomes().get(("error", "client_discard", "r")) == 1, 20, "the report beside it")
        process.wait_until(lambda: ("attachment", "rate_limited", "files") in wire.outcomes(), 20, "the attachment's outcome")
        assert ("session", "rate_limited", "project_quota") in wire.outcomes()


def what_people_write():
    """Feedback item, user report, error page: stored, scrubbed, shown with the issue."""
    with Wire() as wire:
        event_id = new_id()
        wire.post(event_envelope(event_id, {"message": "the page broke"}))
        wire.stored(event_id)
        card = "4111 1111 1111 1111"
        report = {"event_id": event_id, "name": "Ann", "email": "ann@example.com", "comments": f"paid with {card}, then it broke"}
        equal("report", wire.post(envelope(({"type": "user_report"}, report), header={"event_id": event_id})).status, 200)
        feedback_id = new_id()
        feedback = {"event_id": feedback_id, "type": "feedback", "release": "web@1", "contexts": {"feedback": {
            "message": "I forgot my password here", "contact_email": "bob@example.com", "name": "Bob", "url": "https://shop.example/",
            "associated_event_id": event_id}}}
        screenshot = {"type": "attachment", "length": 3, "filename": "screenshot.png", "content_type": "image/png"}
        sent = envelope(({"type": "feedback"}, feedback), (screenshot, b"png"), header={"event_id": feedback_id})
        equal("feedback", wire.post(sent).json(), {"id": feedback_id})
        wire.post(sent)
        issue = wire.server.api(f"organizations/{wire.server.organization}/eventids/{event_id}/").json()["groupId"]
        path = f"organizations/{wire.server.organization}/issues/{issue}/user-reports/"
        shown = process.wait_until(lambda: len(found := wire.server.api(path).json()) == 2 and found, 20, "two reports")
        by_name = {row["name"]: row for row in shown}
        equal("comments of the feedback", by_name["Bob"]["comments"], "I forgot my password here")
        equal("event", by_name["Ann"]["event"]["eventID"], event_id)
        assert card not in by_name["Ann"]["comments"] and "then it broke" in by_name["Ann"]["comments"], by_name["Ann"]
        equal("email stays", by_name["Ann"]["email"], "ann@example.com")
        equal("the screenshot is the feedback's", list(files_of(wire, feedback_id)), ["screenshot.png"])

        other = new_id()
        query = urllib.parse.urlencode({"dsn": wire.dsn, "eventId": other, "title": "</script><b>"})
        script = wire.send(f"/api/embed/error-page/?{query}", method="GET")
        assert script.status == 200 and script.headers["content-type"].startswith("text/javascript"), script.headers
        assert "</script>" not in script.body, "the query must not come back as code"
        form_body = urllib.parse.urlencode({"name": "Eve & co", "email": "eve@example.com", "comments": "it hung"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        equal("form", wire.send(f"/api/embed/error-page/?{query}", form_body, headers).status, 200)
        empty = wire.send(f"/api/embed/error-page/?{query}", b"name=x", headers)
        equal("nothing said", empty.status, 400)
        stranger = urllib.parse.urlencode({"dsn": wire.dsn.replace(wire.key, "e" * 32), "eventId": other})
        equal("unknown key", wire.send(f"/api/embed/error-page/?{stranger}", form_body, headers).status, 403)
        equal("no dsn", wire.send("/api/embed/error-page/?eventId=1", method="GET").status, 400)
        project = f"projects/{wire.server.organization}/{wire.server.project}/user-feedback/"
        names = process.wait_until(lambda: len(rows := wire.server.api(project).json()) == 3 and [r["name"] for r in rows], 20, "three")
        assert "Eve & co" in names, names
        reports_by_api(wire, project, event_id, issue)


def reports_by_api(wire, path, event_id, issue):
    """POST user-feedback: by token and by DSN; one report an event, shown with event and issue."""
    def post(body, **headers):
        return wire.send(f"/api/0/{path}", json.dumps(body).encode(), {"Content-Type": "application/json", **headers}, "POST")
    dsn = {"Authorization": f"DSN {wire.dsn}"}
    coming = new_id()
    said = {"event_id": coming, "name": "Zoe", "email": "zoe@example.com", "comments": "card 4111 1111 1111 1111 was refused"}
    first = post(said, **dsn)
    equal("by DSN", first.status, 200)
    shown = first.json()
    equal("the report", (shown["eventID"], shown["name"], shown["event"]["eventID"]), (coming, "Zoe", coming))
    assert "4111 1111" not in shown["comments"] and "was refused" in shown["comments"], shown
    second = post({**said, "event_id": f"{coming[:8]}-{coming[8:12]}-{coming[12:16]}-{coming[16:20]}-{coming[20:]}".upper(),
                   "comments": "again"}, **dsn)
    equal("within five minutes it is replaced", (second.status, second.json()["comments"]), (200, "again"))
    wire.postgres.sql(f"update tenant.feedback set received_at = received_at - interval '6 minutes' where id = '{coming}'")
    late = post(said, **dsn)
    equal("later it stays", (late.status, late.json()), (409, {"detail": "Feedback for this event cannot be modified."}))
    equal("by token", wire.server.api(path, "POST", {**said, "event_id": new_id()}).status, 200)
    for body, headers, status in ((said, {}, 401), ({**said, "event_id": "x"}, dsn, 400), ({**said, "comments": ""}, dsn, 400),
                                  ({"comments": "c"}, dsn, 400), (said, {"Authorization": "DSN http://x"}, 401),
                                  (said, {"Authorization": f"DSN {wire.dsn.replace(wire.key, 'e' * 32)}"}, 401)):
        equal(f"{body} {headers}", post(body, **headers).status, status)
    equal("a DSN opens nothing else", wire.send(f"/api/0/{path}", b"", dsn, "GET").status, 401)
    # Reports that came as envelopes had their door's limits: they are not counted here.
    wire.postgres.sql("update tenant.feedback set received_at = received_at - interval '6 minutes' where source = 'api'")
    answers = [post({**said, "event_id": new_id()}, **dsn).status for _ in range(101)]
    equal("reports in one minute", (answers[:100], answers[100]), ([200] * 100, 429))
    wire.postgres.sql("delete from tenant.feedback where source = 'api' and received_at > now() - interval '5 minutes'")
    wire.post(event_envelope(coming, {"message": "the page broke"}))
    wire.stored(coming)
    organization = f"organizations/{wire.server.organization}"
    event = wire.server.api(f"projects/{wire.server.organization}/{wire.server.project}/events/{coming}/").json()
    equal("the event has it", event["userReport"]["comments"], "again")
    equal("the issue counts them", wire.server.api(f"{organization}/issues/{issue}/").json()["userReportCount"], 3)


def records_survive_a_kill():
    """Acknowledged sessions, check-ins and attachments are there after kill -9, counted once."""
    with Wire() as wire:
        sessions = 200
        for n in range(sessions):
            body = envelope(({"type": "session"}, session_of(new_id())), ({"type": "check_in"}, {**CHECK, "check_in_id": new_id()}))
            equal("taken", wire.post(body).status, 200)
            if n in (50, 150):
                wire.server.kill()
                wire.server.start()
        event_id = new_id()
        equal("file", wire.post(envelope(({"type": "attachment", "length": 4}, b"file"), header={"event_id": event_id})).status, 200)
        wire.server.kill()
        wire.server.start()

        def totals():
            rows = wire.postgres.sql("select (select coalesce(sum(total), 0) from tenant.session_hour),"
                                     " (select count(*) from tenant.check_in), (select count(*) from tenant.attachment)")
            return [int(n) for n in rows[0]]
        process.wait_until(lambda: totals()[0] >= sessions and totals()[2] == 1, 30, "all stored")
        time.sleep(1)  # whatever would come twice
        equal("once each", totals(), [sessions, sessions, 1])
        equal("its bytes", next(iter(files_of(wire, event_id).values()))["size"], 4)


TESTS = [every_item_ends_in_one_outcome, limits_by_category, what_people_write, records_survive_a_kill]

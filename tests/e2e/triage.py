"""Triage over HTTP against the shipped binary: each form of an update, regressions and snoozes by real events, and a bulk change
that is killed in mid-work."""
import json
import os

from tests.fixture import process
from tests.fixture.mishap import MishapServer, request
from tests.fixture.postgres import PrivatePostgres


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class Desk:
    """A server with its PostgreSQL, events and the API of the first organization."""

    def __enter__(self):
        self.postgres = PrivatePostgres(["fsync=off"])
        self.server = MishapServer(self.postgres.conninfo)
        try:
            self.server.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.server.close()
        self.postgres.close()

    def event(self, kind, **fields):
        """An event of its own issue per kind; returns when it was taken."""
        event_id = os.urandom(16).hex()
        event = {"platform": "python", "exception": {"values": [{"type": kind, "value": "boom"}]}, **fields}
        body = json.dumps({"event_id": event_id}).encode() + b'\n{"type":"event"}\n' + json.dumps(event).encode()
        url = f"{self.server.http}/api/{self.server.project_id}/envelope/?sentry_key={self.server.public_key}"
        equal("event", request("POST", url, body).status, 200)

    def call(self, method, path, body=None):
        return self.server.api(f"organizations/{self.server.organization}/{path}", method, body)

    def bulk(self, method, path, body=None):
        return self.server.api(f"mishap/organizations/{self.server.organization}/bulk/{path}", method, body)

    def issue(self, kind, count=1):
        """The issue of that kind once it has so many events."""
        def found():
            for issue in self.call("GET", "issues/?query=").json():
                if issue["metadata"].get("type") == kind and int(issue["count"]) >= count:
                    return issue
            return None
        return process.wait_until(found, 20, f"{count} events of {kind}")

    def put(self, issue, body):
        answer = self.call("PUT", f"issues/{issue['id']}/", body)
        equal(f"PUT {body}", answer.status, 200)
        return answer.json()

    def wait_state(self, issue, status, substatus):
        def reached():
            now = self.call("GET", f"issues/{issue['id']}/").json()
            return now if (now["status"], now["substatus"]) == (status, substatus) else None
        return process.wait_until(reached, 20, f"{status} {substatus}")


def issues_are_triaged_over_http():
    with Desk() as desk:
        for kind in ("Plain", "Released", "Counted", "Deleted"):
            desk.event(kind, release="shop@1.0.0")
        plain, released, counted, deleted = (desk.issue(k) for k in ("Plain", "Released", "Counted", "Deleted"))
        equal("resolve", desk.put(plain, {"status": "resolved"})["status"], "resolved")
        in_next = desk.put(released, {"status": "resolved", "statusDetails": {"inNextRelease": True}})
        assert in_next["statusDetails"]["inNextRelease"] is True, in_next["statusDetails"]
        archived = desk.put(counted, {"status": "ignored", "ignoreCount": 2})
        equal("archived", (archived["substatus"], archived["statusDetails"]["ignoreCount"]),
              ("archived_until_condition_met", 2))
        equal("priority", desk.put(plain, {"priority": "low"})["priority"], "low")
        for kind in ("Plain", "Counted"):
            desk.event(kind, release="shop@1.0.0")
        desk.event("Released", release="shop@1.0.0")
        regressed = desk.wait_state(plain, "unresolved", "regressed")
        equal("who and when", regressed["activity"][0]["type"], "set_regression")
        equal("one more is left", desk.call("GET", f"issues/{counted['id']}/").json()["statusDetails"]["ignoreCount"], 1)
        desk.issue("Released", 2)
        equal("an old release", desk.call("GET", f"issues/{released['id']}/").json()["status"], "resolved")
        desk.event("Counted", release="shop@1.0.0")
        desk.wait_state(counted, "unresolved", "ongoing")
        desk.event("Released", release="shop@1.10.0")
        desk.wait_state(released, "unresolved", "regressed")
        note = desk.call("POST", f"issues/{plain['id']}/notes/", {"text": "seen it"})
        equal("comment", (note.status, note.json()["data"]["text"]), (201, "seen it"))
        equal("delete", desk.call("DELETE", f"issues/{deleted['id']}/").status, 202)
        desk.event("Deleted", release="shop@1.0.0")
        assert desk.issue("Deleted")["id"] != deleted["id"], "the next event makes a new issue"
        wrong = desk.call("PUT", f"issues/{plain['id']}/", {"status": "done"})
        equal("a wrong status", (wrong.status, wrong.json()), (400, {"status": ['"done" is not a valid choice.']}))
        two = desk.call("PUT", f"issues/?id={plain['id']}&id={counted['id']}", {"status": "resolved"})
        equal("bulk", two.json(), {"status": "resolved", "statusDetails": {}, "substatus": None, "inbox": None})
        equal("nothing selected", desk.call("PUT", "issues/?id=7", {"status": "resolved"}).status, 204)


def bulk_change_survives_kill():
    """5,000 issues, one batch of 1,000 is slow, kill -9 in between: all are changed once; the undo brings them back."""
    with Desk() as desk:
        desk.event("Seed")
        desk.issue("Seed")
        desk.postgres.sql("insert into tenant.issue select (jsonb_populate_record(i, jsonb_build_object('id', i.id + n))).* "
                          "from tenant.issue i, generate_series(1, 4999) n")
        desk.postgres.sql("create function tenant.slow() returns trigger language plpgsql as "
                          "$$ begin perform pg_sleep(0.7); return null; end $$; "
                          "create trigger slow after insert on tenant.outbox for each statement execute function tenant.slow()")
        selected = desk.bulk("POST", "?query=is:unresolved").json()
        equal("dry run", (selected["total"], selected["state"]), (5000, "selected"))
        bulk = selected["id"]
        equal("apply", desk.bulk("POST", f"{bulk}/apply/", {"status": "resolved"}).status, 202)

        def state():
            return desk.bulk("GET", f"{bulk}/").json()
        halfway = process.wait_until(lambda: state() if state()["done"] > 0 else None, 30, "progress")
        assert 0 < halfway["done"] < 5000, halfway
        desk.server.kill()
        desk.server.start()
        done = process.wait_until(lambda: state() if state()["state"] == "done" else None, 90, "the rest after a restart")
        equal("changed", done["changed"], 5000)
        equal("each once", desk.postgres.sql("select count(*) from tenant.activity where kind = 'set_resolved'"), [["5000"]])
        desk.postgres.sql("drop trigger slow on tenant.outbox")
        equal("undo", desk.bulk("POST", f"{bulk}/undo/").status, 202)
        undone = process.wait_until(lambda: state() if state()["state"] == "undone" else None, 60, "the undo")
        equal("restored", undone["restored"], 5000)
        print(f"  killed at {halfway['done']}, changed {done['changed']}, restored {undone['restored']}")


TESTS = [issues_are_triaged_over_http, bulk_change_survives_kill]

#!/usr/bin/python3
"""Replay: sends every captured request of a Sentry SDK to the shipped binary, byte for byte, and checks that each is answered as
documented, that every event is readable by the API, and that the outcomes add up to what was sent.
usage: replay.py [CORPUS]
Replayed are the requests of tests/golden and, when CORPUS (or MISHAP_CORPUS) names a folder of <sdk>/<nn>-<scenario>.http.json,
all of it; then also every event of it is normalised twice (golden_corpus).
"""
import collections
import http.client
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
from tests.fixture import process  # noqa: E402
from tests.fixture.mishap import MishapServer, program  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402
from tests.sdk import capture as captures  # noqa: E402

PROJECT, KEY = 42, "0123456789abcdef0123456789abcdef"  # of all captures
EVENT_BYTES_MAX = 2 << 20
OUTCOME_CLIENT_DISCARD = 5
EVENT_CATEGORIES = ("error", "default", "security")
SETTLE_S = 120


def expected_status(one):
    """200, or what docs/limits.md says."""
    if one.door == "store":
        return 413 if len(one.plain()) > EVENT_BYTES_MAX else 200
    if one.door in ("envelope", "tunnel"):
        events = [p for h, p in captures.envelope_items(one.plain()) if h.get("type") == "event"]
        return 413 if any(len(p) > EVENT_BYTES_MAX for p in events[:1]) else 200
    return 200


def send(server, one):
    """The captured bytes, with only Host and framing made anew. Returns (status, body)."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.putrequest(one.method, one.path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", f"127.0.0.1:{server.port}")
        for name, value in one.headers:
            if name.lower() not in ("host", "content-length", "transfer-encoding", "connection"):
                connection.putheader(name, value)
        if one.chunked:
            connection.putheader("Transfer-Encoding", "chunked")
            connection.endheaders(iter([one.body] if one.body else []), encode_chunked=True)
        else:
            connection.putheader("Content-Length", str(len(one.body)))
            connection.endheaders(one.body or None)
        reply = connection.getresponse()
        return reply.status, reply.read().decode("utf-8", "replace")
    finally:
        connection.close()


def admit_captures(server, postgres):
    """The project and the key all captures were made for."""
    postgres.sql("insert into control.project (id, organization_id, slug, name) overriding system value"
                 f" select {PROJECT}, id, 'replay', 'replay' from control.organization limit 1")
    postgres.sql("insert into control.project_key (project_id, public_key, secret_key, name)"
                 f" values ({PROJECT}, '{KEY}', '{KEY}', 'replay')")
    postgres.sql("update control.directory_version set version = version + 1")

    wait_key_known(server, PROJECT, KEY)


def wait_key_known(server, project, key):
    """Until the server's snapshot has the key. Counts one empty envelope for the project."""
    def known():  # a preflight asks nobody; a body without anything is refused after admission
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("POST", f"/api/{project}/envelope/?sentry_key={key}", b"{}")
        status = connection.getresponse().status
        connection.close()
        return status == 200
    process.wait_until(known, 20, "the key to be known")


class Replay:
    """Sends, and remembers what must be true afterwards."""

    def __init__(self, server, postgres, requests):
        self.server, self.postgres = server, postgres
        self.failures = []
        self.statuses = collections.Counter()
        self.per_sdk = collections.Counter()
        self.received, self.discarded = collections.Counter({"default": 1}), collections.Counter()  # the one of known()
        self.ids = {}  # event id -> capture
        self.all = requests
        self.doors = [one for one in self.all if one.door]

    def send_all(self):
        for one in self.doors:
            status, body = send(self.server, one)
            self.statuses[status] += 1
            self.per_sdk[one.sdk] += 1
            want = expected_status(one)
            if status != want:
                self.failures.append(f"{one.name}: {status} {body[:200]}, want {want}")
            self._remember(one, status, body)

    def _remember(self, one, status, body):
        if one.method == "OPTIONS":
            return
        counts, discarded = captures.received(one)
        self.received += counts
        self.discarded += discarded
        if status == 200 and captures.event_types(one)[:1] == ["event"]:
            self.ids[json.loads(body)["id"]] = one

    def counted(self):
        """(category -> items settled, category -> items clients discarded), as stored."""
        rows = self.postgres.sql("select category, outcome, sum(quantity) from tenant.outcome"
                                 f" where project_id = {PROJECT} group by 1, 2")
        settled, discarded = collections.Counter(), collections.Counter()
        for category, outcome, quantity in rows:
            into = discarded if int(outcome) == OUTCOME_CLIENT_DISCARD else settled
            into[category] += int(quantity)
        return settled, discarded

    def check_outcomes(self):
        """Every item received ended in exactly one outcome."""
        def folded(counts):
            # An envelope without items counts as default too.
            out = collections.Counter({k: v for k, v in counts.items() if k not in (*EVENT_CATEGORIES, "event")})
            out["event"] = sum(counts[k] for k in (*EVENT_CATEGORIES, "event"))
            return out
        want = folded(self.received)

        def settled():
            return folded(self.counted()[0])
        try:
            process.wait_until(lambda: sum(settled().values()) >= sum(want.values()), SETTLE_S, "outcomes")
        except TimeoutError:
            pass
        have = settled()
        if have != want:
            self.failures.append(f"outcomes {dict(have)} are not what was received {dict(want)}")
        discarded = sum(self.counted()[1].values())
        if discarded != sum(self.discarded.values()):
            self.failures.append(f"client reports: counted {discarded}, sent {sum(self.discarded.values())}")
        return want, discarded

    def check_events(self):
        """The API shows every event, as an event and as JSON."""
        for event_id, one in self.ids.items():
            path = f"projects/{self.server.organization}/replay/events/{event_id}/"
            detail, stored = self.server.api(path), self.server.api(path + "json/")
            if detail.status != 200 or stored.status != 200:
                self.failures.append(f"{one.name}: event {event_id} reads {detail.status} and {stored.status}")
            elif stored.json()["event_id"] != event_id or not isinstance(detail.json()["entries"], list):
                self.failures.append(f"{one.name}: event {event_id} is not what was asked for")

    def check_dead_letters(self):
        dead = self.postgres.number("select count(*) from tenant.dead_letter")
        if dead:
            self.failures.append(f"{dead} records in dead_letter")


def replay(requests):
    """Returns the failures, printing the totals."""
    if not requests:
        return ["no captures: a folder with <sdk>/<nn>-<scenario>.http.json below it is asked for"]
    postgres = PrivatePostgres(["fsync=off"])
    server = MishapServer(postgres.conninfo)
    try:
        server.start()
        admit_captures(server, postgres)
        run = Replay(server, postgres, requests)
        run.send_all()
        want, discarded = run.check_outcomes()
        run.check_events()
        run.check_dead_letters()
        print(f"  {len(run.all)} captures, {len(run.doors)} for ingest doors: answers {dict(run.statuses)}")
        print(f"  by SDK: {dict(sorted(run.per_sdk.items()))}")
        print(f"  {len(run.ids)} different events read by the API")
        print(f"  outcomes of items (attachments in bytes) = received: {dict(sorted(want.items()))}; client discards {discarded}")
        return run.failures
    finally:
        server.close()
        postgres.close()


def stays_stable(corpus):
    """Normalising every event of the corpus twice changes nothing. Returns the failures."""
    done = subprocess.run([str(program("tests/golden/golden_corpus")), str(corpus)], capture_output=True, text=True)
    print(f"  {done.stdout.splitlines()[-1] if done.stdout else done.stderr}")
    return [] if done.returncode == 0 else done.stdout.splitlines()


def run_all(corpus):
    """The failures by name of the run."""
    results = {"replay golden": replay(captures.load_golden())}
    if corpus:
        results["replay corpus"] = replay(captures.load(corpus))
        results["replay corpus stable"] = stays_stable(corpus)
    return results


def main():
    corpus = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MISHAP_CORPUS", "")
    if corpus and not pathlib.Path(corpus).is_dir():
        sys.exit(f"replay: {corpus} is no folder; give one with <sdk>/<nn>-<scenario>.http.json below it")
    results = run_all(corpus)
    for name, failures in results.items():
        for failure in failures[:50]:
            print(f"  {failure}")
        print(f"FAIL {name}" if failures else f"PASS {name}")
    failed = sum(bool(failures) for failures in results.values())
    print(f"{len(results) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

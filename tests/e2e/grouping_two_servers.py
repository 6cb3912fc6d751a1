"""Two servers on one database: one new error that both see at once is one issue, and what somebody does to the grouping on
one of them holds for the very next event on the other, while both take events."""
import json
import os
import subprocess
import threading

from tests.e2e.grouping_server import counts, equal, error, ours
from tests.e2e.wire import event_envelope, new_id
from tests.fixture import mishap, process
from tests.fixture.mishap import MishapServer, request
from tests.fixture.postgres import PrivatePostgres


class Pair:
    def __init__(self):
        self.postgres = PrivatePostgres(["fsync=off"])
        self.admins = [mishap.free_port(), mishap.free_port()]
        self.servers = [self._server(0)]

    def __enter__(self):
        try:
            self.servers[0].start()
            self.servers.append(self._server(1))
            self.servers[1].start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for server in self.servers:
            server.close()
        self.postgres.close()

    def _server(self, number):
        return MishapServer(self.postgres.conninfo, flags=("--admin-listen", f"127.0.0.1:{self.admins[number]}"))

    def metric(self, number, name):
        lines = request("GET", f"http://127.0.0.1:{self.admins[number]}/metrics").body.splitlines()
        return sum(int(float(line.split()[-1])) for line in lines if line.startswith(name))


def two_servers_make_one_issue():
    """64 connections to two servers on one database, all with one error nobody has seen. MISHAP_SIGHTINGS: how many events,
    64000 for the whole of it."""
    each = int(os.environ.get("MISHAP_SIGHTINGS", "16000")) // 2
    with Pair() as pair:
        first = pair.servers[0]
        loads = []
        for number, server in enumerate(pair.servers):
            dsn = first.dsn.replace(first.http, server.http)
            loads.append(subprocess.Popen(
                [str(mishap.program("bench/mishap_load")), "--dsn", dsn, "--count", str(each), "--connections", "32",
                 "--issues", "1", "--first", str(number * each), "--resend-seconds", "60"],
                stdout=subprocess.PIPE, text=True))
        reports = [json.loads(load.communicate(timeout=300)[0]) for load in loads]
        taken = sum(report["acknowledged"] for report in reports)
        equal("acknowledged", taken, 2 * each)

        def stored():
            found = counts(first)
            return found if sum(found.values()) >= taken else None
        found = process.wait_until(stored, 300, f"{taken} events")
        equal("issues", list(found.values()), [taken])
        equal("all issues there ever were", pair.postgres.number("select count(*) from tenant.issue"), 1)
        equal("events", pair.postgres.number("select count(*) from tenant.event"), taken)
        made = pair.postgres.sql("select count(*) from tenant.outbox where kind = 'issue_new'")
        equal("new-issue effects", made, [["1"]])
        print(f"  {taken} events acknowledged by two servers: {len(found)} issue, new-issue effects: {made}")


class Senders:
    """Events of two errors with two texts to both servers, without a pause, until the block ends and all are settled."""

    def __init__(self, pair, total):
        self.pair = pair
        self.total = total  # of all events so far, by everybody
        self.stop = threading.Event()
        self.acting = True
        self.late = []      # ids sent after the action had returned
        self.sent = 0
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._work, args=(server,)) for server in pair.servers]

    def _work(self, server):
        first = self.pair.servers[0]
        url = f"{server.http}/api/{first.project_id}/envelope/?sentry_key={first.public_key}"
        n = 0
        while not self.stop.is_set():
            n += 1
            event_id = new_id()
            late = not self.acting  # looked at before it is sent
            body = event_envelope(event_id, error("total", ("broken", "rotten")[n % 2]))
            equal("envelope", request("POST", url, body).status, 200)
            with self.lock:
                self.sent += 1
                if late:
                    self.late.append(event_id)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        process.wait_until(lambda: self.sent >= 20, 20, "events before the action")
        return self

    def acted(self):
        self.acting = False
        process.wait_until(lambda: len(self.late) >= 30, 20, "events after the action")

    def __exit__(self, *_):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        self.total += self.sent
        process.wait_until(lambda: self.pair.postgres.number(
            "select (select count(*) from tenant.event) + (select coalesce(sum(quantity), 0) from tenant.outcome"
            " where reason = 'discarded-hash')") == self.total, 30, f"{self.total} events to be settled")


def kinds_of(pair, ids):
    """Kind of hash row, issue -> events; of those stored."""
    listed = ",".join(f"'{one}'" for one in ids)
    return [tuple(map(int, row)) for row in pair.postgres.sql(
        "select h.kind, h.issue_id, count(*) from tenant.event e join tenant.hash_row h on h.project_id = e.project_id"
        f" and h.id = e.hash_row where e.event_id in ({listed}) group by 1, 2 order by 1, 2")]


def regrouping_holds_for_the_next_event_on_the_other_server():
    """Merge, unmerge, split, discard and their undoing on one server while both take events: what is sent after the answer
    goes where the answer said, on both."""
    with Pair() as pair:
        server = pair.servers[0]
        a = server_issue(pair, error("total", "broken"))
        b = server_issue(pair, error("place", "broken"))
        total = 2

        def during(action):
            nonlocal total
            with Senders(pair, total) as senders:
                answer = action()
                senders.acted()
            total = senders.total
            assert answer.status in (200, 202), f"{answer.status} {answer.body}"
            found = kinds_of(pair, senders.late)
            return answer, found, len(senders.late)

        def undo(log):
            return server.api(ours(server, f"grouping-log/{log}/undo/"), "POST")

        organization = f"organizations/{server.organization}/"
        split, found, late = during(lambda: server.api(f"mishap/{organization}issues/{a}/split/", "POST", {}))
        equal("split: texts decide, two issues", ([row[0] for row in found], sum(row[2] for row in found)), ([2, 2], late))
        _, found, late = during(lambda: undo(split.json()["log"]))
        equal("split undone", found, [(1, int(a), late)])
        _, found, late = during(lambda: server.api(f"{organization}issues/?id={a}&id={b}", "PUT", {"merge": 1}))
        equal("merge", found, [(1, int(a), late)])
        digits = server.api(f"mishap/{organization}issues/{a}/explanation/").json()["hashes"]
        mine = max(digits, key=lambda row: row["timesSeen"] if row["kind"] == "site" else -1)["hash"]
        _, found, late = during(lambda: server.api(f"{organization}issues/{a}/hashes/?id={mine}", "PUT"))
        equal("unmerge: one new issue", ([row[0] for row in found], found[0][2]), ([1], late))
        apart = found[0][1]
        assert apart not in (int(a), int(b)), found
        _, found, _ = during(lambda: server.api(f"mishap/{organization}issues/{apart}/discard/", "POST"))
        equal("discard: nothing of it is stored", found, [])
        log = server.api(ours(server, "grouping-log/")).json()
        _, found, late = during(lambda: undo(log[0]["id"]))
        equal("discard undone", found, [(1, apart, late)])
        _, found, late = during(lambda: server.api(f"{organization}issues/{apart}/", "DELETE"))
        equal("delete: an issue anew", ([row[0] for row in found], found[0][2]), ([1], late))
        assert found[0][1] not in (apart, int(a), int(b)), found
        for number in (0, 1):
            memory, table = (pair.metric(number, f'mishap_digest_keys_total{{from="{way}"}}') for way in ("memory", "table"))
            print(f"  server {number + 1}: {memory} keys from memory, {table} from the table")
            assert memory > 0, "the memory was never used: this test shows nothing"
        shown = pair.postgres.sql("select count(*) from tenant.issue i where i.status < 3 and i.times_seen <>"
                                  " (select sum(h.times_seen) from tenant.hash_row h where h.issue_id = i.id)")
        equal("summaries that are wrong", shown, [["0"]])
        print(f"  {total} events, 7 actions: every event sent after an answer went where it said")


def server_issue(pair, event):
    server = pair.servers[0]
    event_id = new_id()
    url = f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}"
    equal("envelope", request("POST", url, event_envelope(event_id, event)).status, 200)
    path = f"organizations/{server.organization}/eventids/{event_id}/"

    def stored():
        answer = server.api(path)
        return answer.json()["groupId"] if answer.status == 200 else None
    return process.wait_until(stored, 20, "the event")


TESTS = [two_servers_make_one_issue, regrouping_holds_for_the_next_event_on_the_other_server]

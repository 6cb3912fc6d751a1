"""The stream of changed issues as pages use it: who hears what, a break, two servers on one database, a slow reader, a stop."""
import itertools
import json
import socket
import subprocess
import time
import urllib.request

from tests.e2e.triage import Desk, equal
from tests.fixture import mishap, process
from tests.fixture.mishap import MishapServer, request


class Page:
    """An open stream. next() gives (event, data, id) of the next message; None when it has ended."""

    def __init__(self, server, token, last_id=None, query=""):
        headers = {"Authorization": f"Bearer {token}", **({"Last-Event-ID": last_id} if last_id else {})}
        url = f"{server.http}/api/0/mishap/organizations/{server.organization}/stream/{query}"
        self.reply = urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20)
        equal("type", self.reply.headers["Content-Type"], "text/event-stream")
        self.id = None

    def next(self):
        fields = {}
        for line in self.reply:
            line = line.decode().rstrip("\n")
            name, _, value = line.partition(": ")
            if name == "id":
                self.id = value
            if line and name in ("event", "data"):
                fields[name] = value
            elif not line and fields:
                return fields["event"], json.loads(fields["data"]), self.id
        return None

    def heard(self, stir):
        """What stir() makes; at a server's start a gap may swallow it, then again."""
        stir()
        message = self.next()
        while message[0] == "gap":
            stir()
            message = self.next()
        return message

    def close(self):
        self.reply.close()


def run(server, *words):
    """A command of the binary beside the running server."""
    command = [str(mishap.binary()), *words, "--json", "--data-dir", str(server.data_dir), "--database-url", server.database_url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, f"{words}: {done.stderr}"
    return json.loads(done.stdout) if done.stdout.startswith("[") else done.stdout


def an_event(server, public_key, project, kind):
    body = b'{}\n{"type":"event"}\n' + json.dumps({"exception": {"values": [{"type": kind, "value": "boom"}]}}).encode()

    def taken():
        return request("POST", f"{server.http}/api/{project}/envelope/?sentry_key={public_key}", body).status == 200
    process.wait_until(taken, 20, "the door to know the key")


def a_page_hears_of_what_its_user_sees():
    """Two projects, an owner and a member of one: each hears of what he sees; a break is made good by Last-Event-ID; SIGTERM
    ends the streams and the server at once."""
    with Desk() as desk:
        server, owner = desk.server, desk.server.ready["token"]
        other = run(server, "project", "create", "secret", "--organization", server.organization)[0]
        secret, secret_key = int(other["dsn"].rsplit("/", 1)[1]), other["dsn"].split("//")[1].split("@")[0]
        path = f"projects/{server.organization}/secret/teams/everyone/"
        assert server.api(path, "DELETE").status in (200, 404), "nobody's project"
        run(server, "user", "create", "mia@example.com", "--organization", server.organization, "--team", "everyone")
        member = run(server, "token", "create", "--user", "mia@example.com", "--scope", "event:read", "--scope", "project:read")[0]["token"]
        equal("she does not see it", server.api(f"projects/{server.organization}/secret/", token=member).status, 404)
        pages = [Page(server, owner), Page(server, member)]
        event, data, number = pages[0].heard(lambda: an_event(server, secret_key, secret, "Hidden"))
        equal("the owner hears of it", (event, data), ("issues", {"projects": [str(secret)]}))
        for page in pages:
            heard = page.heard(lambda: desk.event("Shown"))
            equal("both hear", heard[:2], ("issues", {"projects": [str(server.project_id)]}))
        pages[0].next()  # the second event
        pages[1].close()
        desk.event("Shown")  # while she is away
        equal("the owner heard", pages[0].next()[1], {"projects": [str(server.project_id)]})
        again = Page(server, member, last_id=number)
        equal("what she missed", again.next()[:2], ("issues", {"projects": [str(server.project_id)]}))
        strange = Page(server, member, last_id="nothing-1")
        equal("nobody knows", strange.next()[0], "gap")
        equal("one project only", request("GET", f"{server.http}/api/0/mishap/organizations/{server.organization}/stream/?project=secret",
                                          headers={"Authorization": f"Bearer {member}"}).status, 403)
        equal("seconds", Page(server, member, query="?seconds=0").next(), None)
        begun = time.monotonic()
        equal("SIGTERM", server.stop(), 0)
        equal("the streams have ended", [page.next() for page in (pages[0], again, strange)], [None] * 3)
        took = time.monotonic() - begun
        assert took < 10, f"open streams held up the stop: {took:.1f} s"
        print(f"  5 streams; the server stopped {took:.1f} s after SIGTERM")


def two_servers_stream_one_database():
    """A page at one server hears of events that came to the other, and of what people do there."""
    with Desk() as desk:
        beside = MishapServer(desk.server.database_url)
        try:
            beside.start()
            page = Page(beside, desk.server.ready["token"])
            ours = {"projects": [str(desk.server.project_id)]}
            equal("an event of the other server", page.heard(lambda: desk.event("Far"))[:2], ("issues", ours))
            issue = desk.issue("Far")
            desk.put(issue, {"status": "resolved"})
            equal("a change at the other server", page.next()[:2], ("issues", ours))
            equal("another event", page.heard(lambda: desk.event("Near"))[:2], ("issues", ours))
            near = desk.issue("Near")
            path = f"organizations/{desk.server.organization}/issues/?id={issue['id']}&id={near['id']}"
            merged = desk.server.api(path, "PUT", {"merge": 1})
            equal("merge", merged.status, 200)
            equal("a merge at the other server", page.next()[:2], ("issues", ours))
        finally:
            beside.close()


def a_gap_is_said_when_the_database_was_away():
    """The listener's connection is cut: when it is back, pages are told to look again."""
    with Desk() as desk:
        page = Page(desk.server, desk.server.ready["token"])
        equal("heard", page.heard(lambda: desk.event("Before"))[0], "issues")
        desk.postgres.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'mishap listener'")
        equal("told", page.next()[0], "gap")
        desk.event("After")
        equal("heard again", page.next()[0], "issues")


def many_and_slow_readers_cost_little():
    """A caller has 32 streams at most; who does not read is not remembered for."""
    with Desk() as desk:
        path = f"/api/0/mishap/organizations/{desk.server.organization}/stream/"
        head = f"GET {path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {desk.server.ready['token']}\r\n\r\n".encode()
        sockets = []
        for _ in range(32):
            sockets.append(socket.create_connection(("127.0.0.1", desk.server.port), timeout=20))
            sockets[-1].sendall(head)
            assert sockets[-1].recv(100).startswith(b"HTTP/1.1 200"), "a stream"
        refused = desk.server.api(path.removeprefix("/api/0/"))
        equal("one more", (refused.status, "retry-after" in refused.headers), (503, True))
        before = process.rss_mb(desk.server.child.pid)
        for number in itertools.count():
            desk.event(f"Kind{number}")
            if number == 200:
                break
        grown = process.rss_mb(desk.server.child.pid) - before
        sockets.pop().close()  # makes room at once, not at the next heartbeat

        def room():
            answer = desk.server.api(path.removeprefix("/api/0/") + "?seconds=0")
            return answer.status == 200
        process.wait_until(room, 5, "room for another stream")
        for left in sockets:
            left.close()
        print(f"  32 streams nobody reads, 200 events: {grown:.1f} MiB more")


def health_tells_how_the_server_is():
    """Spool, digest, storage and dead letters by API."""
    with Desk() as desk:
        desk.event("Seed")
        desk.issue("Seed")
        path = f"mishap/organizations/{desk.server.organization}/health/"
        health = process.wait_until(lambda: (lambda h: h if h["server"]["digest"]["backlog_records"] == 0 else None)(
            desk.server.api(path).json()), 20, "an empty spool")
        equal("ok", (health["server"]["status"], health["server"]["spool"]["writable"], health["deadLetters"]), ("ok", True, 0))
        assert health["server"]["spool"]["flush_p99_ms"] >= health["server"]["spool"]["flush_p50_ms"] > 0, health
        assert health["storage"]["bytes"] > 1_000_000 and health["storage"]["daysAhead"] >= 7, health
        desk.postgres.sql("insert into tenant.dead_letter (project_id, spool_id, seq, type, reason, detail, payload) "
                          f"values ({desk.server.project_id}, '\\x00', 1, 1, 'crash', 'x', ''), (999, '\\x00', 1, 1, 'crash', 'x', '')")
        equal("dead letters of ours", desk.server.api(path).json()["deadLetters"], 1)


TESTS = [a_page_hears_of_what_its_user_sees, two_servers_stream_one_database, a_gap_is_said_when_the_database_was_away,
         many_and_slow_readers_cost_little, health_tells_how_the_server_is]

"""Wire: exactly the bytes a test wants, sent to a running server, and what became of them: the answer, the stored event, the
outcomes in the database. Not here: assertions about the protocol (conformance.py)."""
import http.client
import json
import os
import struct
import sys
import pathlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.fixture import process  # noqa: E402
from tests.fixture.mishap import Answer, MishapServer  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402

KEYS = 100  # more than there are tests
OUTCOMES = ["accepted", "filtered", "rate_limited", "invalid", "abuse", "client_discard"]


def new_id():
    return os.urandom(16).hex()


def line(value):
    return json.dumps(value).encode()


def envelope(*items, header=None, last_newline=True):
    """items: (item header, payload); payload bytes, or a value to write as JSON."""
    parts = [line(header if header is not None else {})]
    for item_header, payload in items:
        parts += [line(item_header), payload if isinstance(payload, bytes) else line(payload)]
    return b"\n".join(parts) + (b"\n" if last_newline else b"")


def event_envelope(event_id, event=None, **header):
    body = {"message": f"message {event_id}"} if event is None else event
    return envelope(({"type": "event"}, body), header={"event_id": event_id, **header})


def zstd_stored(body):
    """A zstd frame of one raw block; 256 to 65,791 bytes."""
    return (b"\x28\xb5\x2f\xfd\x60" + struct.pack("<H", len(body) - 256)
            + struct.pack("<I", 1 | len(body) << 3)[:3] + body)


def brotli_stored(body):
    """A brotli stream of one uncompressed block, up to 65,536 bytes."""
    return struct.pack("<I", (len(body) - 1) << 4 | 1 << 20)[:3] + body + b"\x03"


class Wire:
    """A server with a PostgreSQL of its own and its first project. Use as a context."""

    def __enter__(self):
        self.postgres = PrivatePostgres(["fsync=off"])
        self.server = MishapServer(self.postgres.conninfo)
        try:
            self.server.start()
            self.project = self.server.project_id
            self._make_keys()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _make_keys(self):
        self.postgres.sql(
            "insert into control.project_key (project_id, public_key, secret_key, name)"
            f" select {self.project}, md5(n::text), md5(n::text), 'k' || n from generate_series(1, {KEYS}) n")
        self.keys = self.postgres.sql("select id, public_key from control.project_key where public_key = secret_key")
        self.postgres.sql("update control.directory_version set version = version + 1")
        key = self.keys[-1][1]
        process.wait_until(lambda: self.send(self.path(key=key), b"{}").status == 200, 20, "the keys to be known")
        self.keys.pop()
        self.fresh_key()

    def fresh_key(self):
        """A key nobody has used: outcomes counted late (refusals, after some seconds) belong to other keys."""
        self.key_id, self.key = self.keys.pop()

    @property
    def dsn(self):
        return f"http://{self.key}@127.0.0.1:{self.server.port}/{self.project}"

    def __exit__(self, *_):
        self.server.close()
        self.postgres.close()

    def send(self, path, body=b"", headers=None, method="POST", chunked=False):
        """No header but the given ones, Host and Content-Length (or chunks); body as it stands."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if chunked:
                connection.putheader("Transfer-Encoding", "chunked")
                cut = max(1, len(body) // 3)
                pieces = [body[at:at + cut] for at in range(0, len(body), cut)]
                connection.endheaders(iter(pieces), encode_chunked=True)
            else:
                if method != "GET":
                    connection.putheader("Content-Length", str(len(body)))
                connection.endheaders(body or None)
            reply = connection.getresponse()
            return Answer(reply.status, dict(reply.getheaders()), reply.read().decode("utf-8", "replace"))
        finally:
            connection.close()

    def path(self, door="envelope", project=None, key=None):
        return f"/api/{project or self.project}/{door}/?sentry_key={key or self.key}"

    def post(self, body, headers=None, door="envelope", **more):
        return self.send(self.path(door), body, headers, **more)

    def store(self, event, headers=None):
        return self.post(event if isinstance(event, bytes) else line(event), headers, "store")

    def stored(self, event_id, seconds=20):
        """The event's canonical JSON, once the API shows it."""
        def found():
            answer = self.server.api(f"projects/{self.server.organization}/{self.server.project}/events/{event_id}/json/")
            return answer.json() if answer.status == 200 else None
        return process.wait_until(found, seconds, f"event {event_id}")

    def is_stored(self, event_id):
        path = f"projects/{self.server.organization}/{self.server.project}/events/{event_id}/json/"
        return self.server.api(path).status == 200

    def kept(self, event, headers=None):
        """Sends one event in an envelope and returns what was stored."""
        event_id = new_id()
        answer = self.post(event_envelope(event_id, event), headers)
        assert answer.status == 200, f"{answer.status} {answer.body}"
        return self.stored(event_id)

    def outcomes(self):
        """(category, outcome, reason) -> quantity, of the key in use, as stored so far."""
        rows = self.postgres.sql("select category, outcome, reason, sum(quantity) from tenant.outcome"
                                 f" where project_id = {self.project} and key_id = {self.key_id} group by 1, 2, 3")
        return {(row[0], OUTCOMES[int(row[1])], row[2]): int(row[3]) for row in rows}

    def wait_more(self, before, expected, seconds=20):
        """Waits until exactly `expected` was counted since `before`."""
        def grown():
            now = self.outcomes()
            return {k: n - before.get(k, 0) for k, n in now.items() if n != before.get(k, 0)}
        try:
            process.wait_until(lambda: grown() == expected, seconds, "outcomes")
        except TimeoutError:
            raise AssertionError(f"outcomes: got {grown()}, want {expected}") from None

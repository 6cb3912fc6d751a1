"""What people send who mean harm, and what it costs: bombs, depths, widths, lies about lengths, slow and silent connections,
floods of frames. Each line prints CPU seconds and MiB of the server; each has its pass figure. Another client sends all the while
and must not notice much."""
import gzip
import json
import os
import pathlib
import resource
import socket
import subprocess
import sys
import threading
import time
import zlib

import brotli

from tests.e2e.grpc_client import (CONTINUATION, DATA, HEADERS, PING, PREFACE, RST_STREAM, SETTINGS, GrpcWire, RawHttp2, example_event,
                                   frame, frames_of, header_block, hpack_int, new_id, pb)
from tests.fixture import process
from tests.fixture.mishap import request

GIB = 1 << 30
MIB = 1 << 20


class Watched:
    """CPU and memory of the server while the block runs; memory is the highest of a sample every 10 ms."""

    def __init__(self, wire):
        self.pid = wire.server.child.pid

    def __enter__(self):
        self.cpu = process.cpu_seconds(self.pid)
        self.rss = self.peak = process.rss_mb(self.pid)
        self.started = time.monotonic()
        self.over = threading.Event()
        self.sampler = threading.Thread(target=self.sample)
        self.sampler.start()
        return self

    def sample(self):
        while not self.over.wait(0.01):
            self.peak = max(self.peak, process.rss_mb(self.pid))

    def __exit__(self, *_):
        self.over.set()
        self.sampler.join()
        self.seconds = time.monotonic() - self.started
        self.peak = max(self.peak, process.rss_mb(self.pid))
        self.cpu = process.cpu_seconds(self.pid) - self.cpu
        self.grown = self.peak - self.rss


def line(what, answer, watched, extra=""):
    print(f"  {what:<44} {answer:<28} {watched.cpu:6.2f} s CPU  {watched.grown:+7.1f} MiB  {watched.seconds:6.2f} s {extra}", flush=True)


def store_url(server):
    return f"{server.http}/api/{server.project_id}/store/?sentry_key={server.public_key}"


def envelope_url(server):
    return f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}"


def zstd_bomb(size):
    """RLE blocks of 128 KiB: four bytes each."""
    block = ((1 << 17) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    last = ((1 << 17) << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd\x00\x38" + block * (size // (1 << 17) - 1) + last


def brotli_bomb(size):
    compressor, zeroes = brotli.Compressor(quality=1, lgwin=24), b"\0" * MIB
    return b"".join(compressor.process(zeroes) for _ in range(size // MIB)) + compressor.finish()


def gzip_bomb(size, wbits=31):
    compressor, zeroes = zlib.compressobj(9, zlib.DEFLATED, wbits), b"\0" * MIB
    return b"".join(compressor.compress(zeroes) for _ in range(size // MIB)) + compressor.flush()


def bombs(wire):
    """Row 19: 413 in the time that 200 MiB of output cost at 200 MB/s, and at most 16 MiB more memory."""
    gz = gzip_bomb(256 * MIB)
    br, zs = brotli_bomb(GIB), zstd_bomb(GIB)
    far = b"\x28\xb5\x2f\xfd\x00\xa8" + zs[6:]  # a window of 1 GiB and more
    cases = [("gzip 256 MiB", gz, "gzip", 413), ("zlib 256 MiB", gzip_bomb(256 * MIB, 15), "deflate", 413), ("brotli 1 GiB", br, "br", 413),
             ("zstd 1 GiB", zs, "zstd", 413), ("gzip in gzip", gzip.compress(gz), "gzip, gzip", 413),
             ("brotli that never gets on", b"\x0c" + b"\x06" * (10 * MIB), "br", 400), ("zstd, window of 2 GiB", far, "zstd", 400), ("gzip cut in the middle", gz[:len(gz) // 2], "gzip", 400),
             ("random tail", gzip.compress(b"{}") + os.urandom(5000), "gzip", 400)]
    for name, body, encoding, status in cases:
        with Watched(wire) as watched:
            answer = request("POST", envelope_url(wire.server), body, {"Content-Encoding": encoding}, timeout=60)
        line(f"{name}, {len(body)} bytes", f"{answer.status}", watched)
        assert answer.status == status, (name, answer.status, answer.body)
        assert watched.cpu < 1.05, f"{name}: {watched.cpu:.1f} s of CPU"
        assert watched.grown < 16 + len(body) / MIB * 3, f"{name}: {watched.grown:.1f} MiB"


def depth_and_width(wire):
    """Row 20: no recursion, no quadratic time."""
    deep, wide = 10 ** 6, 10 ** 6
    keys = b"{" + b",".join(b'"k%d":1' % i for i in range(150_000)) + b"}"
    same = b"{" + b'"k":1,' * 250_000 + b'"k":1}'
    cases = [("[ nested 10^5", b'{"extra":{"a":' + b"[" * 10 ** 5 + b"]" * 10 ** 5 + b"}}", 400),
             ("{ nested 10^6, 10 MB", b'{"extra":' + b'{"a":' * deep, 413),
             ("[ nested 10^6, 2 MB", b'{"extra":{"a":' + b"[" * deep + b"]" * deep + b"}}", 400),
             ("10^6 keys, 12 MB", b"{" + b",".join(b'"k%07d":1' % i for i in range(wide)) + b"}", 413),
             ("150,000 keys of extra", b'{"message":"w","extra":' + keys + b"}", 200),
             ("150,000 tags", b'{"message":"w","tags":' + keys + b"}", 200),
             ("150,000 unknown fields", keys, 200),
             ("250,000 equal keys", b'{"message":"w","extra":' + same + b"}", 200),
             ("a string of 10 MiB", json.dumps({"message": "x" * (10 * MIB)}).encode(), 413),
             ("1e999999", b'{"message":"n","extra":{"a":1e999999}}', 200),
             ("10^5 digits", b'{"message":"n","extra":{"a":' + b"1" * 10 ** 5 + b"}}", 200),
             ("400,000 empty frames", b'{"exception":[{"type":"E","stacktrace":{"frames":[' + b"{}," * 400_000 + b"{}]}}]}", 200)]
    for name, body, status in cases:
        with Watched(wire) as watched:
            answer = request("POST", store_url(wire.server), body, timeout=60)
        line(name, f"{answer.status} {answer.body[:70] if answer.status != 200 else ''}"[:28], watched)
        assert answer.status == status, (name, answer.status, answer.body)
        assert watched.cpu < 2, f"{name}: {watched.cpu:.1f} s of CPU"
        assert watched.grown < 150, f"{name}: {watched.grown:.0f} MiB"


def raw_http(server, data, seconds=5):
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as connection:
        try:
            connection.sendall(data)
        except OSError:
            pass
        try:
            return connection.recv(4096)
        except ConnectionResetError:
            return b""
        except TimeoutError:
            return b"silent"


def lengths_that_lie(wire):
    """Row 18: 4xx, closed, nothing allocated for a promise."""
    server = wire.server
    start = f"POST /api/{server.project_id}/store/?sentry_key={server.public_key} HTTP/1.1\r\nHost: t\r\n".encode()
    cases = [("Content-Length: -1", start + b"Content-Length: -1\r\n\r\n{}"),
             ("Content-Length: 2^63", start + b"Content-Length: 9223372036854775808\r\n\r\n{}"),
             ("Content-Length: 2^64 + 2", start + b"Content-Length: 18446744073709551618\r\n\r\n{}"),
             ("two lengths", start + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
             ("length and chunked", start + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"),
             ("chunk of 2^64 bytes", start + b"Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{}"),
             ("chunk of f's", start + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * MIB),
             ("chunk extension", start + b"Transfer-Encoding: chunked\r\n\r\n1;a=" + b"b" * MIB),
             ("trailer of one name", start + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\nX: " + b"b" * MIB),
             ("trailer of many names", start + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n0\r\n" + b"X: b\r\n" * (MIB // 6)),
             ("header of 1 MiB", start + b"X: " + b"a" * MIB)]
    for name, data in cases:
        with Watched(wire) as watched:
            answer = raw_http(server, data, 2)
        status = answer.split(b" ", 2)[1].decode() if answer.startswith(b"HTTP/") else answer.decode() or "closed"
        line(name, status, watched)
        assert status.startswith("4") or status in ("501", "closed"), (name, answer)
        assert watched.grown < 5, (name, watched.grown)
    announced = b"{}\n" + b'{"type":"attachment","length":209715200}\n' + b"x"
    with Watched(wire) as watched:
        answer = request("POST", envelope_url(server), announced)
    line("an item of 200 MiB in one of 45 bytes", str(answer.status), watched)
    assert answer.status == 400 and watched.grown < 5, (answer.status, watched.grown)


def ids(wire):
    """Row 23: 16 bytes, or a new id; never a path."""
    for bad in ("../../etc/passwd", "a" * 10240, "", "zz", 7, None, ["a"]):
        body = json.dumps({"event_id": bad, "message": "ids"}).encode()
        answer = request("POST", store_url(wire.server), body)
        assert answer.status == 200, (bad, answer.status, answer.body)
        given = answer.json()["id"]
        assert len(given) == 32 and set(given) <= set("0123456789abcdef"), (bad, answer.body)
    dashed = "A1B2C3D4-0000-4000-8000-00000000ABCD"
    answer = request("POST", store_url(wire.server), json.dumps({"event_id": dashed, "message": "ids"}).encode())
    assert answer.json()["id"] == dashed.replace("-", "").lower(), answer.body
    results = wire.capture(pb.CaptureRequest(events=[example_event("../../etc/passwd"), example_event(dashed)]), metadata=wire.metadata,
                           timeout=10).results
    assert len(results[0].event_id) == 32 and results[1].event_id == dashed.replace("-", "").lower(), results
    found = [str(p) for p in pathlib.Path(wire.server.data_dir).rglob("*") if "passwd" in p.name]
    assert not found, found
    print("  7 bad ids: 200 with a new one; dashed and upper case: the same 16 bytes")


def flood(wire, name, chunk, times, stop_seconds=20):
    """Sends chunks until the server closes; what it cost."""
    raw = RawHttp2(wire.address)
    sent = 0
    with Watched(wire) as watched:
        deadline = time.monotonic() + stop_seconds
        for _ in range(times):
            if not raw.send(chunk) or time.monotonic() > deadline:
                break
            sent += len(chunk)
        time.sleep(0.3)
    closed = not raw.send(frame(PING, 0, 0, b"00000000")) or not raw.send(frame(PING, 0, 0, b"00000000"))
    raw.close()
    line(name, "closed" if closed else "open", watched, f"{sent / MIB:.1f} MiB taken")
    assert closed, f"{name}: the connection is still open after {sent} bytes"
    assert watched.cpu < 0.5, f"{name}: {watched.cpu:.2f} s of CPU"
    assert watched.grown < 5, f"{name}: {watched.grown:.1f} MiB"


def floods_of_frames(wire):
    """Row 24: closed with little work; others are served."""
    block = header_block(fields=[("sentry-dsn", wire.server.dsn)])
    endless = frame(HEADERS, 0, 1, block + b"\x00\x01a\x7f\xff\xff\xff\xff\x0f") + b""
    more = frame(CONTINUATION, 0, 1, b"a" * 16384)
    flood(wire, "a header string of 1 GiB", endless + more * 8, 4000)
    flood(wire, "10^6 CONTINUATION, empty", frame(HEADERS, 0, 1, block) + frame(CONTINUATION, 0, 1) * 10 ** 5, 10)
    resets, stream = [], 1
    for _ in range(50_000):
        resets.append(frame(HEADERS, 4, stream, block) + frame(RST_STREAM, 0, stream, b"\0\0\0\x08"))
        stream += 2
    flood(wire, "50,000 x HEADERS + RST_STREAM", b"".join(resets), 1)
    flood(wire, "SETTINGS", frame(SETTINGS, 0, 0, b"\0\x03\0\0\0\x64") * 5000, 200)
    flood(wire, "PING", frame(PING, 0, 0, b"12345678") * 5000, 200)
    flood(wire, "PRIORITY", frame(2, 0, 1, b"\0\0\0\x03\x10") * 5000, 200)
    flood(wire, "empty DATA", frame(HEADERS, 4, 1, header_block("/mishap.v1.IngestService/CaptureStream",
                                                                 [("sentry-dsn", wire.server.dsn)])) + frame(DATA, 0, 1) * 5000, 200)
    opened, stream = [], 1
    for _ in range(100_000):
        opened.append(frame(HEADERS, 4, stream, block))
        stream += 2
    flood(wire, "10^5 calls that never end", b"".join(opened), 1)
    big = header_block(fields=[(f"x-{i}", "v" * 1000) for i in range(20)])
    many = b"".join(frame(HEADERS, 0, 1 + 2 * i, big[:16000]) + frame(CONTINUATION, 4, 1 + 2 * i, big[16000:]) for i in range(1000))
    flood(wire, "metadata of 20 KiB, 1,000 calls", many, 1)


def slow_clients(wire):
    """Row 13: 4 x 200 connections that give a byte now and then, heads and bodies, HTTP and HTTP/2, while others are served."""
    server, count = wire.server, 200
    head = f"POST /api/{server.project_id}/store/?sentry_key={server.public_key} HTTP/1.1\r\n".encode()
    call = header_block("/mishap.v1.IngestService/CaptureStream", [("sentry-dsn", server.dsn)])
    kinds = [(("127.0.0.1", server.port), b"", head), (tuple_of(wire.address), b"", PREFACE),
             (("127.0.0.1", server.port), head + b"Content-Length: 100000\r\n\r\n", b"x" * 100),
             (tuple_of(wire.address), PREFACE + frame(SETTINGS, 0, 0) + frame(HEADERS, 4, 1, call) + frame(DATA, 0, 1, b"\0\0\1\0\0"), None)]
    slow, texts = [], []
    for address, first, text in kinds:
        for _ in range(count):
            connection = socket.create_connection(address)
            connection.sendall(first)
            slow.append(connection)
            texts.append(text)
    times = []
    with Watched(wire) as watched:
        deadline = time.monotonic() + 19  # 10 s to the answer, 5 s of lingering
        at, open_ones = 0, set(slow)
        while time.monotonic() < deadline and open_ones:
            for i, connection in enumerate(slow):
                if connection not in open_ones:
                    continue
                text = texts[i]
                try:
                    connection.send(text[at % len(text):at % len(text) + 1] if text else frame(DATA, 0, 1, b"x"))
                    if text is None and is_ended(connection):
                        open_ones.discard(connection)
                except OSError:
                    open_ones.discard(connection)
            at += 1
            started = time.monotonic()
            assert request("POST", store_url(server), b'{"message":"normal"}').status == 200
            times.append(time.monotonic() - started)
            time.sleep(0.4)
    line(f"{4 * count} slow heads and bodies", f"{len(open_ones)} still open", watched, f"normal worst {max(times) * 1000:.0f} ms")
    for connection in slow:
        connection.close()
    assert not open_ones, f"{len(open_ones)} slow connections are open after 19 s"
    assert sorted(times)[len(times) // 2] < 0.2, times


def is_ended(connection):
    """The call on an HTTP/2 connection got its last word."""
    try:
        return any(kind == HEADERS and flags & 1 for kind, flags, _, _ in frames_of(connection.recv(65536, socket.MSG_DONTWAIT)))
    except BlockingIOError:
        return False


def tuple_of(address):
    host, port = address.rsplit(":", 1)
    return host, int(port)


def quick_requests(server):
    """Seconds of 100 requests, sorted."""
    times = []
    for _ in range(100):
        started = time.monotonic()
        assert request("POST", store_url(server), b'{"message":"normal"}').status == 200
        times.append(time.monotonic() - started)
    return sorted(times)


IDLE = """
import resource, socket, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
kind, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
held = []
for i in range(count):
    connection = socket.create_connection(("127.0.0.1", port))
    if kind == "h2":
        connection.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + b"\\0\\0\\0\\4\\0\\0\\0\\0\\0")
    else:
        connection.sendall(b"GET /livez HTTP/1.1\\r\\nHost: t\\r\\n\\r\\n")
    held.append(connection)
for connection in held:
    assert connection.recv(20)
print("held", flush=True)
sys.stdin.read()
"""


def ten_thousand_idle(wire):
    """Row 15: 10,000 idle connections of each kind: 32 KiB each at most, nobody refused, others served as before."""
    server, count = wire.server, 10_000
    limit = resource.prlimit(server.child.pid, resource.RLIMIT_NOFILE)[0]
    if limit < count + 500:
        resource.prlimit(server.child.pid, resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    for kind, port in (("http", server.port), ("h2", tuple_of(wire.address)[1])):
        base = process.rss_mb(server.child.pid)
        before = quick_requests(server)
        with Watched(wire) as watched:
            holder = subprocess.Popen([sys.executable, "-c", IDLE, kind, str(port), str(count)], stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True)
            held = holder.stdout.readline().strip()
            times = quick_requests(server)
        each = (process.rss_mb(server.child.pid) - base) * 1024 / count
        line(f"{count} idle {kind}", held or "refused", watched,
             f"{each:.1f} KiB each, normal p50 {times[50] * 1000:.1f} ms (before {before[50] * 1000:.1f}), "
             f"p99 {times[98] * 1000:.1f} ms (before {before[98] * 1000:.1f})")
        holder.stdin.close()
        holder.wait(20)
        assert held == "held", "a connection was refused"
        assert each < 32, f"{each:.1f} KiB for an idle connection"


CASES = [bombs, depth_and_width, lengths_that_lie, ids, floods_of_frames, slow_clients, ten_thousand_idle]


def abuse_is_bounded():
    with GrpcWire() as wire:
        for case in CASES:
            print(f" {case.__name__}")
            case(wire)
        answer = wire.capture(pb.CaptureRequest(events=[example_event(new_id())], wait_for_issues=True), metadata=wire.metadata, timeout=30)
        assert answer.results[0].issue_short_id, answer

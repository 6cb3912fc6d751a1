"""Conformance vectors 21 to 27, 51 and 52: framing, compression, bombs, legacy bodies, text no database takes."""
import base64
import gzip
import socket
import zlib

from tests.e2e.vectors_envelope import ok, refused
from tests.e2e.wire import brotli_stored, event_envelope, line, new_id, zstd_stored
from tests.fixture import process

TESTS = {}
BOMB_BYTES = 1 << 30
BOMB_GROWTH_MB_MAX = 300


def vector(number):
    def register(test):
        TESTS[number] = test
        return test
    return register


@vector(21)
def chunked(wire):
    """chunked body without Content-Type"""
    event_id = new_id()
    ok(wire.post(event_envelope(event_id), chunked=True), event_id)
    wire.stored(event_id)


@vector(22)
def empty_encoding(wire):
    """empty Content-Encoding header"""
    event_id = new_id()
    ok(wire.post(event_envelope(event_id), {"Content-Encoding": ""}), event_id)
    wire.stored(event_id)


@vector(23)
def encodings(wire):
    """br, gzip, x-gzip, zstd, zlib deflate, raw deflate"""
    def raw_deflate(body):
        packer = zlib.compressobj(wbits=-15)
        return packer.compress(body) + packer.flush()
    ways = [("br", brotli_stored), ("gzip", gzip.compress), ("x-gzip", gzip.compress), ("GZIP", gzip.compress),
            ("zstd", zstd_stored), ("deflate", zlib.compress), ("deflate", raw_deflate), ("identity", bytes)]
    for name, pack in ways:
        event_id = new_id()
        body = event_envelope(event_id, {"message": f"packed by {name} " + "x" * 300})
        ok(wire.post(pack(body), {"Content-Encoding": name}), event_id)
        assert name in wire.stored(event_id)["logentry"]["formatted"], name
    refused(wire.post(event_envelope(new_id()), {"Content-Encoding": "lzma"}), 415)


@vector(24)
def bomb(wire):
    """gzip bomb to 1 GiB: 413 within the memory cap"""
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    body = b"".join(packer.compress(zeros) for _ in range(BOMB_BYTES >> 20)) + packer.flush()
    before = process.rss_mb(wire.server.child.pid)
    refused(wire.post(body, {"Content-Encoding": "gzip"}), 413)
    refused(wire.post(body, {"Content-Encoding": "gzip"}, door="store"), 413)
    grown = process.peak_rss_mb(wire.server.child.pid) - before
    assert grown < BOMB_GROWTH_MB_MAX, f"grew by {grown:.0f} MB"


@vector(25)
def base64_store(wire):
    """base64(zlib) store body, and its kin"""
    ways = [lambda b: base64.b64encode(zlib.compress(b)), base64.b64encode, zlib.compress, gzip.compress,
            lambda b: b"\xef\xbb\xbf" + b, lambda b: b"sentry_data=" + base64.urlsafe_b64encode(zlib.compress(b))]
    for pack in ways:
        event_id = new_id()
        ok(wire.store(pack(line({"event_id": event_id, "message": "legacy"})),
                      {"Content-Type": "application/octet-stream"}), event_id)
        assert wire.stored(event_id)["logentry"]["formatted"] == "legacy"
    refused(wire.store(b""), 400)
    refused(wire.store(b"%%%"), 400)
    pixel_id = new_id()
    query = base64.urlsafe_b64encode(line({"event_id": pixel_id, "message": "pixel"})).decode()
    pixel = ok(wire.send(wire.path("store") + f"&sentry_data={query}", method="GET"))
    assert pixel.headers["content-type"] == "image/gif" and pixel.body.startswith("GIF89a"), pixel.headers
    assert wire.stored(pixel_id)["logentry"]["formatted"] == "pixel"
    refused(wire.send(wire.path("store"), method="GET"), 400)


@vector(26)
def not_finite(wire):
    """NaN and Infinity in a store body become null"""
    event_id = new_id()
    ok(wire.store(b'{"event_id":"%s","message":"m","extra":{"a":NaN,"b":-Infinity,"c":[Infinity,1]}}' % event_id.encode()),
       event_id)
    extra = wire.stored(event_id)["extra"]
    assert extra.get("a") is None and extra.get("b") is None and extra["c"] == [None, 1], extra


@vector(27)
def text_for_no_database(wire):
    r"""lone surrogate and \u0000, in values and keys"""
    event_id = new_id()
    body = (b'{"event_id":"%s","message":"a\\ud83db\\u0000c","tags":{"t":"x\\udc00y"},'
            b'"extra":{"k\\u0000e\\ud800y":"v\\u0000"}}' % event_id.encode())
    ok(wire.store(body), event_id)
    stored = wire.stored(event_id)
    text = line(stored).decode()
    assert "\\u0000" not in text and "\\ud8" not in text and "\\udc" not in text, text
    assert stored["logentry"]["formatted"].startswith("a\ufffdb"), stored["logentry"]


def exchange(wire, head, body):
    """One HTTP request by hand: sends body only after an interim answer if `head` expects one."""
    with socket.create_connection(("127.0.0.1", wire.server.port), timeout=20) as peer:
        peer.sendall(head)
        interim = b""
        if b"100-continue" in head:
            interim = peer.recv(4096)
        try:
            peer.sendall(body)
            peer.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the answer is what counts
        reply = b""
        while piece := peer.recv(65536):
            reply += piece
    return interim, reply


@vector(51)
def expect_continue(wire):
    """Expect: 100-continue"""
    event_id = new_id()
    body = event_envelope(event_id)
    head = (f"POST {wire.path()} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    interim, reply = exchange(wire, head, body)
    assert interim.startswith(b"HTTP/1.1 100"), interim
    assert reply.startswith(b"HTTP/1.1 200"), reply
    wire.stored(event_id)


@vector(52)
def too_large_is_told(wire):
    """413 is delivered, not a reset, while the client is still sending"""
    size = 64 << 20
    head = f"POST {wire.path()} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {size}\r\n\r\n".encode()
    _, reply = exchange(wire, head, bytes(size))
    assert reply.startswith(b"HTTP/1.1 413"), reply[:200]
    assert b"access-control-allow-origin: *" in reply.lower(), reply

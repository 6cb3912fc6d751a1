"""gRPC from the tests: messages made by protoc from the repository's own contracts, Debian's python3-grpcio as the client, and a
raw HTTP/2 connection for what no honest client sends."""
import atexit
import importlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

import grpc
import hpack

from tests.e2e.wire import OUTCOMES
from tests.fixture.mishap import ROOT, MishapServer
from tests.fixture.postgres import PrivatePostgres

_folder = tempfile.mkdtemp(prefix="mishap-protos-", dir="/tmp")
atexit.register(shutil.rmtree, _folder, True)
subprocess.run(["protoc", "-I", str(ROOT / "proto"), f"--python_out={_folder}", "mishap/v1/event.proto",
                "mishap/v1/ingest_service.proto"], check=True)
sys.path.insert(0, _folder)
event_pb2 = importlib.import_module("mishap.v1.event_pb2")
pb = importlib.import_module("mishap.v1.ingest_service_pb2")
sys.path.remove(_folder)


def example_event(event_id="", value="boom", kind="ValueError"):
    event = event_pb2.Event(event_id=event_id, level=event_pb2.LEVEL_ERROR, platform="python", release="shop@1.0")
    exception = event.exceptions.add(type=kind, value=value)
    exception.stacktrace.frames.add(function="pay", filename="shop/pay.py", lineno=7, in_app=True)
    event.tags["color"] = "red"
    return event


def new_id():
    return os.urandom(16).hex()


class GrpcWire:
    """A server on a PostgreSQL of the test's own, and a channel to it."""

    def __init__(self, flags=(), options=()):
        self.postgres = PrivatePostgres(["fsync=off"])
        self.server = MishapServer(self.postgres.conninfo, flags=["--grpc-listen", "127.0.0.1:0", *flags])
        try:
            self.server.start()
        except BaseException:
            self.close()
            raise
        self.connect(options)

    def connect(self, options=()):
        self.address = self.server.ready["grpc"]
        self.metadata = [("sentry-dsn", self.server.dsn)]
        self.channel = grpc.insecure_channel(self.address, options=list(options))
        service = "/mishap.v1.IngestService/"
        self.capture = self.channel.unary_unary(service + "Capture", request_serializer=pb.CaptureRequest.SerializeToString,
                                                response_deserializer=pb.CaptureResponse.FromString)
        self.capture_stream = self.channel.stream_unary(
            service + "CaptureStream", request_serializer=pb.CaptureStreamRequest.SerializeToString,
            response_deserializer=pb.CaptureResponse.FromString)

    def raw(self, method, request=b"", timeout=10, **more):
        """One call with bytes as they are."""
        return self.channel.unary_unary(method)(request, timeout=timeout, **more)

    def outcomes(self):
        """(category, outcome, reason) -> quantity, as PostgreSQL has them."""
        rows = self.postgres.sql("select category, outcome, reason, sum(quantity) from tenant.outcome group by 1, 2, 3")
        return {(row[0], OUTCOMES[int(row[1])], row[2]): int(row[3]) for row in rows}

    def close(self):
        if hasattr(self, "channel"):
            self.channel.close()
        self.server.close()
        self.postgres.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def refusal(call, *arguments, **named):
    """The status a call ends with; it must not be OK."""
    try:
        answer = call(*arguments, **named)
    except grpc.RpcError as error:
        return error
    raise AssertionError(f"the call should have failed; it answered {answer}")


def trailers(error):
    return dict(error.trailing_metadata() or ())


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9


def header_block(path="/mishap.v1.IngestService/Capture", fields=()):
    """HPACK without Huffman and without the dynamic table."""
    def literal(name, value):
        name, value = name.encode(), value.encode()
        return b"\x00" + hpack_int(len(name)) + name + hpack_int(len(value)) + value
    block = literal(":method", "POST") + literal(":scheme", "http") + literal(":path", path)
    block += literal(":authority", "t") + literal("content-type", "application/grpc") + literal("te", "trailers")
    for name, value in fields:
        block += literal(name, value)
    return block


def hpack_int(value):
    if value < 127:
        return bytes([value])
    out = [127]
    value -= 127
    while value >= 128:
        out.append(value % 128 + 128)
        value //= 128
    return bytes(out + [value])


class RawHttp2:
    """A connection that says what it is told."""

    def __init__(self, address, greet=True):
        host, port = address.rsplit(":", 1)
        self.socket = socket.create_connection((host, int(port)), timeout=20)
        if greet:
            self.socket.sendall(PREFACE + frame(SETTINGS, 0, 0))

    def send(self, data):
        """False: the server has closed."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def read_to_end(self, seconds=20):
        """All bytes until the server closes; raises if it does not."""
        self.socket.settimeout(seconds)
        got = b""
        while True:
            try:
                part = self.socket.recv(65536)
            except ConnectionResetError:
                return got
            if not part:
                return got
            got += part

    def wait_answer(self):
        """The header fields and trailers of the first call, as a dictionary."""
        got, fields = b"", {}
        while "grpc-status" not in fields and ":status" not in fields:
            part = self.socket.recv(65536)
            if not part:
                raise AssertionError(f"closed without an answer: {frames_of(got)}")
            got += part
            decoder = hpack.Decoder()
            fields = {}
            for kind, _, _, payload in frames_of(got):
                if kind == HEADERS:
                    fields.update(decoder.decode(payload))
        return fields

    def close(self):
        self.socket.close()


def frames_of(data):
    """(kind, flags, stream, payload) of what a server sent."""
    found = []
    while len(data) >= 9:
        size = int.from_bytes(data[:3], "big")
        found.append((data[3], data[4], int.from_bytes(data[5:9], "big"), data[9:9 + size]))
        data = data[9 + size:]
    return found

"""QueryService from the tests: messages made by protoc from the repository's own contracts, one Python call a method, and errors
read down to google.rpc's details."""
import atexit
import importlib
import shutil
import subprocess
import sys
import tempfile

import grpc

from tests.e2e import grpc_client  # noqa: F401: registers event.proto first
from tests.fixture.mishap import ROOT

_folder = tempfile.mkdtemp(prefix="mishap-protos-", dir="/tmp")
atexit.register(shutil.rmtree, _folder, True)
subprocess.run(["protoc", "-I", str(ROOT / "proto"), f"--python_out={_folder}", "mishap/v1/resources.proto",
                "mishap/v1/query_service.proto"], check=True)
import mishap.v1 as _package  # noqa: E402: what grpc_client made; these two join it

_package.__path__.append(f"{_folder}/mishap/v1")
resources = importlib.import_module("mishap.v1.resources_pb2")
pb = importlib.import_module("mishap.v1.query_service_pb2")
SERVICE = pb.DESCRIPTOR.services_by_name["QueryService"]
METHODS = [method.name for method in SERVICE.methods]
sys.modules.setdefault("mishap.v1.resources_pb2", resources)


class Query:
    """query.ListIssues(parent=..., page_size=7): the answer, or grpc.RpcError. token None: no credentials."""

    def __init__(self, channel, token):
        self.channel = channel
        self.metadata = [("authorization", f"Bearer {token}")] if token else []

    def __getattr__(self, name):
        method = SERVICE.methods_by_name[name]
        # protobuf's own class of a message of the contract
        request = getattr(pb, method.input_type.name)
        response = getattr(pb, method.output_type.name, None) or getattr(resources, method.output_type.name)
        call = self.channel.unary_unary(f"/mishap.v1.QueryService/{name}", request_serializer=request.SerializeToString,
                                        response_deserializer=response.FromString)

        def run(message=None, timeout=20, metadata=None, compression=None, **fields):
            sent = message if message is not None else request(**fields)
            return call(sent, timeout=timeout, metadata=self.metadata if metadata is None else metadata, compression=compression)
        return run

    def pages(self, method, of, between=None, **fields):
        """All of a list, page by page; `between` runs after each page."""
        found, token = [], ""
        while True:
            answer = getattr(self, method)(page_token=token, **fields)
            found.extend(getattr(answer, of))
            assert len(getattr(answer, of)) <= fields.get("page_size", 100), len(getattr(answer, of))
            token = answer.next_page_token
            if not token:
                return found
            if between:
                between()


def fields_of(data):
    """(number, value) of a message: bytes for messages and texts, numbers for varints. Enough for google.rpc."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
    while at < len(data):
        tag = varint()
        if tag & 7 == 0:
            yield tag >> 3, varint()
        else:
            assert tag & 7 == 2, tag
            size = varint()
            yield tag >> 3, data[at:at + size]
            at += size


def details(error):
    """{"BadRequest": [(field, description)], "ErrorInfo": (reason, {key: value}), "RetryInfo": seconds} of an error."""
    bytes_ = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    found = {}
    for number, any_ in fields_of(bytes_):
        if number != 3:
            continue
        parts = dict(fields_of(any_))
        kind = parts[1].decode().rsplit(".", 1)[1]
        inner = list(fields_of(parts.get(2, b"")))
        if kind == "BadRequest":
            violations = [dict(fields_of(value)) for _, value in inner]
            found[kind] = [(v[1].decode(), v.get(2, b"").decode()) for v in violations]
        elif kind == "ErrorInfo":
            pairs = [dict(fields_of(value)) for n, value in inner if n == 3]
            found[kind] = (dict(inner)[1].decode(), {p[1].decode(): p[2].decode() for p in pairs})
        elif kind == "RetryInfo":
            found[kind] = dict(fields_of(dict(inner)[1]))[1]
    return found


def refused(call, code, field=None, words="", **fields):
    """The call must end with this code and, for INVALID_ARGUMENT, name this field."""
    try:
        answer = call(**fields)
    except grpc.RpcError as error:
        assert error.code() == code, f"{error.code()} instead of {code}: {error.details()}"
        assert words in error.details(), error.details()
        if field:
            named = details(error).get("BadRequest", [])
            assert [name for name, _ in named] == [field], (named, error.details())
        return error
    raise AssertionError(f"the call should have ended with {code}; it answered {answer}")

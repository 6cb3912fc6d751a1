"""The gRPC door as clients meet it: batches, streams, results, refusals, limits, health, reflection, drain. Debian's python3-grpcio
is the client; frames no client would send go over a raw connection."""
import atexit
import json
import os
import subprocess
import threading
import time

import grpc

from tests.e2e import abuse
from tests.e2e.grpc_client import (DATA, GOAWAY, HEADERS, GrpcWire, RawHttp2, event_pb2, example_event, frame, frames_of,
                                   header_block, new_id, pb, refusal, trailers)
from tests.fixture import process
from tests.fixture.mishap import ROOT, program
from tests.sdk import packages

CODE = grpc.StatusCode
HEALTH = "/grpc.health.v1.Health/"
REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


def clients_of_other_languages():
    """The guide's C++ program, and a Node service that streams 10,000 events; all stored."""
    with GrpcWire() as wire:
        done = subprocess.run([str(program("docs/guide/grpc_capture")), wire.address, wire.server.dsn, "200"], capture_output=True,
                              text=True, timeout=60)
        equal("C++", (done.returncode, done.stdout.splitlines()), (0, ["issue FIRST-PROJECT-1", "accepted 200 of 200"]))
        folders = [packages.npm("@grpc/grpc-js@1.14.7"), packages.npm("@grpc/proto-loader@0.8.1")]
        environment = {**os.environ, "NODE_PATH": ":".join(map(str, folders))}
        events, before, db_before = 10_000, process.cpu_seconds(wire.server.child.pid), wire.postgres.cpu_seconds()
        done = subprocess.run([str(packages.node()), str(ROOT / "tests/e2e/grpc_client.js"), wire.address, wire.server.dsn,
                               str(ROOT / "proto"), str(events)], capture_output=True, text=True, timeout=120, env=environment)
        equal("node", done.returncode, 0)
        told = json.loads(done.stdout)
        equal("outcomes", told["outcomes"], {"OUTCOME_ACCEPTED": events})
        equal("a call without a DSN", told["refusal"]["code"], 16)
        node_issue = told["shortId"]

        def stored():
            return sum(int(i["count"]) for i in wire.server.issues() if i["shortId"] == node_issue) == events + 1
        process.wait_until(stored, 60, "all to be stored")
        cpu = process.cpu_seconds(wire.server.child.pid) - before
        database = wire.postgres.cpu_seconds() - db_before
        print(f"  node: {events} events streamed in {told['seconds']:.2f} s, {events / told['seconds']:.0f}/s; per event, stored: "
              f"server {cpu / events * 1e6:.0f} us, PostgreSQL {database / events * 1e6:.0f} us of CPU")


class shared:  # noqa: N801: reads as a word
    """One server for the tests that leave nothing behind; closed with the suite."""
    wire = None

    def __enter__(self):
        if shared.wire is None:
            shared.wire = GrpcWire()
            atexit.register(shared.wire.close)
        return shared.wire

    def __exit__(self, *_):
        pass


def batch_is_stored_and_answers_short_ids():
    with GrpcWire() as wire:
        ids = [new_id() for _ in range(3)]
        events = [example_event(ids[0]), example_event(ids[1]), example_event(ids[2], kind="KeyError")]
        answer = wire.capture(pb.CaptureRequest(events=events, wait_for_issues=True), metadata=wire.metadata, timeout=30)
        equal("ids", [r.event_id for r in answer.results], ids)
        equal("outcomes", {r.outcome for r in answer.results}, {pb.OUTCOME_ACCEPTED})
        short = [r.issue_short_id for r in answer.results]
        assert short[0] == short[1] != short[2] and all(short), short
        shown = {issue["shortId"]: issue["count"] for issue in wire.server.issues()}
        equal("issues in the API", shown, {short[0]: "2", short[2]: "1"})
        issue = next(i for i in wire.server.issues() if i["shortId"] == short[0])
        event = wire.server.api(f"organizations/{wire.server.organization}/issues/{issue['id']}/events/latest/").json()
        assert {"key": "color", "value": "red"} in [{"key": t["key"], "value": t["value"]} for t in event["tags"]], event["tags"]
        again = wire.capture(pb.CaptureRequest(events=events, wait_for_issues=True), metadata=wire.metadata, timeout=30)
        equal("a repeat", [r.issue_short_id for r in again.results], short)
        process.wait_until(lambda: wire.server.issues()[0]["count"] in "12", 5, "counts")
        equal("stored once", sorted(i["count"] for i in wire.server.issues()), ["1", "2"])


def stream_gives_every_event_its_result():
    with GrpcWire() as wire:
        good, count = new_id(), 500

        def events():
            for i in range(count):
                yield pb.CaptureStreamRequest(event=example_event(good if i == 7 else "", value=f"n {i}"))
            yield pb.CaptureStreamRequest(event=example_event(value="x" * 3_000_000))
            yield pb.CaptureStreamRequest()
        answer = wire.capture_stream(events(), metadata=wire.metadata, timeout=60)
        equal("results", len(answer.results), count + 2)
        equal("the good ones", {r.outcome for r in answer.results[:count]}, {pb.OUTCOME_ACCEPTED})
        equal("in order", answer.results[7].event_id, good)
        large, empty = answer.results[count:]
        equal("too large", (large.outcome, large.reason, large.code), (pb.OUTCOME_INVALID, "too_large", 8))
        assert "the limit is 2097152" in large.detail, large.detail
        equal("no event", (empty.outcome, empty.code), (pb.OUTCOME_INVALID, 3))
        process.wait_until(lambda: sum(int(i["count"]) for i in wire.server.issues()) == count, 20, "all stored")
        wanted = {("error", "accepted", ""): count, ("error", "invalid", "too_large"): 1, ("error", "invalid", "payload"): 1}
        try:
            process.wait_until(lambda: wire.outcomes() == wanted, 20, "one outcome for every event")
        except TimeoutError:
            equal("outcomes", wire.outcomes(), wanted)
        print(f"  outcomes {wire.outcomes()}")


def compressed_messages_are_read():
    with shared() as wire:
        for algorithm in (grpc.Compression.Gzip, grpc.Compression.Deflate):
            event = example_event(new_id(), value="z" * 100_000)
            answer = wire.capture(pb.CaptureRequest(events=[event]), metadata=wire.metadata, timeout=20, compression=algorithm)
            equal("outcome", answer.results[0].outcome, pb.OUTCOME_ACCEPTED)


def refusals_say_why():
    with shared() as wire:
        request = pb.CaptureRequest(events=[example_event()])

        def refused(metadata, code, words, message=request):
            error = refusal(wire.capture, message, metadata=metadata, timeout=10)
            equal(f"code for {words}", error.code(), code)
            assert words in error.details(), error.details()
            print(f"  {error.code().name}: {error.details()}")
            return error
        dsn = wire.server.dsn
        refused([], CODE.UNAUTHENTICATED, "sentry-dsn")
        refused([("sentry-dsn", "no dsn")], CODE.UNAUTHENTICATED, "sentry-dsn")
        refused([("sentry-dsn", dsn.replace(wire.server.public_key, "f" * 32))], CODE.PERMISSION_DENIED, "")
        refused([("sentry-dsn", dsn), ("x-sentry-auth", "Sentry sentry_key=" + "e" * 32)], CODE.UNAUTHENTICATED, "different keys")
        refused(wire.metadata, CODE.INVALID_ARGUMENT, "no events", pb.CaptureRequest())
        refused(wire.metadata, CODE.RESOURCE_EXHAUSTED, "more than 1000 events",
                pb.CaptureRequest(events=[event_pb2.Event()] * 1001))
        refused(wire.metadata, CODE.RESOURCE_EXHAUSTED, "the limit is 2097152",
                pb.CaptureRequest(events=[example_event(value="x" * 3_000_000)]))
        error = refusal(wire.raw, "/mishap.v1.IngestService/Capture", b"\xff\xff\xff", metadata=wire.metadata)
        equal("garbage", error.code(), CODE.INVALID_ARGUMENT)
        assert "not protobuf at byte" in error.details(), error.details()
        equal("no such method", refusal(wire.raw, "/mishap.v1.IngestService/Nothing").code(), CODE.UNIMPLEMENTED)
        equal("no such service", refusal(wire.raw, "/a.b/C").code(), CODE.UNIMPLEMENTED)
        answer = wire.capture(request, metadata=[("x-sentry-auth", f"Sentry sentry_key={wire.server.public_key}")], timeout=10)
        equal("the header of HTTP clients", answer.results[0].outcome, pb.OUTCOME_ACCEPTED)


def rate_limit_is_resource_exhausted_with_retry():
    with shared() as wire:
        s = wire.server
        done = s.api(f"projects/{s.organization}/{s.project}/keys/{s.public_key}/", "PUT", {"rateLimit": {"window": 60, "count": 3}})
        equal("set the limit", done.status, 200)

        def limited():
            try:
                answer = wire.capture(pb.CaptureRequest(events=[example_event()] * 2), metadata=wire.metadata, timeout=10)
            except grpc.RpcError as error:
                return error
            mixed.append(answer)
            return None
        mixed = []
        error = process.wait_until(limited, 15, "the limit")
        equal("code", error.code(), CODE.RESOURCE_EXHAUSTED)
        told = trailers(error)
        seconds = int(told["retry-after"])
        assert 1 <= seconds <= 60, told
        equal("push-back", told["grpc-retry-pushback-ms"], str(seconds * 1000))
        equal("for SDKs", told["x-sentry-rate-limits"], f"{seconds}:error;default;security:key:key_quota")
        assert b"google.rpc.RetryInfo" in told["grpc-status-details-bin"], told
        print(f"  {error.code().name}: retry after {seconds} s")
        partly = [a for a in mixed if {r.outcome for r in a.results} == {pb.OUTCOME_ACCEPTED, pb.OUTCOME_RATE_LIMITED}]
        equal("answers with one of each", len(partly), 1)
        equal("limits in the reply", partly[0].rate_limits[0].reason, "key_quota")


def limits_name_their_scope():
    """Which limit it was, of the project or of the organization, and its own reason: in the trailers, in the reply and in the outcome."""
    with GrpcWire() as wire:
        quota = {"categories": ["error"], "limit": 0, "window": 3600}
        for scope, table, where, reason in (("organization", "organization", f"slug = '{wire.server.organization}'", "plan_used_up"),
                                            ("project", "project", f"id = {wire.server.project_id}", "project_quota")):
            more = {"reason": reason} if reason == "plan_used_up" else {}
            wire.postgres.sql(f"update control.organization set settings = '{{}}'; update control.{table} set settings = settings ||"
                              f" '{json.dumps({'quotas': [{**quota, **more}]})}' where {where};"
                              " update control.directory_version set version = version + 1")

            def limited(scope=scope):
                try:
                    wire.capture(pb.CaptureRequest(events=[example_event()]), metadata=wire.metadata, timeout=10)
                except grpc.RpcError as error:
                    told = trailers(error).get("x-sentry-rate-limits", "")
                    return error if f":{scope}:" in told else None
                return None
            error = process.wait_until(limited, 20, f"the limit of the {scope}")
            told = trailers(error)
            equal("code", error.code(), CODE.RESOURCE_EXHAUSTED)
            equal("trailer", told["x-sentry-rate-limits"], f"{told['retry-after']}:error;default;security:{scope}:{reason}")
            process.wait_until(lambda reason=reason: wire.outcomes().get(("error", "rate_limited", reason)), 20, f"outcome {reason}")
            print(f"  {told['x-sentry-rate-limits']}")


def full_spool_is_unavailable_with_retry():
    """503 of HTTP is UNAVAILABLE: the spool may hold 1 MiB and PostgreSQL is away."""
    with GrpcWire(flags=["--set", "spool.spool_bytes_max=1MiB", "--set", "spool.segment_bytes=1MiB"]) as wire:
        wire.postgres.stop()
        noise = [example_event(value=new_id() * 3000) for _ in range(8)]

        def full():
            try:
                for event in noise:
                    event.event_id = new_id()
                    event.extra_json["noise"] = json.dumps(new_id() + "".join(new_id() for _ in range(2000)))
                wire.capture(pb.CaptureRequest(events=noise), metadata=wire.metadata, timeout=10)
            except grpc.RpcError as error:
                return error
            return None
        error = process.wait_until(full, 30, "the spool to be full")
        equal("code", error.code(), CODE.UNAVAILABLE)
        told = trailers(error)
        assert 1 <= int(told["retry-after"]) <= 5 and b"RetryInfo" in told["grpc-status-details-bin"], told
        print(f"  {error.code().name}: {error.details()}")


def health_and_reflection_answer():
    with GrpcWire() as wire:
        equal("serving", wire.raw(HEALTH + "Check"), b"\x08\x01")
        equal("our service", wire.raw(HEALTH + "Check", b"\x0a\x18mishap.v1.IngestService"), b"\x08\x01")
        equal("unknown", refusal(wire.raw, HEALTH + "Check", b"\x0a\x01x").code(), CODE.NOT_FOUND)
        watch = wire.channel.unary_stream(HEALTH + "Watch")(b"", timeout=60)
        equal("watched", next(watch), b"\x08\x01")
        ask = wire.channel.stream_stream(REFLECTION)
        symbol = b"mishap.v1.IngestService.Capture"
        listed, described, missing = ask(iter([b"\x3a\x01*", b"\x22" + bytes([len(symbol)]) + symbol, b"\x1a\x01x"]), timeout=10)
        assert b"mishap.v1.IngestService" in listed and b"grpc.health.v1.Health" in listed, listed
        assert b"CaptureStreamRequest" in described and b"google/protobuf/timestamp.proto" in described, described
        assert b"nothing of this name" in missing, missing
        equal("a stop", wire.server.stop(), 0)
        equal("the watcher hears it", next(watch), b"\x08\x02")
        try:
            next(watch)
            raise AssertionError("the watch should end")
        except grpc.RpcError as error:
            equal("end of the watch", error.code(), CODE.UNAVAILABLE)


def stop_lets_streams_in_flight_end():
    with GrpcWire() as wire:
        go_on = threading.Event()

        def events():
            yield pb.CaptureStreamRequest(event=example_event())
            go_on.wait(20)
            for _ in range(50):
                yield pb.CaptureStreamRequest(event=example_event())
        call = wire.capture_stream.future(events(), metadata=wire.metadata, timeout=30)
        process.wait_until(lambda: len(wire.server.issues()) == 1, 20, "the stream's first event")
        stopping = threading.Thread(target=wire.server.stop)
        stopping.start()
        # The listener is gone as soon as the stop has begun.
        process.wait_until(lambda: not listening(wire.address), 10, "the port to be closed")
        go_on.set()
        equal("results", len(call.result(20).results), 51)
        stopping.join(40)
        equal("exit", wire.server.child.returncode, 0)
        wire.server.start()
        process.wait_until(lambda: wire.server.issues()[0]["count"] == "51", 20, "all stored")


def listening(address):
    try:
        RawHttp2(address, greet=False).close()
        return True
    except OSError:
        return False


def deadline_is_kept():
    """A call whose client has long gone ends on the server too, and takes nothing with it."""
    with shared() as wire:
        def slow():
            yield pb.CaptureStreamRequest(event=example_event())
            time.sleep(2)
        error = refusal(wire.capture_stream, slow(), metadata=wire.metadata, timeout=0.5)
        equal("the client's view", error.code(), CODE.DEADLINE_EXCEEDED)
        raw = RawHttp2(wire.address)
        fields = [("sentry-dsn", wire.server.dsn), ("grpc-timeout", "300m")]
        raw.send(frame(HEADERS, 4, 1, header_block("/mishap.v1.IngestService/CaptureStream", fields)))
        started = time.monotonic()
        answer = raw.wait_answer()
        took = time.monotonic() - started
        assert 0.2 < took < 3, took
        equal("the server's view", (answer["grpc-status"], answer["grpc-message"]), ("4", "the call's deadline has passed"))
        raw.close()
        answer = wire.capture(pb.CaptureRequest(events=[example_event()]), metadata=wire.metadata, timeout=10)
        equal("afterwards", answer.results[0].outcome, pb.OUTCOME_ACCEPTED)


def messages_have_a_size():
    with shared() as wire:
        error = refusal(wire.raw, "/mishap.v1.IngestService/Capture", b"x" * (17 << 20), metadata=wire.metadata, timeout=20)
        equal("code", error.code(), CODE.RESOURCE_EXHAUSTED)
        assert "the limit is 16777216" in error.details(), error.details()
        # A length that lies: 4 GiB announced, five bytes sent.
        raw = RawHttp2(wire.address)
        before = process.rss_mb(wire.server.child.pid)
        raw.send(frame(HEADERS, 4, 1, header_block(fields=[("sentry-dsn", wire.server.dsn)])))
        raw.send(frame(DATA, 0, 1, b"\x00\xff\xff\xff\xff"))
        answer = raw.wait_answer()
        equal("status", answer["grpc-status"], "8")
        assert "4294967295" in answer["grpc-message"], answer
        grown = process.rss_mb(wire.server.child.pid) - before
        assert grown < 2, f"a length of 4 GiB grew the server by {grown:.1f} MiB"
        raw.close()


def too_many_pings_are_told_to_calm_down():
    with shared() as wire:
        raw = RawHttp2(wire.address)
        ping = frame(6, 0, 0, b"12345678")
        while raw.send(ping * 500):
            pass
        goaway = [f for f in frames_of(raw.read_to_end()) if f[0] == GOAWAY]
        if goaway:  # the kernel may have thrown the answer away with the connection
            equal("error code", int.from_bytes(goaway[-1][3][4:8], "big"), 11)
        answer = wire.capture(pb.CaptureRequest(events=[example_event()]), metadata=wire.metadata, timeout=10)
        equal("others", answer.results[0].outcome, pb.OUTCOME_ACCEPTED)


TESTS = [clients_of_other_languages, batch_is_stored_and_answers_short_ids, stream_gives_every_event_its_result, compressed_messages_are_read,
         refusals_say_why, deadline_is_kept, messages_have_a_size, too_many_pings_are_told_to_calm_down,
         rate_limit_is_resource_exhausted_with_retry, limits_name_their_scope, full_spool_is_unavailable_with_retry, health_and_reflection_answer,
         stop_lets_streams_in_flight_end, abuse.abuse_is_bounded]

"""Conformance vectors 28 to 40: shapes and spellings of an event's fields, as the API shows what was stored."""
import datetime

from tests.e2e.vectors_envelope import ok
from tests.e2e.wire import event_envelope, new_id

TESTS = {}
UTC = datetime.timezone.utc


def vector(number):
    def register(test):
        TESTS[number] = test
        return test
    return register


def now():
    return datetime.datetime.now(UTC)


def when(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def errors_of(event):
    return {(e["type"], e.get("name")) for e in event.get("errors", [])}


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


@vector(28)
def exception_shapes(wire):
    """exception as list, object and {"values": []}"""
    one = {"type": "ValueError", "value": "v"}
    for shape in ([one], one, {"values": [one]}, [None, one]):
        exception = wire.kept({"exception": shape})["exception"]["values"]
        equal(f"exceptions of {shape}", [(e["type"], e["value"]) for e in exception], [("ValueError", "v")])


@vector(29)
def tag_shapes(wire):
    """tags as list and object, null values, a value of 201 characters"""
    equal("object", wire.kept({"tags": {"a": "1", "b": 2, "c": None, "d": True}})["tags"],
          [["a", "1"], ["b", "2"], ["d", "True"]])
    equal("list", wire.kept({"tags": [["a", "1"], None, ["b", None], ["a", "second"]]})["tags"], [["a", "1"]])
    tags = dict(wire.kept({"tags": {"long": "x" * 201, "full": "y" * 200, "sp ace": "z"}})["tags"])
    equal("200 characters are kept", tags["full"], "y" * 200)
    assert len(tags["long"]) == 200 and tags["long"].startswith("x" * 197), tags["long"]
    equal("blank in a key", tags["sp-ace"], "z")


@vector(30)
def levels(wire):
    """level 40, "critical", "bogus" """
    for sent, kept in ((40, "error"), ("critical", "fatal"), ("WARN", "warning"), ("log", "info"), ("10", "debug")):
        equal(f"level {sent!r}", wire.kept({"message": "m", "level": sent})["level"], kept)
    bogus = wire.kept({"message": "m", "level": "bogus"})
    equal("bogus", bogus["level"], "error")
    assert ("invalid_data", "level") in errors_of(bogus), bogus["errors"]


@vector(31)
def timestamps(wire):
    """timestamp float, int, naive, Z, +02:00, nanoseconds"""
    at = (now() - datetime.timedelta(hours=1)).replace(microsecond=250000)
    naive = at.strftime("%Y-%m-%dT%H:%M:%S")
    ahead = (at + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S")
    spellings = [(at.timestamp(), 250), (int(at.timestamp()), 0), (naive + ".25", 250), (naive + ".25Z", 250),
                 (ahead + ".25+02:00", 250), (ahead + ".25+0200", 250), (naive + ".250000123Z", 250),
                 (naive.replace("T", " ") + "Z", 0)]
    for sent, milliseconds in spellings:
        want = at.replace(microsecond=milliseconds * 1000)
        equal(f"timestamp {sent!r}", when(wire.kept({"message": "m", "timestamp": sent})["timestamp"]), want)
    bad = wire.kept({"message": "m", "timestamp": "noon"})
    equal("unreadable: the door's", bad["timestamp"], bad["received"])
    assert ("invalid_data", "timestamp") in errors_of(bad), bad["errors"]


@vector(32)
def clocks(wire):
    """1 day ahead, 40 days ago, a clock 3 hours off"""
    for days, error in ((1, "future_timestamp"), (-40, "past_timestamp")):
        event = wire.kept({"message": "m", "timestamp": (now() + datetime.timedelta(days=days)).timestamp()})
        equal(f"{days} days", event["timestamp"], event["received"])
        assert error in {kind for kind, _ in errors_of(event)}, event["errors"]
    event_id, wrong = new_id(), now() - datetime.timedelta(hours=3)
    happened = wrong - datetime.timedelta(minutes=10)
    ok(wire.post(event_envelope(event_id, {"message": "m", "timestamp": happened.timestamp()}, sent_at=wrong.isoformat())))
    event = wire.stored(event_id)
    age = (when(event["received"]) - when(event["timestamp"])).total_seconds()
    assert 590 < age < 640, f"{age} s before it arrived, want about 600"
    assert "clock_drift" in {kind for kind, _ in errors_of(event)}, event["errors"]


@vector(33)
def releases(wire):
    """release "latest", "a/b", 1.5, 201 bytes"""
    for sent in ("latest", "a/b", "x" * 201, ".."):
        event = wire.kept({"message": "m", "release": sent})
        assert "release" not in event, event["release"]
        assert ("invalid_data", "release") in errors_of(event), event.get("errors")
    equal("200 bytes", wire.kept({"message": "m", "release": "x" * 200})["release"], "x" * 200)
    equal("a number loses its fraction", wire.kept({"message": "m", "release": 1.5})["release"], "1")


@vector(34)
def environment_tag(wire):
    """a tag environment becomes the environment"""
    event = wire.kept({"message": "m", "tags": {"environment": "staging", "kept": "1"}})
    equal("environment", event["environment"], "staging")
    equal("tags", event["tags"], [["kept", "1"]])
    equal("the field wins", wire.kept({"message": "m", "environment": "prod", "tags": {"environment": "x"}})["environment"],
          "prod")


@vector(35)
def auto_address(wire):
    """{{auto}} for javascript and python"""
    for platform in ("javascript", "python"):
        event = wire.kept({"message": "m", "platform": platform, "user": {"id": 7, "ip_address": "{{auto}}"}})
        equal(platform, event["user"], {"id": "7", "ip_address": "127.0.0.1"})


@vector(36)
def peer_address(wire):
    """the peer's address is added for javascript, cocoa and objc only, and a forwarded one is not believed"""
    for platform in ("javascript", "cocoa", "objc"):
        event = wire.kept({"message": "m", "platform": platform}, {"X-Forwarded-For": "203.0.113.9"})
        equal(platform, event["user"]["ip_address"], "127.0.0.1")
    for platform in ("python", "node", "php", "other"):
        event = wire.kept({"message": "m", "platform": platform})
        assert "user" not in event, event["user"]
    never = {"name": "sentry.javascript.browser", "version": "11.12.0", "settings": {"infer_ip": "never"}}
    assert "user" not in wire.kept({"message": "m", "platform": "javascript", "sdk": never})


@vector(37)
def messages(wire):
    """message as string, object, with params"""
    equal("text", wire.kept({"message": "plain"})["logentry"], {"formatted": "plain"})
    equal("object", wire.kept({"message": {"formatted": "boom"}})["logentry"], {"formatted": "boom"})
    equal("template", wire.kept({"logentry": {"message": "user %s", "params": ["7"]}})["logentry"],
          {"message": "user %s", "params": ["7"], "formatted": "user 7"})
    equal("PHP", wire.kept({"message": {"message": "a %s", "params": ["b"], "formatted": "a b"}})["logentry"]["formatted"],
          "a b")
    equal("braces", wire.kept({"logentry": {"message": "{who} is {0}", "params": {"who": "ann", "0": "in"}}})
          ["logentry"]["formatted"], "ann is in")


@vector(38)
def top_level_stacktrace(wire):
    """a top-level stacktrace moves into the only exception"""
    stack = {"frames": [{"filename": "a.py", "function": "top", "lineno": 1}]}
    event = wire.kept({"exception": {"values": [{"type": "E", "value": "v"}]}, "stacktrace": stack})
    assert "stacktrace" not in event, event["stacktrace"]
    equal("function", event["exception"]["values"][0]["stacktrace"]["frames"][0]["function"], "top")


@vector(39)
def frames(wire):
    """of 300 frames the last 250 stay"""
    stack = {"frames": [{"filename": "a.py", "function": f"f{n}", "lineno": n} for n in range(300)]}
    event = wire.kept({"exception": [{"type": "E", "value": "v", "stacktrace": stack}]})
    kept = [f["function"] for f in event["exception"]["values"][0]["stacktrace"]["frames"]]
    equal("frames", kept, [f"f{n}" for n in range(50, 300)])


@vector(40)
def duplicates(wire):
    """a duplicate event_id is 200, stored once"""
    event_id, before = new_id(), wire.outcomes()
    for text in ("first", "second"):
        ok(wire.post(event_envelope(event_id, {"message": text})), event_id)
    wire.wait_more(before, {("default", "accepted", ""): 1, ("default", "invalid", "duplicate"): 1})
    equal("the first is kept", wire.stored(event_id)["logentry"]["formatted"], "first")
    equal("rows", wire.postgres.number(
        f"select count(*) from tenant.event where replace(event_id::text, '-', '') = '{event_id}'"), 1)

"""Captured requests of SDKs as files (*.http.json) and what stands in them: an independent reading of envelopes, so that what
the server says it received can be compared with what was sent. Not here: sending (replay.py)."""
import base64
import collections
import gzip
import json
import pathlib
import re
import zlib

DOORS = ("envelope", "store", "security", "csp-report", "nel", "tunnel")
CATEGORY = {"event": "event", "transaction": "transaction", "attachment": "attachment", "session": "session", "sessions": "session",
            "user_report": "feedback", "feedback": "feedback", "client_report": "internal", "check_in": "monitor",
            "log": "log_item", "trace_metric": "trace_metric", "span": "span", "otel_span": "span", "profile": "profile",
            "profile_chunk": "profile", "replay_event": "replay", "replay_recording": "replay", "replay_video": "replay",
            "statsd": "metric_bucket", "metric_buckets": "metric_bucket"}
KNOWN_LISTS = ("discarded_events", "rate_limited_events", "filtered_events", "filtered_sampling_events")


class Capture:
    """One request. door: "envelope", "store", ... or None if it is for no ingest door."""

    def __init__(self, path):
        raw = json.loads(path.read_text())
        self.name = f"{path.parent.name}/{path.name}"
        self.sdk = path.parent.name
        self.method = raw["method"]
        self.path = raw["path"]
        self.headers = [tuple(pair) for pair in raw.get("headers_list") or raw["headers"].items()]
        self.chunked = raw.get("transfer", {}).get("framing") == "chunked"
        self.body = base64.b64decode(raw.get("body_base64") or "")
        self.door = self._door()

    def _door(self):
        found = re.match(r"(?:/[^/?]+)*?/api/\d+/([a-z-]+)/?(?:\?|$)", self.path)
        if re.match(r"/tunnel/?(\?|$)", self.path):
            return "tunnel"
        return found.group(1) if found and found.group(1) in DOORS else None

    def header(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), "")

    def plain(self):
        """The body without compression."""
        if self.header("content-encoding").strip() == "gzip":
            return gzip.decompress(self.body)
        if self.door == "store" and not self.body.lstrip().startswith(b"{"):
            return zlib.decompress(base64.b64decode(self.body))
        return self.body


def envelope_items(body):
    """(header, payload) of each item; "length" is believed as far as a line feed follows."""
    at = body.find(b"\n")
    if at < 0:
        return []
    at += 1
    items = []
    while at < len(body):
        if body[at:at + 1] == b"\n":
            at += 1
            continue
        end = body.find(b"\n", at)
        end = len(body) if end < 0 else end
        header = json.loads(body[at:end])
        start = min(end + 1, len(body))
        length = header.get("length")
        stop = start + length if isinstance(length, int) else -1
        if stop < 0 or (stop < len(body) and body[stop:stop + 1] != b"\n"):
            stop = body.find(b"\n", start)
            stop = len(body) if stop < 0 else stop
        items.append((header, body[start:stop]))
        at = stop + 1
    return items


def received(capture):
    """What the request carries: Counter of category ("event" whatever its level; attachments in bytes) and, beside it, Counter
    of what client reports in it say was discarded."""
    counts, discarded = collections.Counter(), collections.Counter()
    if capture.door in ("security", "csp-report", "nel"):
        reports = json.loads(capture.body)
        counts["event"] += len(reports) if isinstance(reports, list) else 1
        return counts, discarded
    if capture.door == "store" and "x-sentry-envelope" not in capture.header("content-type"):
        counts["event"] += 1
        return counts, discarded
    items = envelope_items(capture.plain())
    if not items:
        counts["default"] += 1
    for header, payload in items:
        category = CATEGORY.get(header.get("type"), "default")
        counts[category] += max(1, len(payload)) if category == "attachment" else 1
        if category == "internal":
            report = json.loads(payload)
            for one in (e for name in KNOWN_LISTS for e in report.get(name) or []):
                discarded[one["category"]] += max(0, one["quantity"])
    return counts, discarded


def event_types(capture):
    """Types of the items that compete to be the request's event, in order."""
    if capture.door == "store" and "x-sentry-envelope" not in capture.header("content-type"):
        return ["event"]
    if capture.door in ("envelope", "store", "tunnel"):
        return [h.get("type") for h, _ in envelope_items(capture.plain()) if h.get("type") in ("event", "transaction")]
    return []


def load(corpus):
    """All captures of Sentry SDKs (and of a browser's security reports) below `corpus`, in order."""
    folders = [f for f in sorted(pathlib.Path(corpus).iterdir()) if re.match(r"sentry-|raven-|chromium-csp", f.name)]
    return [Capture(path) for folder in folders for path in sorted(folder.glob("*.http.json"))]


def load_golden():
    """The requests of the golden cases, which are in the repository."""
    cases = pathlib.Path(__file__).resolve().parents[1] / "golden" / "cases"
    captures = [Capture(path) for path in sorted(cases.glob("*/request.http.json"))]
    for one in captures:
        one.sdk = re.split(r"[0-9_]", one.sdk)[0]
    return captures

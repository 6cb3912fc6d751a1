#!/usr/bin/python3
"""./dev bench query: what people ask the API, over many events and while more arrive.
Events are seeded through the digest over two weeks; then ingest runs at a steady rate and each question is asked again and
again over HTTP. Afterwards every question is asked once more with auto_explain, which gives the plans and their buffers
(all settings of PostgreSQL's planner at their defaults).
usage: query.py [--events N] [--issues N] [--days N] [--rate R] [--rounds N] [--json FILE] [--plans FILE]
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tests.fixture import mishap  # noqa: E402
from tests.fixture.mishap import MishapServer  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402

SETTINGS = ["session_preload_libraries='auto_explain'", "log_line_prefix='%a|'"]
BARS_MS = {"issues": 50, "issues_by_tag": 50, "issues_by_text": 200, "issue": 50, "latest_event": 50, "tag_values": 50}
BUFFERS_MAX = 2000


def questions(org, issues):
    """Name -> list of (kind, path). Tags and texts from everywhere to nowhere; issues from the largest to the smallest."""
    def search(query, more=""):
        return f"organizations/{org}/issues/?limit=25&query={urllib.parse.quote(query)}{more}"
    some = [issues[int(len(issues) * part)] for part in (0, 0.01, 0.1, 0.5, 0.99)]
    return {
        "issues": [("default", f"organizations/{org}/issues/?limit=25")],
        "issues_by_tag": [("common", search("region:us-east")), ("usual", search("customer:c40")),
                          ("rare", search("customer:c4990")), ("mid", search("shard:s17")),
                          ("absent", search("customer:nobody")), ("level", search("is:unresolved level:fatal")),
                          ("two", search("plan:plan1 region:eu-west"))],
        "issues_by_text": [("rare", search("reticulated")), ("common", search("failed in step")),
                           ("absent", search("unheard of zebra")), ("wildcard", search("order*step 3")),
                           ("negated", search("!message:reticulated"))],
        "issue": [(f"of {i}", f"organizations/{org}/issues/{issue}/") for i, issue in enumerate(some)],
        "latest_event": [(f"of {i}", f"organizations/{org}/issues/{issue}/events/latest/")
                         for i, issue in enumerate(some)],
        "tag_values": [(f"of {i}", f"organizations/{org}/issues/{issue}/tags/customer/values/")
                       for i, issue in enumerate(some)],
    }


class Asker:
    """One keep-alive connection."""

    def __init__(self, server):
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        self.headers = {"Authorization": f"Bearer {server.ready['token']}"}

    def ask(self, path):
        begin = time.monotonic()
        self.connection.request("GET", f"/api/0/{path}", headers=self.headers)
        reply = self.connection.getresponse()
        body = reply.read()
        elapsed = (time.monotonic() - begin) * 1000
        if reply.status != 200:
            raise RuntimeError(f"{path}: {reply.status} {body[:300]!r}")
        return elapsed, json.loads(body)


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def measure(asker, asked, rounds):
    """Name -> kind -> milliseconds; the kinds take turns."""
    times = {name: {kind: [] for kind, _ in paths} for name, paths in asked.items()}
    for turn in range(rounds + 2):
        for name, paths in asked.items():
            for kind, path in paths:
                elapsed, _ = asker.ask(path)
                if turn >= 2:
                    times[name][kind].append(elapsed)
    return times


def plans_of(postgres, asker, asked):
    """(name, kind) -> list of (buffers, plan text) of the statements behind one request."""
    for setting in ("log_min_duration=0", "log_analyze=on", "log_buffers=on", "log_timing=off"):
        postgres.sql(f"alter system set auto_explain.{setting.replace('=', ' = ')}")
    postgres.sql("select pg_reload_conf()")
    time.sleep(1)
    log = postgres.home / "log"
    out = {}
    for name, paths in asked.items():
        for kind, path in paths:
            at = log.stat().st_size
            asker.ask(path)
            time.sleep(0.2)
            text = log.read_bytes()[at:].decode("utf-8", "replace")
            entries = re.split(r"^(?=[^\t\n]*\|LOG:)", text, flags=re.M)
            found = []
            for entry in entries:
                buffers = re.search(r"Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?", entry)
                if "plan:" in entry and buffers and "api" in entry.split("|")[0]:
                    found.append((sum(int(b or 0) for b in buffers.groups()), entry))
            out[name, kind] = found
    return out


def report(times, plans, arguments):
    result, worst = {}, 0
    print(f"{'':16}{'kind':10}{'p50 ms':>9}{'p95 ms':>9}{'buffers':>9}{'statements':>12}")
    for name, kinds in times.items():
        together = [value for values in kinds.values() for value in values]
        result[f"{name}_p50_ms"] = percentile(together, 0.5)
        result[f"{name}_p95_ms"] = percentile(together, 0.95)
        for kind, values in kinds.items():
            buffers = max((b for b, _ in plans[name, kind]), default=0)
            worst = max(worst, buffers)
            result[f"{name}_{kind.replace(' ', '_')}_p95_ms"] = percentile(values, 0.95)
            result[f"{name}_{kind.replace(' ', '_')}_buffers"] = buffers
            print(f"{name:16}{kind:10}{percentile(values, 0.5):9.1f}{percentile(values, 0.95):9.1f}{buffers:9}"
                  f"{len(plans[name, kind]):12}")
        verdict = "ok" if result[f"{name}_p95_ms"] <= BARS_MS[name] else f"OVER {BARS_MS[name]}"
        print(f"{name:16}{'all':10}{result[f'{name}_p50_ms']:9.1f}{result[f'{name}_p95_ms']:9.1f}  {verdict}")
    result["buffers_max"] = worst
    print(f"buffers of the largest statement: {worst} (bar {BUFFERS_MAX})")
    if arguments.plans:
        with open(arguments.plans, "w") as out:
            for (name, kind), found in plans.items():
                for buffers, plan in sorted(found, reverse=True):
                    out.write(f"== {name} {kind}: {buffers} buffers\n{plan}\n")
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(result, indent=2) + "\n")


def seed(postgres, server, arguments):
    begin = time.monotonic()
    command = [mishap.program("bench/query_seed"), postgres.conninfo, server.project_id, arguments.events,
               arguments.issues, arguments.days]
    subprocess.run([str(part) for part in command], check=True)
    postgres.sql("vacuum (analyze)")
    issues = postgres.number("select count(*) from tenant.issue where not is_flood")
    if issues != arguments.issues:
        raise RuntimeError(f"{issues} issues stand in the database where {arguments.issues} were asked for")
    print(f"seeded {arguments.events} events of {issues} issues in {time.monotonic() - begin:.0f} s",
          file=sys.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--issues", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--json")
    parser.add_argument("--plans")
    arguments = parser.parse_args()
    postgres = PrivatePostgres(SETTINGS)
    server = MishapServer(postgres.conninfo)
    load = None
    try:
        server.start()
        seed(postgres, server, arguments)
        asker = Asker(server)
        ids = [row[0] for row in postgres.sql("select id from tenant.issue order by times_seen desc, id")]
        asked = questions(server.organization, ids)
        print(f"load average before: {os.getloadavg()[0]:.2f}; {arguments.rate} events/s arrive meanwhile",
              file=sys.stderr)
        if arguments.rate:
            command = [mishap.program("bench/mishap_load"), "--dsn", server.dsn, "--rate", arguments.rate, "--count",
                       arguments.rate * 3600, "--connections", 16, "--seed", 9, "--users", 10_000]
            load = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
            before = postgres.number("select sum(times_seen) from tenant.issue")
            time.sleep(3)
        begin = time.monotonic()
        times = measure(asker, asked, arguments.rounds)
        if load:
            elapsed = time.monotonic() - begin + 3
            arrived = postgres.number("select sum(times_seen) from tenant.issue") - before
            print(f"{arrived / elapsed:.0f} events/s were stored meanwhile", file=sys.stderr)
            load.terminate()
            load.wait()
            load = None
        report(times, plans_of(postgres, asker, asked), arguments)
    finally:
        if load:
            load.kill()
            load.wait()
        server.close()
        postgres.close()


if __name__ == "__main__":
    main()

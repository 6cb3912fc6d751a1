#!/usr/bin/python3
"""./dev bench ingest: the whole way, SDK-like load to stored rows, with everything on this machine.
Open loop (a slow server does not slow the load), then waits for the drain; three runs a profile, the median counts. After
each run the oracle compares what was acknowledged with what is stored.
usage: ingest.py [--rate R] [--seconds S] [--runs N] [--profile keep-alive|per-request] [--json FILE]
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from tests.fixture import mishap, process  # noqa: E402
from tests.fixture.mishap import MishapServer  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402

SIZES = """select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class c
  join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'tenant' and c.relkind in ('r', 'm')"""


def load(server, ledger, seed, rate, count, per_request):
    command = [mishap.program("bench/mishap_load"), "--dsn", server.dsn, "--rate", rate, "--count", count,
               "--connections", 64, "--seed", seed, "--ledger", ledger]
    if per_request:
        command.append("--per-request")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def stored(postgres):
    return postgres.number("select count(*) from tenant.event")


def one_run(profile, rate, seconds):
    postgres = PrivatePostgres()
    server = MishapServer(postgres.conninfo)
    try:
        server.start()
        warm_ledger, ledger = server.home / "warm", server.home / "ledger"
        per_request = profile == "per-request"
        load(server, warm_ledger, 1, 1000, 2000, per_request)
        process.wait_until(lambda: stored(postgres) >= 2000, 30, "the warm-up to be stored")
        postgres.sql("checkpoint")
        size = postgres.number(SIZES)
        server_cpu = process.cpu_seconds(server.child.pid)
        postgres_cpu = postgres.cpu_seconds()
        begin = time.monotonic()
        report = load(server, ledger, 2, rate, int(rate * seconds), per_request)
        process.wait_until(lambda: stored(postgres) >= 2000 + report["acknowledged"], 300, "the drain")
        elapsed = time.monotonic() - begin
        rows = stored(postgres) - 2000
        result = {
            "drained_per_s": rows / elapsed,
            "ack_p50_ms": report["ack_p50_ms"],
            "ack_p99_ms": report["ack_p99_ms"],
            "server_rss_mb": process.peak_rss_mb(server.child.pid),
            "server_cpu_s_per_1000": (process.cpu_seconds(server.child.pid) - server_cpu) / rows * 1000,
            "postgres_cpu_s_per_1000": (postgres.cpu_seconds() - postgres_cpu) / rows * 1000,
            "stored_bytes_per_event": (postgres.number(SIZES) - size) / rows,
            "sent": report["sent"],
            "acknowledged": report["acknowledged"],
            "stored": rows,
        }
        judge(server, postgres, [(1, warm_ledger), (2, ledger)])
        result["copy_limit_per_s"] = copy_limit(postgres)
        return result
    finally:
        server.close()
        postgres.close()


def judge(server, postgres, ledgers):
    command = [mishap.program("tests/fault/oracle"), "--database", postgres.conninfo, "--project", server.project_id]
    for seed, ledger in ledgers:
        command += ["--seed", seed, "--ledger", ledger]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(f"the oracle found something wrong: {done.stdout}{done.stderr}")


def copy_limit(postgres, rows=40_000):
    """Rows per second that one plain COPY puts into tables shaped like event and event_payload: the physical limit."""
    postgres.sql("create table copy_event (like tenant.event including all)")
    postgres.sql("create table copy_payload (like tenant.event_payload including all)")
    files = {}
    for table, source in (("copy_event", "tenant.event"), ("copy_payload", "tenant.event_payload")):
        files[table] = postgres.home / f"{table}.bin"
        postgres.sql(f"copy (select * from {source} limit {rows}) to '{files[table]}' (format binary)")
    begin = time.monotonic()
    for table, path in files.items():
        postgres.sql(f"copy {table} from '{path}' (format binary)")
    elapsed = time.monotonic() - begin
    return min(rows, postgres.number("select count(*) from copy_event")) / elapsed


def median_of(results):
    return {name: statistics.median(r[name] for r in results) for name in results[0]}


def print_table(rows):
    names = list(next(iter(rows.values())))
    print(f"{'':26}" + "".join(f"{profile:>16}" for profile in rows))
    for name in names:
        print(f"{name:26}" + "".join(f"{row[name]:16,.2f}" for row in rows.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=6000)
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--profile", choices=["keep-alive", "per-request"])
    parser.add_argument("--json")
    arguments = parser.parse_args()
    rows = {}
    for profile in [arguments.profile] if arguments.profile else ["keep-alive", "per-request"]:
        results = []
        for run in range(arguments.runs):
            print(f"{profile}, run {run + 1} of {arguments.runs}: {arguments.rate:.0f} events/s for "
                  f"{arguments.seconds:.0f} s; load average before: {os.getloadavg()[0]:.2f}", file=sys.stderr)
            results.append(one_run(profile, arguments.rate, arguments.seconds))
            print(f"  drained {results[-1]['drained_per_s']:.0f}/s", file=sys.stderr)
        rows[profile] = median_of(results)
    print_table(rows)
    if arguments.json:
        flat = dict(next(iter(rows.values())))  # the first profile's figures at the top level
        flat["profiles"] = rows
        pathlib.Path(arguments.json).write_text(json.dumps(flat, indent=2) + "\n")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""./dev bench layout [--events N] [--json FILE]: three ways to lay out events, on the same synthetic events, in a private
PostgreSQL (docs/adr/0001).

  split   narrow event + event_payload, tags as ids in the event and a roll-up hash_tag (what Mishap does)
  wide    the same with the payload in the event's own row
  gin     narrow event with tags as text[] under a GIN index, event_payload, no roll-up

CPU is that of each layout's backend (/proc), so that a busy machine does not matter; the layouts take turns batch by batch.
Times of queries are the median of five; buffers are 8 KiB pages touched."""
import argparse
import json
import os
import pathlib
import random
import statistics
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from tests.fixture.postgres import PrivatePostgres, binaries  # noqa: E402

BATCH = 1000
DAYS = 14
ISSUES = 20_000
PAYLOAD_BYTES = 1600
EPOCH_2000 = 946_684_800
START = 1_777_593_600  # 2026-05-01
TAGS = {"browser": 40, "os": 12, "region": 6, "server_name": 200, "plan": 5}
TICKS = os.sysconf("SC_CLK_TCK")

NARROW = """project_id bigint not null, received_at timestamptz not null, event_id uuid not null, hash_row bigint not null,
  occurred_at timestamptz not null, level smallint not null, environment_id int not null, release_id int not null,
  user_hash bigint, message_hash bytea, path_hash bytea, {tags}, json_bytes int not null{payload},
  primary key (project_id, event_id, received_at)"""
PAYLOAD = """project_id bigint not null, received_at timestamptz not null, event_id uuid not null, payload bytea not null,
  primary key (project_id, event_id, received_at)"""
ROLLUP = """create table {s}.hash_tag (project_id bigint, hash_row bigint, key_id int, value_id bigint,
  first_seen timestamptz, last_seen timestamptz, times_seen bigint, primary key (project_id, hash_row, key_id, value_id))
  with (fillfactor = 70); create index on {s}.hash_tag (project_id, value_id, hash_row);"""


def ids():
    """Tag (key, value) -> id, as the dictionary would give them."""
    table, n = {}, 0
    for key, count in TAGS.items():
        for value in range(count):
            n += 1
            table[key, value] = n
    return table


IDS = ids()
KEY_IDS = {key: i + 1 for i, key in enumerate(TAGS)}


class Psql:
    """One psql, one backend."""

    def __init__(self, conninfo):
        self.process = subprocess.Popen([binaries() / "psql", conninfo, "-XqAt", "-v", "ON_ERROR_STOP=1"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = int(self.ask("select pg_backend_pid();"))

    def ask(self, sql):
        self.process.stdin.write(sql + "\n\\echo <end>\n")
        self.process.stdin.flush()
        lines = []
        for line in self.process.stdout:
            if line == "<end>\n":
                return "".join(lines).strip()
            lines.append(line)
        raise RuntimeError("psql ended: " + sql[:200])

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def wal(self):
        return int(self.ask("select pg_current_wal_insert_lsn() - '0/0';"))


class Layout:
    def __init__(self, name, server, folder):
        self.name = name
        self.db = Psql(server.conninfo)
        self.folder = folder
        self.cpu = self.wal = 0
        self.db.ask("set synchronous_commit = on; set jit = off; set timezone = 'UTC';")
        self.make_tables()

    def make_tables(self):
        tags = "tags text[] not null" if self.name == "gin" else "tag_values bigint[] not null"
        payload = ", payload bytea not null" if self.name == "wide" else ""
        s = self.name
        sql = f"create schema {s}; create table {s}.event ({NARROW.format(tags=tags, payload=payload)}) partition by range (received_at);"
        sql += f"create index on {s}.event (project_id, hash_row, received_at desc, event_id);"
        if s == "wide":
            sql += f"alter table {s}.event alter payload set storage external;"
        else:
            sql += f"create table {s}.event_payload ({PAYLOAD}) partition by range (received_at);"
            sql += f"alter table {s}.event_payload alter payload set storage external;"
        sql += f"create index on {s}.event using gin (tags);" if s == "gin" else ROLLUP.format(s=s)
        for day in range(DAYS):
            for table in ["event"] if s == "wide" else ["event", "event_payload"]:
                sql += (f"create table {s}.{table}_{day} partition of {s}.{table} for values from "
                        f"(to_timestamp({START + day * 86400})) to (to_timestamp({START + (day + 1) * 86400}));")
        self.db.ask(sql)

    def store(self, batch):
        event, payload = self.folder / "event", self.folder / "payload"
        event.write_bytes(batch.event_file(self.name))
        sql = f"begin;\n\\copy {self.name}.event from '{event}' (format binary)\n"
        if self.name != "wide":
            payload.write_bytes(batch.payload_file())
            sql += f"\\copy {self.name}.event_payload from '{payload}' (format binary)\n"
        if self.name != "gin":
            sql += batch.rollup_sql(self.name)
        wal, cpu = self.db.wal(), self.db.cpu()
        self.db.ask(sql + "commit;")
        self.cpu += self.db.cpu() - cpu
        self.wal += self.db.wal() - wal

    def disk(self):
        return int(self.db.ask(f"select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r' "
                               f"and relnamespace = '{self.name}'::regnamespace;"))

    def query(self, sql):
        """(median milliseconds, buffers of the last run)"""
        times = []
        for _ in range(5):
            plan = json.loads(self.db.ask(f"explain (analyze, buffers, format json) {sql};"))[0]
            times.append(plan["Execution Time"])
        return statistics.median(times), plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]


class Batch:
    """Synthetic events; hash rows by a power law, so that some issues are large."""

    def __init__(self, rng, first, total):
        self.events = []
        for n in range(first, first + BATCH):
            row = min(ISSUES, int(rng.paretovariate(0.6)))
            at = int((START - EPOCH_2000 + DAYS * 86400 * n / total) * 1_000_000)
            tags = [(key, int(count * rng.random() ** 2)) for key, count in TAGS.items()]
            self.events.append((rng.randbytes(16), row, at, rng.getrandbits(17), tags, rng.randbytes(PAYLOAD_BYTES)))
        self.events.sort()

    @staticmethod
    def field(data):
        return struct.pack("!i", len(data)) + data

    def event_file(self, layout):
        out = [b"PGCOPY\n\xff\r\n\0" + bytes(8)]
        number = struct.Struct("!iq").pack
        for event_id, row, at, user, tags, payload in self.events:
            out.append(struct.pack("!hiqiq", 14 if layout == "wide" else 13, 8, 1, 8, at) + self.field(event_id)
                       + number(8, row) + number(8, at) + struct.pack("!ihiiii", 2, 40, 4, 1, 4, row % 30 + 1)
                       + number(8, user) + self.field(event_id) + self.field(event_id))
            if layout == "gin":
                items = b"".join(self.field(f"{k}={v}".encode()) for k, v in tags)
                out.append(self.field(struct.pack("!iiIii", 1, 0, 25, len(tags), 1) + items))
            else:
                items = b"".join(number(8, i) for i in sorted(IDS[tag] for tag in tags))
                out.append(self.field(struct.pack("!iiIii", 1, 0, 20, len(tags), 1) + items))
            out.append(struct.pack("!ii", 4, 7500))
            if layout == "wide":
                out.append(self.field(payload))
        return b"".join(out) + b"\xff\xff"

    def payload_file(self):
        out = [b"PGCOPY\n\xff\r\n\0" + bytes(8)]
        for event_id, _, at, _, _, payload in self.events:
            out.append(struct.pack("!hiqiq", 4, 8, 1, 8, at) + self.field(event_id) + self.field(payload))
        return b"".join(out) + b"\xff\xff"

    def rollup_sql(self, schema):
        counts = {}
        for _, row, at, _, tags, _ in self.events:
            for tag in tags:
                key = (row, KEY_IDS[tag[0]], IDS[tag])
                seen = counts.setdefault(key, [0, at])
                seen[0] += 1
                seen[1] = max(seen[1], at)
        keys = sorted(counts)
        columns = [[k[0] for k in keys], [k[1] for k in keys], [k[2] for k in keys],
                   [counts[k][1] // 1_000_000 + EPOCH_2000 for k in keys], [counts[k][0] for k in keys]]
        arrays = ", ".join("'{" + ",".join(map(str, c)) + "}'::bigint[]" for c in columns)
        return (f"insert into {schema}.hash_tag as c select 1, r, k, v, to_timestamp(t), to_timestamp(t), n "
                f"from unnest({arrays}) u(r, k, v, t, n) on conflict (project_id, hash_row, key_id, value_id) do update "
                f"set times_seen = c.times_seen + excluded.times_seen, last_seen = greatest(c.last_seen, excluded.last_seen);\n")


def queries(layout):
    """The same five questions, in each layout's words."""
    s = layout
    server, plan = IDS["server_name", 17], IDS["plan", 1]
    window = f"received_at >= to_timestamp({START}) and received_at < to_timestamp({START + DAYS * 86400})"
    tag_filter = ("tags @> array['server_name=17', 'plan=1']" if s == "gin"
                  else f"tag_values @> array[{server}, {plan}]::bigint[]")
    payload = (f"select payload from {s}.event where project_id = 1 and hash_row = 50 and {window} "
               f"order by received_at desc, event_id limit 1")
    if s != "wide":
        payload = (f"select p.payload from (select * from {s}.event where project_id = 1 and hash_row = 50 and {window} "
                   f"order by received_at desc, event_id limit 1) e join {s}.event_payload p on p.project_id = e.project_id "
                   f"and p.event_id = e.event_id and p.received_at = e.received_at")
    if s == "gin":
        by_tag = (f"select hash_row, max(received_at) from {s}.event where project_id = 1 and tags @> array['server_name=17'] "
                  f"and {window} group by 1 order by 2 desc limit 25")
        values = (f"select tag, count(*) from {s}.event, unnest(tags) tag where project_id = 1 and hash_row = 2 and {window} "
                  f"group by 1 order by 2 desc limit 10")
    else:
        by_tag = (f"select hash_row, last_seen from {s}.hash_tag where project_id = 1 and value_id = {server} "
                  f"order by last_seen desc limit 25")
        values = (f"select value_id, times_seen from {s}.hash_tag where project_id = 1 and hash_row = 2 "
                  f"order by times_seen desc limit 10")
    return {
        "events of an issue": f"select event_id, received_at, level, release_id from {s}.event where project_id = 1 "
                              f"and hash_row = 2 and {window} order by received_at desc, event_id limit 25",
        "events of an issue by two tags": f"select event_id, received_at from {s}.event where project_id = 1 and hash_row = 2 "
                                          f"and {window} and {tag_filter} order by received_at desc limit 25",
        "latest event with payload": payload,
        "issues by a tag": by_tag,
        "tag values of a large issue": values,
        "level over all events": f"select level, count(*) from {s}.event where project_id = 1 and {window} group by 1",
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=2_000_000)
    parser.add_argument("--json")
    options = parser.parse_args()
    rng = random.Random(7)
    print(f"load average before: {os.getloadavg()[0]:.1f}", flush=True)
    server = PrivatePostgres(["wal_compression=lz4", "max_parallel_workers_per_gather=0", "autovacuum_naptime=20s"])
    result = {}
    try:
        with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
            os.chmod(folder, 0o755)
            layouts = [Layout(name, server, pathlib.Path(folder)) for name in ["split", "wide", "gin"]]
            for first in range(0, options.events, BATCH):
                batch = Batch(rng, first, options.events)
                for layout in layouts:
                    layout.store(batch)
        layouts[0].db.ask("vacuum analyze;")
        for layout in layouts:
            n = options.events
            row = {"postgres us/event": 1e6 * layout.cpu / n, "WAL bytes/event": layout.wal / n,
                   "disk bytes/event": layout.disk() / n}
            for name, sql in queries(layout.name).items():
                row[name + ", ms"], row[name + ", buffers"] = layout.query(sql)
            result[layout.name] = row
    finally:
        server.close() if hasattr(server, "close") else server.stop("immediate")
    print(f"{'':<42}" + "".join(f"{name:>12}" for name in result))
    for measure in result["split"]:
        print(f"{measure:<42}" + "".join(f"{result[name][measure]:>12.1f}" for name in result))
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()

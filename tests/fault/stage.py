"""FaultStage: one PostgreSQL, one Mishap, loads with ledgers, and the judgement at the end. What breaks is in run.py."""
import json
import shutil
import subprocess

from tests.fixture import mishap, process
from tests.fixture.mishap import MishapServer
from tests.fixture.postgres import PrivatePostgres


class FaultStage:
    def __init__(self, environment=None, flags=()):
        self.postgres = PrivatePostgres()
        self.server = MishapServer(self.postgres.conninfo, environment=environment, flags=flags)
        self.ledgers = []
        self.seed = 0

    def __enter__(self):
        try:
            self.server.start()
            self.project_id = self.server.project_id
            self.dsn = self.server.dsn
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.server.close()
        self.postgres.close()

    def start_load(self, rate, seconds, server=None, again=False):
        """again: the events of the last load once more, with the same ids."""
        if not again:
            self.seed += 1
        ledger = self.server.home / f"ledger-{len(self.ledgers)}"
        ledger.touch()
        self.ledgers.append((self.seed, ledger))
        dsn = self.dsn.replace(f":{self.server.port}/", f":{(server or self.server).port}/")
        command = [mishap.program("bench/mishap_load"), "--dsn", dsn, "--rate", rate, "--count", int(rate * seconds),
                   "--connections", 32, "--seed", self.seed, "--issues", 40, "--users", 50,
                   "--resend-seconds", 60, "--ledger", ledger]
        return subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)

    def finish_load(self, load):
        out, _ = load.communicate(timeout=150)
        return json.loads(out)

    def run_load(self, **load):
        return self.finish_load(self.start_load(**load))

    def acknowledged(self):
        """Distinct acknowledged events over all ledgers."""
        seen = set()
        for seed, ledger in self.ledgers:
            seen.update((seed, line.split()[1]) for line in ledger.read_text().splitlines() if line.startswith("A"))
        return len(seen)

    def stored(self):
        return self.postgres.number(f"select count(*) from tenant.event where project_id = {self.project_id}")

    def dead_letters(self):
        return self.postgres.number("select count(*) from tenant.dead_letter")

    def drain(self, seconds=60):
        """Waits until everything acknowledged is stored and nothing moves any more."""
        process.wait_until(lambda: self.stored() >= self.acknowledged(), seconds,
                           f"{self.acknowledged()} acknowledged events to be stored")

    def wipe_spool(self):
        shutil.rmtree(self.server.data_dir / "spool")

    def copy_spool(self):
        copy = self.server.home / "spool-copy"
        shutil.copytree(self.server.data_dir / "spool", copy)
        return copy

    def restore_spool(self, copy):
        self.wipe_spool()
        shutil.copytree(copy, self.server.data_dir / "spool")

    def copy_database(self):
        copy = self.server.home / "database.dump"
        subprocess.run(["pg_dump", "-h", str(self.postgres.home), "-U", "mishap", "-Fc", "-f", str(copy), "mishap"],
                       check=True)
        return copy

    def restore_database(self, copy):
        self.postgres.sql("drop database mishap with (force)", database="postgres")
        self.postgres.sql("create database mishap", database="postgres")
        subprocess.run(["pg_restore", "-h", str(self.postgres.home), "-U", "mishap", "-d", "mishap", str(copy)],
                       check=True)

    def judge(self, dead_letters=0, rounds=0, refused_allowed=True):
        """The oracle's verdict after a drain and one fresh event; raises with its problems."""
        self.run_load(rate=1, seconds=1)  # liveness: a fresh event ...
        self.drain(60)                    # ... and everything before it
        command = [mishap.program("tests/fault/oracle"), "--database", self.postgres.conninfo,
                   "--project", self.project_id, "--dead-letters", dead_letters, "--issues", 40, "--users", 50]
        for seed, ledger in self.ledgers:
            command += ["--seed", seed, "--ledger", ledger]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if not done.stdout:
            raise RuntimeError(f"the oracle could not judge: {done.stderr}")
        report = json.loads(done.stdout)
        report["rounds"] = rounds
        if not refused_allowed and report["refused"] > 0:
            report["problems"].append(f"{report['refused']} events were refused while the server could take them")
        if report.pop("problems"):
            raise AssertionError(f"{done.stdout}\nserver log:\n{self.server.log_tail()}")
        return report

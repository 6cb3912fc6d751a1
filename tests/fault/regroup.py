"""kill -9 in the middle of a merge, an unmerge, a split, an undo and a backfill: each of them happened or did not, and what
the log says can be undone. Not here: the oracle (oracle.cc) and the stage it judges (stage.py)."""
import random
import threading
import time

from tests.fault.stage import FaultStage
from tests.fixture import process

ROWS = ("select id, kind, issue_id, state, no_alias from tenant.hash_row where times_seen > 0 and kind = 1"
        " or state <> 0 or no_alias order by id")
LOG = "select count(*), count(undone_at) from tenant.grouping_log"
# Every visible issue says what its hash rows say, and every row leads to a visible issue.
WRONG_SUMMARIES = ("select count(*) from tenant.issue i where i.status < 3 and i.times_seen <>"
                   " (select coalesce(sum(h.times_seen), 0) from tenant.hash_row h where h.issue_id = i.id)")
LOST_ROWS = ("select count(*) from tenant.hash_row h join tenant.issue i on i.id = h.issue_id"
             " where i.status >= 3 and h.state <> 2")


class Regrouper:
    def __init__(self, stage):
        self.stage = stage
        self.server = stage.server
        self.ours = f"mishap/projects/{self.server.organization}/{self.server.project}/"
        self.issues = [issue["id"] for issue in self.server.wait_issues(3)]

    def merge(self):
        a, b = random.sample(self.issues, 2)
        return self.server.api(f"organizations/{self.server.organization}/issues/?id={a}&id={b}", "PUT", {"merge": 1})

    def split(self):
        issue = random.choice(self.issues)
        return self.server.api(f"mishap/organizations/{self.server.organization}/issues/{issue}/split/", "POST", {})

    def unmerge(self):
        """Of an issue with two hashes the one that came by the merge before."""
        found = self.stage.postgres.sql("select encode(h.hash, 'hex'), h.issue_id from tenant.hash_row h where h.kind = 1"
                                        " and h.origin = 3 order by h.id limit 1")
        digits, issue = found[0]
        return self.server.api(f"organizations/{self.server.organization}/issues/{issue}/hashes/?id={digits}", "PUT")

    def undo(self):
        """The newest action that stands."""
        for entry in self.server.api(self.ours + "grouping-log/").json():
            if entry["dateUndone"] is None:
                return self.server.api(self.ours + f"grouping-log/{entry['id']}/undo/", "POST")
        return None

    def snapshot(self):
        return self.stage.postgres.sql(ROWS), self.stage.postgres.sql(LOG)

    def crash_in(self, action, point="regroup-before-commit"):
        """Kills the server between the last write of `action` and its commit; nothing of it may be left."""
        before = self.snapshot()
        self.server.stop()
        self.server.environment["MISHAP_CRASH_AT"] = f"{point}:1"
        self.server.start()
        try:
            answer = action()
            raise AssertionError(f"{action.__name__} answered {answer and answer.status} instead of being killed")
        except OSError:
            pass
        process.wait_until(lambda: self.server.child.poll() is not None, 20, f"the crash in {action.__name__}")
        del self.server.environment["MISHAP_CRASH_AT"]
        self.server.start()
        assert self.snapshot() == before, f"{action.__name__} left something behind: {self.snapshot()} was {before}"
        done = action()
        assert done.status in (200, 202), f"{action.__name__} after the crash: {done.status} {done.body}"
        assert self.snapshot() != before, f"{action.__name__} did nothing"
        self.check(action.__name__)

    def check(self, what):
        wrong = self.stage.postgres.number(WRONG_SUMMARIES)
        assert wrong == 0, f"{what}: {wrong} issues do not say what their hash rows say"
        lost = self.stage.postgres.number(LOST_ROWS)
        assert lost == 0, f"{what}: {lost} hash rows lead to an issue that is gone"

    def kill_at_random(self, rounds):
        """Merges and undoes without a pause; the server dies at any moment of them."""
        for _ in range(rounds):
            stop = threading.Event()

            def work():
                while not stop.is_set():
                    try:
                        self.merge()
                        self.undo()
                    except OSError:
                        return
            worker = threading.Thread(target=work)
            worker.start()
            time.sleep(random.uniform(0.02, 0.5))
            self.server.kill()
            stop.set()
            worker.join()
            self.server.start()
            while self.undo() is not None:
                pass
            self.stage.drain()
            self.check("a kill at random")

    def release_jobs(self):
        """Those of a server that was killed are free after 30 s; this test has seen that."""
        self.stage.postgres.sql("update control.job set lease_until = now()")

    def backfill(self):
        """New rules: every sample gets its key under them, whatever happens on the way."""
        self.server.stop()
        self.server.environment["MISHAP_CRASH_AT"] = "backfill-before-commit:1"
        self.release_jobs()
        self.server.start()
        issues = self.stage.postgres.sql("select id, status, times_seen from tenant.issue order by 1")
        answer = self.server.api(self.ours + "grouping/", "PUT", {"stackTraceRules": "family:other max-frames=3"})
        assert answer.status in (200, 201), f"{answer.status} {answer.body}"
        process.wait_until(lambda: self.server.child.poll() is not None, 60, "the crash in the backfill")
        del self.server.environment["MISHAP_CRASH_AT"]
        made = "select count(*) from tenant.hash_row where origin = 2"
        assert self.stage.postgres.number(made) == 0, "half a backfill"
        self.release_jobs()
        self.server.start()
        process.wait_until(lambda: self.stage.postgres.number(
            "select count(*) from control.project_grouping where backfilled_at is not null") == 1, 90, "the backfill")
        assert self.stage.postgres.number(made) > 0, "no key was made"
        assert self.stage.postgres.sql("select id, status, times_seen from tenant.issue order by 1") == issues
        self.check("the backfill")


def kill_while_regrouping(_rounds):
    """Merge, unmerge, split, undo and backfill die with the server, under load; all or nothing each time."""
    with FaultStage() as stage:
        stage.run_load(rate=400, seconds=1)
        stage.drain()
        regrouper = Regrouper(stage)
        load = stage.start_load(rate=200, seconds=16)
        regrouper.crash_in(regrouper.merge)
        regrouper.crash_in(regrouper.undo)
        regrouper.crash_in(regrouper.split)
        regrouper.crash_in(regrouper.undo)
        regrouper.kill_at_random(3)
        stage.finish_load(load)
        report = stage.judge(rounds=7)
        assert regrouper.merge().status == 200
        regrouper.crash_in(regrouper.unmerge)
        regrouper.crash_in(regrouper.undo)
        regrouper.backfill()
        return report

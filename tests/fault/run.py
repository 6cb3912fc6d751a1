#!/usr/bin/python3
"""The fault suite: the shipped binary and a real PostgreSQL under load, broken in every way we promise to survive.
Each scenario ends with the oracle (tests/fault/oracle.cc) and with a fresh event that must be stored within 5 s.
usage: run.py [SCENARIO...] [--rounds N]     prints PASS/FAIL lines, a table, and "N passed, N failed"
"""
import argparse
import json
import pathlib
import random
import signal
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.fault.regroup import kill_while_regrouping  # noqa: E402
from tests.fault.stage import FaultStage  # noqa: E402
from tests.fixture import process  # noqa: E402
from tests.fixture.mishap import MishapServer, request  # noqa: E402


def kill_server(rounds):
    """kill -9 of Mishap at random moments under load."""
    with FaultStage() as stage:
        load = stage.start_load(rate=600, seconds=rounds * 1.6 + 2)
        for _ in range(rounds):
            time.sleep(random.uniform(0.2, 1.2))
            stage.server.kill()
            stage.server.start(wait=False)
            stage.server.wait_listening()
        stage.server.wait_ready()
        stage.finish_load(load)
        return stage.judge(rounds=rounds)


def kill_at_named_points(rounds):
    """SIGKILL exactly between two steps of the digest (base/crash_point.h)."""
    points = ("digest-after-read", "digest-before-commit", "digest-after-commit", "digest-before-release")
    with FaultStage() as stage:
        for point in points:
            stage.server.stop()
            stage.server.environment["MISHAP_CRASH_AT"] = f"{point}:3"
            stage.server.start(wait=False)
            stage.server.wait_listening()
            load = stage.start_load(rate=500, seconds=2)
            process.wait_until(lambda: stage.server.child.poll() is not None, 20, f"the crash at {point}")
            del stage.server.environment["MISHAP_CRASH_AT"]
            stage.server.start()
            stage.finish_load(load)
        return stage.judge(rounds=len(points))


def postgres_immediate(rounds):
    """PostgreSQL ends without a checkpoint, again and again; ingest goes on answering 200."""
    rounds = max(3, rounds // 5)
    with FaultStage() as stage:
        load = stage.start_load(rate=600, seconds=rounds * 2.5)
        for _ in range(rounds):
            time.sleep(random.uniform(0.5, 1.5))
            stage.postgres.stop("immediate")
            stage.postgres.start()
        stage.finish_load(load)
        return stage.judge(rounds=rounds, refused_allowed=False)


def postgres_stopped_30_s(_rounds):
    """PostgreSQL is away for 30 s under load: every event is still acknowledged, and stored afterwards."""
    with FaultStage() as stage:
        load = stage.start_load(rate=400, seconds=34)
        time.sleep(2)
        stage.postgres.stop("fast")
        time.sleep(30)
        stage.postgres.start()
        stage.finish_load(load)
        return stage.judge(refused_allowed=False)


def postgres_stopped_and_server_killed(_rounds):
    """decisions 1.13: ingest needs no database, not even to start."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=1)
        stage.postgres.stop("fast")
        stage.run_load(rate=500, seconds=1)
        stage.server.kill()
        stage.server.start(wait=False)
        stage.server.wait_listening()
        stage.run_load(rate=500, seconds=1)
        unknown = request("POST", f"{stage.server.http}/api/{stage.project_id}/store/?sentry_key={'f' * 32}", b"{}")
        assert unknown.status == 503, f"an unknown key without a database must be 503, was {unknown.status}"
        stage.postgres.start()
        stage.server.wait_ready()
        return stage.judge(refused_allowed=False)


def spool_wiped_database_kept(_rounds):
    """The disk of the spool is lost after everything was stored: a new identity, nothing twice, nothing stuck."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=2)
        stage.drain()
        stage.server.kill()
        stage.wipe_spool()
        stage.server.start()
        stage.run_load(rate=500, seconds=2)
        return stage.judge()


def database_restored_from_yesterday(_rounds):
    """The spool is kept, the database goes back in time: what the spool still holds is stored again, once."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=2)
        stage.drain()
        copy = stage.copy_database()
        stage.run_load(rate=500, seconds=2)
        stage.drain()
        stage.server.stop()
        stage.restore_database(copy)
        stage.server.start()
        return stage.judge()


def database_kept_position_ahead(_rounds):
    """The database knows more than the disk: the spool is an old copy. New events must not hide below the position."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=1)
        stage.drain()
        stage.server.stop()
        copy = stage.copy_spool()
        stage.server.start()
        stage.run_load(rate=500, seconds=2)
        stage.drain()
        stage.server.kill()
        stage.restore_spool(copy)
        stage.server.start()
        stage.run_load(rate=500, seconds=1)
        return stage.judge()


def position_ahead_told_late(_rounds):
    """An old copy of the spool, no database, and a kill before it is back: what was acknowledged meanwhile is stored."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=1)
        stage.drain()
        stage.server.stop()
        copy = stage.copy_spool()
        stage.server.start()
        stage.run_load(rate=500, seconds=2)
        stage.drain()
        stage.server.kill()
        stage.restore_spool(copy)
        stage.postgres.stop("fast")
        stage.server.start(wait=False)
        stage.server.wait_listening()
        stage.run_load(rate=500, seconds=1)
        stage.server.kill()
        stage.postgres.start()
        stage.server.start()
        return stage.judge(refused_allowed=False)


def copied_to_a_second_machine(_rounds):
    """Spool and database are both copied and go on elsewhere: the copy is a whole Mishap of its own."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=2)
        stage.server.stop()
        spool, database = stage.copy_spool(), stage.copy_database()
        stage.restore_database(database)  # a new database of the same name: nothing of the old one is left
        stage.restore_spool(spool)
        stage.server.start()
        stage.run_load(rate=500, seconds=1)
        return stage.judge()


def poison_record(_rounds):
    """A record that aborts the process: three crashes, then a dead letter; its neighbours are stored (decisions 1.6)."""
    marker = "poison for the fault suite"
    with FaultStage(environment={"MISHAP_TEST_POISON_MESSAGE": marker}) as stage:
        stage.run_load(rate=500, seconds=1)
        body = json.dumps({"message": marker}).encode()
        store = f"{stage.server.http}/api/{stage.project_id}/store/?sentry_key={stage.server.public_key}"
        assert request("POST", store, body).status == 200
        crashes = 0
        deadline = time.monotonic() + 60
        while stage.dead_letters() == 0:
            assert time.monotonic() < deadline, f"no dead letter after {crashes} crashes"
            if stage.server.child.poll() is not None:
                crashes += 1
                stage.server.start(wait=False)
            time.sleep(0.05)
        stage.server.wait_ready()
        assert 3 <= crashes <= 4, f"{crashes} crashes, expected 3 or 4"
        stage.run_load(rate=500, seconds=1)
        return stage.judge(dead_letters=1, rounds=crashes)


def stop_while_postgres_hangs(_rounds):
    """PostgreSQL takes connections and answers nothing: a stop ends all the same, and nothing is lost."""
    with FaultStage(environment={"MISHAP_SERVER__DRAIN_SECONDS": "1"}) as stage:
        stage.run_load(rate=500, seconds=1)
        stage.postgres.freeze()
        try:
            stage.run_load(rate=500, seconds=1)
            stage.server.child.send_signal(signal.SIGTERM)
            stage.server.child.wait(timeout=30)
        finally:
            stage.postgres.thaw()
        stage.server.start()
        return stage.judge(refused_allowed=False)


def two_servers(_rounds):
    """Two servers, two spools, one database, the same new issues: every counter exact, every issue once."""
    with FaultStage() as stage:
        second = MishapServer(stage.postgres.conninfo).start()
        try:
            first_load = stage.start_load(rate=500, seconds=4)
            second_load = stage.start_load(rate=500, seconds=4, server=second)
            time.sleep(1.5)
            second.kill()
            second.start()
            stage.finish_load(first_load)
            stage.finish_load(second_load)
            return stage.judge(rounds=1)
        finally:
            second.close()


def same_event_again(_rounds):
    """A client's own repeat is recognised: answered 200, stored once, counted as a duplicate."""
    with FaultStage() as stage:
        stage.run_load(rate=500, seconds=1)
        stage.run_load(rate=500, seconds=1, again=True)
        report = stage.judge()
        repeats = stage.postgres.number(
            "select coalesce(sum(quantity), 0) from tenant.outcome where outcome = 3 and reason = 'duplicate'")
        assert repeats == 500, f"{repeats} outcomes say duplicate, 500 were sent again"
        return report


SCENARIOS = [kill_server, kill_at_named_points, postgres_immediate, postgres_stopped_30_s,
             postgres_stopped_and_server_killed, spool_wiped_database_kept, database_restored_from_yesterday,
             database_kept_position_ahead, position_ahead_told_late, copied_to_a_second_machine, poison_record,
             stop_while_postgres_hangs, two_servers, same_event_again, kill_while_regrouping]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="*")
    parser.add_argument("--rounds", type=int, default=20)
    arguments = parser.parse_args()
    chosen = [s for s in SCENARIOS if not arguments.scenario or s.__name__ in arguments.scenario]
    if not chosen:
        sys.exit(f"no such scenario; there are: {' '.join(s.__name__ for s in SCENARIOS)}")
    totals = {"rounds": 0, "acknowledged": 0, "stored": 0, "duplicates": 0, "lost": 0}
    passed = failed = 0
    for scenario in chosen:
        begin = time.monotonic()
        try:
            report = scenario(arguments.rounds)
            for name in totals:
                totals[name] += report.get(name, 0)
            passed += 1
            print(f"PASS {scenario.__name__} ({time.monotonic() - begin:.1f} s) {json.dumps(report)}", flush=True)
        except Exception:  # noqa: BLE001: any failure of a scenario is a result
            failed += 1
            print(f"FAIL {scenario.__name__} ({time.monotonic() - begin:.1f} s)\n{traceback.format_exc()}", flush=True)
    print("fault summary: " + ", ".join(f"{name} {value}" for name, value in totals.items()))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

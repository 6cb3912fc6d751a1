#!/usr/bin/python3
"""The sdk suite: unmodified SDKs from the registries report to the shipped binary; what the API shows is compared with what the
programs did (clients/README.md), the server refuses for a while (outage.py), and captured requests are replayed (replay.py).
usage: run.py [--prepare] [SDK...]     prints PASS/FAIL lines, a matrix of SDK x scenario, and "N passed, N failed"
--prepare only installs the SDKs. An SDK whose toolchain this machine cannot have is "not run" and counts nowhere.
"""
import concurrent.futures
import os
import pathlib
import subprocess
import sys
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))
from tests.fixture.mishap import MishapServer  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402
from tests.sdk import browser, outage, replay, scenarios, sdks  # noqa: E402

PROJECT_FIRST = 101
CLIENT_S = 90
COLUMNS = (*scenarios.CHECKS, "503", "429")


class Suite:
    """results: (sdk, scenario) -> "ok" or the failure's text."""

    def __init__(self, chosen):
        self.sdks = chosen
        self.results = {}
        self.dsns = {}

    def _admit(self, server, postgres):
        """A project and a key for each SDK. Returns a Told each."""
        told = []
        for number, sdk in enumerate(self.sdks, PROJECT_FIRST):
            key = f"{number:032x}"
            slug = sdk.name.replace(".", "-")
            postgres.sql("insert into control.project (id, organization_id, slug, name) overriding system value"
                         f" select {number}, id, '{slug}', '{slug}' from control.organization limit 1")
            postgres.sql("insert into control.project_key (project_id, public_key, secret_key, name)"
                         f" values ({number}, '{key}', '{key}', 'sdk suite')")
            self.dsns[sdk.name] = f"http://{key}@127.0.0.1:{server.port}/{number}"
            told.append(scenarios.Told(server, sdk, number, slug))
        postgres.sql("update control.directory_version set version = version + 1")
        replay.wait_key_known(server, PROJECT_FIRST + len(told) - 1, f"{PROJECT_FIRST + len(told) - 1:032x}")
        return told

    def _run_client(self, sdk):
        """The client does all scenarios; raises if it ends otherwise than it should."""
        if sdk.is_page:
            page = browser.Page(sdk.script, self.dsns[sdk.name], ",".join(sdks.SCENARIOS))
            try:
                page.wait_done(CLIENT_S)
            finally:
                page.close()
            return
        done = subprocess.run([*sdk.command, *sdks.SCENARIOS], capture_output=True, text=True, timeout=CLIENT_S,
                              env={**os.environ, **sdk.environment, "SENTRY_DSN": self.dsns[sdk.name]})
        if done.returncode != sdk.status:
            raise AssertionError(f"exit status {done.returncode}, want {sdk.status}: {done.stderr[-800:]}")

    def _check(self, told):
        name = told.sdk.name
        try:
            self._run_client(told.sdk)
            client = None
        except Exception as error:  # noqa: BLE001: any failure is a result
            client = f"the client: {error!r}"
        for scenario, check in scenarios.CHECKS.items():
            try:
                check(told)
                self.results[name, scenario] = "ok"
            except AssertionError as error:
                self.results[name, scenario] = f"{error}{'; ' + client if client else ''}"
            except Exception:  # noqa: BLE001
                self.results[name, scenario] = traceback.format_exc(limit=-3)
        if client and all(self.results[name, scenario] == "ok" for scenario in scenarios.CHECKS):
            self.results[name, "unhandled"] = client

    def run(self):
        postgres = PrivatePostgres(["fsync=off"])
        server = MishapServer(postgres.conninfo)
        try:
            server.start()
            told = self._admit(server, postgres)
            with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
                list(pool.map(self._check, told))
            refused = outage.Outage(server, postgres, told, self.dsns).run()
            for one in told:
                for scenario in ("503", "429"):
                    self.results[one.sdk.name, scenario] = refused.get((one.sdk.name, scenario), "ok")
        except Exception:
            print(server.log_tail(10), file=sys.stderr)
            raise
        finally:
            server.close()
            postgres.close()


def print_matrix(chosen, results):
    width = max(len(sdk.name) for sdk in chosen) + 2
    print("\n" + " " * width + "".join(f"{column:>10}" for column in COLUMNS))
    for sdk in chosen:
        cells = ["not run" if sdk.not_here else "ok" if results.get((sdk.name, c)) == "ok" else "FAIL" for c in COLUMNS]
        print(f"{sdk.name:<{width}}" + "".join(f"{cell:>10}" for cell in cells))
    for sdk in chosen:
        if sdk.not_here:
            print(f"NOT RUN {sdk.name}: {sdk.not_here}")


def main():
    wanted = [argument for argument in sys.argv[1:] if argument != "--prepare"]
    known = sdks.all_sdks()
    unknown = set(wanted) - {sdk.name for sdk in known}
    if unknown:
        sys.exit(f"no SDK is called {', '.join(sorted(unknown))}; there are: {', '.join(sdk.name for sdk in known)}")
    chosen = [sdk for sdk in known if not wanted or sdk.name in wanted]
    for sdk in chosen:
        sdk.prepare()
        if sdk.not_here:
            print(f"NOT RUN {sdk.name}: {sdk.not_here}", flush=True)
    if "--prepare" in sys.argv:
        return
    suite = Suite([sdk for sdk in chosen if not sdk.not_here])
    suite.run()
    for (name, scenario), result in suite.results.items():
        print(f"PASS {name} {scenario}" if result == "ok" else f"FAIL {name} {scenario}: {result}")
    if not wanted:
        for name, failures in replay.run_all(os.environ.get("MISHAP_CORPUS", "")).items():
            suite.results[name, ""] = "; ".join(failures[:20]) or "ok"
            print(f"FAIL {name}: {suite.results[name, '']}" if failures else f"PASS {name}")
    print_matrix(chosen, suite.results)
    failed = sum(result != "ok" for result in suite.results.values())
    print(f"{len(suite.results) - failed} passed, {failed} failed")
    sys.exit(1 if failed or not suite.results else 0)


if __name__ == "__main__":
    main()

"""Clients while the server refuses: 503 of a server that keeps the last of its disk free, 429 of a key over its limit. What
was refused is lost (no SDK repeats an event); what is sent afterwards must arrive. All clients go through it together."""
import os
import queue
import subprocess
import threading
import time

from tests.fixture import process
from tests.sdk import browser

FULL_DISK = {"MISHAP_SPOOL__FREE_BYTES_MIN": str(1 << 50)}
LINE_S = 30
RETRY_AFTER_S_MAX = 5  # of a 503
WINDOW_S = 12  # of the key's limit; windows begin at multiples of it
OUTCOME_RATE_LIMITED = 2


class Talker:
    """A client in mode `lines`: say() returns when the SDK says it is done with the line."""

    def __init__(self, sdk, dsn):
        self._answers = queue.Queue()
        self._page = self._child = None
        if sdk.is_page:
            self._page = browser.Page(sdk.script, dsn, "lines")
            return
        self._child = subprocess.Popen([*sdk.command, "lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.DEVNULL, text=True,
                                       env={**os.environ, **sdk.environment, "SENTRY_DSN": dsn})
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self._child.stdout:
            if line.strip() == "ok":
                self._answers.put("ok")

    def say(self, line):
        """Raises TimeoutError when the client does not come back."""
        try:
            if self._page:
                self._page.send(line)
                self._page.wait_done(LINE_S)
            else:
                self._child.stdin.write(line + "\n")
                self._child.stdin.flush()
                self._answers.get(timeout=LINE_S)
        except (queue.Empty, BrokenPipeError) as error:
            raise TimeoutError(f"the client was not done with '{line}' in {LINE_S} s ({error!r})") from error

    def close(self):
        if self._page:
            self._page.close()
            return
        try:
            self._child.stdin.close()
            self._child.wait(15)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self._child.kill()
            self._child.wait(10)


class Outage:
    """told: what to check, one an SDK. failures: (sdk, "429" | "503") -> text."""

    def __init__(self, server, postgres, told, dsns):
        self.server, self.postgres, self.told, self.dsns = server, postgres, told, dsns
        self.failures = {}
        self.talkers = {}

    def _each(self, act, scenario="429"):
        """act(told) for all at once; what it raises is that SDK's failure."""
        def one(told):
            try:
                act(told)
            except Exception as error:  # noqa: BLE001: any failure is a result
                self.failures.setdefault((told.sdk.name, scenario), str(error))
        threads = [threading.Thread(target=one, args=(told,)) for told in self.told]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _all_say(self, scenario, line):
        self._each(lambda told: self.talkers[told.sdk.name].say(line), scenario)

    def _restart(self, environment):
        self.server.stop()
        self.server.environment = environment
        self.server.start()

    def _titles(self, told):
        return {i["title"] for i in told.issues("scenario:lines")}

    def _expect(self, scenario, told, there, absent):
        name = told.sdk.name
        if (name, scenario) in self.failures:
            return
        try:
            process.wait_until(lambda: there <= self._titles(told), 20, "what was sent after the refusals")
        except TimeoutError:
            self.failures[name, scenario] = f"missing: {there - self._titles(told)}"
            return
        refused = absent & self._titles(told)
        if refused:
            self.failures[name, scenario] = f"stored although refused: {refused}"

    def full_disk(self):
        """503, then well again."""
        self._all_say("503", "before the disk was full")
        self._restart(FULL_DISK)
        self._all_say("503", "while the disk was full")
        self._restart({})
        time.sleep(RETRY_AFTER_S_MAX + 0.5)  # JavaScript's SDKs honour Retry-After whatever the status is
        self._all_say("503", "after the disk was full")
        for told in self.told:
            self._expect("503", told, {"before the disk was full", "after the disk was full"}, {"while the disk was full"})

    def _limit_keys(self):
        """One event a window for each key."""
        ids = ",".join(str(told.project_id) for told in self.told)
        self.postgres.sql(f"update control.project_key set rate_limit_count = 1, rate_limit_window_s = {WINDOW_S}"
                          f" where project_id in ({ids});"
                          " update control.directory_version set version = version + 1")
        time.sleep(3)  # snapshots are refreshed every 2 s

    def over_quota(self):
        """429: the second message of a window is refused, the third is not even sent, the next window's arrives."""
        self._limit_keys()
        self._each(self._exceed)
        for told in self.told:
            self._expect("429", told, {"first of the quota", "after the quota"},
                         {"second over the quota", "third over the quota"})
            self._expect_one_refusal(told)

    def _exceed(self, told):
        talker = self.talkers[told.sdk.name]
        time.sleep(WINDOW_S - time.time() % WINDOW_S + 0.2)
        started = time.time()
        window = started // WINDOW_S
        for line in ("first of the quota", "second over the quota", "third over the quota"):
            talker.say(line)
        if time.time() // WINDOW_S != window:
            raise TimeoutError(f"three messages took {time.time() - started:.1f} s, over the window of {WINDOW_S} s")
        time.sleep(WINDOW_S - time.time() % WINDOW_S + 1.5)  # a Retry-After counts from the answer
        talker.say("after the quota")

    def _expect_one_refusal(self, told):
        """The SDK backed off: of two messages over the quota only one reached the server."""
        query = ("select coalesce(sum(quantity), 0) from tenant.outcome where project_id = "
                 f"{told.project_id} and outcome = {OUTCOME_RATE_LIMITED} and category in ('error', 'default')")
        try:
            process.wait_until(lambda: self.postgres.number(query) >= 1, 15, "the refusal's outcome")
            refused = self.postgres.number(query)
        except TimeoutError:
            refused = 0
        if refused != 1:
            self.failures.setdefault((told.sdk.name, "429"), f"{refused} events were refused, want 1: it did not back off")

    def run(self):
        try:
            for told in self.told:
                self.talkers[told.sdk.name] = Talker(told.sdk, self.dsns[told.sdk.name])
            self.full_disk()
            self.over_quota()
        finally:
            for talker in self.talkers.values():
                talker.close()
        return self.failures

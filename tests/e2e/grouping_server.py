"""Grouping as a user meets it on a running server: rules that take effect, regrouping with its undo, the preview. Two servers:
grouping_two_servers.py."""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.e2e.wire import event_envelope, new_id  # noqa: E402
from tests.fixture import mishap, process  # noqa: E402
from tests.fixture.mishap import MishapServer, request  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class Running:
    def __init__(self):
        self.postgres = PrivatePostgres(["fsync=off"])
        self.server = MishapServer(self.postgres.conninfo)

    def __enter__(self):
        try:
            self.server.start()
        except BaseException:
            self.__exit__()
            raise
        return self.server

    def __exit__(self, *_):
        self.server.close()
        self.postgres.close()


def error(function, text="broken", kind="ValueError"):
    frames = [{"module": "shop.views", "function": "checkout", "in_app": True},
              {"module": "shop.cart", "function": function, "in_app": True}]
    return {"platform": "python", "exception": {"values": [{"type": kind, "value": text, "stacktrace": {"frames": frames}}]}}


def send(server, event):
    event_id = new_id()
    url = f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}"
    equal("envelope", request("POST", url, event_envelope(event_id, event)).status, 200)
    return event_id


def issue_of(server, event_id):
    """The issue an event is in, once it is stored."""
    path = f"organizations/{server.organization}/eventids/{event_id}/"

    def stored():
        answer = server.api(path)
        return answer.json()["groupId"] if answer.status == 200 else None
    return process.wait_until(stored, 20, "the event")


def counts(server):
    """Issue id -> events."""
    found = server.api(f"organizations/{server.organization}/issues/?query=").json()
    return {i["id"]: int(i["count"]) for i in found}


def ours(server, path):
    return f"mishap/projects/{server.organization}/{server.project}/{path}"


def rules_take_effect_and_mistakes_are_told():
    with Running() as server:
        project = f"projects/{server.organization}/{server.project}/"
        bad = server.api(project, "PUT", {"groupingEnhancements": "function:a -app\nfunctoin:b -app\n"})
        equal("bad rule", bad.status, 400)
        assert "line 2, column 1" in bad.json()["groupingEnhancements"][0], bad.body
        bad = server.api(ours(server, "grouping/"), "PUT", {"fingerprintRules": "error.type:ValueError ->"})
        assert bad.status == 400 and "line 1, column" in bad.json()["fingerprintRules"][0], bad.body
        print(f"  {bad.status} {bad.body}")
        before = issue_of(server, send(server, error("total")))
        good = server.api(project, "PUT", {"fingerprintingRules": 'error.type:ValueError -> shop title="Shop: {{ error.type }}"'})
        equal("good rule", good.status, 200)
        assert good.json()["fingerprintingRules"].startswith("error.type:ValueError"), good.body
        shown = server.api(ours(server, "grouping/")).json()
        equal("version", (shown["version"], shown["algorithm"]), (1, "g1"))

        def applied():
            issue = issue_of(server, send(server, error("total")))
            return issue if issue != before else None
        after = process.wait_until(applied, 20, "the rule to take effect")
        found = server.api(f"organizations/{server.organization}/issues/{after}/").json()
        equal("title of the rule", found["title"], "Shop: ValueError")
        equal("another function, one group", issue_of(server, send(server, error("place"))), after)
        server.kill()  # the directory's file knows the rules too
        server.start()
        equal("after a restart", issue_of(server, send(server, error("total"))), after)


def regrouping_moves_counts_and_is_undone():
    """Merge, unmerge and split by message with counters before and after."""
    with Running() as server:
        first = [send(server, error("total")) for _ in range(3)]
        second = [send(server, error("place")) for _ in range(2)]
        a, b = issue_of(server, first[-1]), issue_of(server, second[-1])
        process.wait_until(lambda: counts(server) == {a: 3, b: 2}, 20, "five events")
        print(f"  before      {counts(server)}")
        merged = server.api(f"organizations/{server.organization}/issues/?id={a}&id={b}", "PUT", {"merge": 1})
        equal("merge", (merged.status, merged.json()), (200, {"merge": {"parent": a, "children": [b]}}))
        equal("merged", counts(server), {a: 5})
        print(f"  merged      {counts(server)}")
        equal("the old id leads on", server.api(f"organizations/{server.organization}/issues/{b}/").json()["id"], a)
        explained = server.api(f"mishap/organizations/{server.organization}/issues/{a}/explanation/").json()["hashes"]
        mine = [h["hash"] for h in explained if h["kind"] == "site" and h["timesSeen"] == 2]
        unmerged = server.api(f"organizations/{server.organization}/issues/{a}/hashes/?id={mine[0]}", "PUT")
        equal("unmerge", (unmerged.status, sorted(unmerged.json())), (202, ["issue", "log", "made"]))
        apart = counts(server)
        print(f"  unmerged    {apart}")
        equal("unmerged", sorted(apart.values()), [2, 3])
        whole = server.api(f"organizations/{server.organization}/issues/{a}/hashes/?id={explained[0]['hash']}"
                           f"&id={explained[1]['hash']}", "DELETE")
        equal("all of them", whole.status, 400)
        log = server.api(ours(server, "grouping-log/")).json()
        equal("log", [e["action"] for e in log], ["unmerge", "merge"])
        for entry in log:
            done = server.api(ours(server, f"grouping-log/{entry['id']}/undo/"), "POST")
            equal("undo", done.status, 200)
        equal("as before", counts(server), {a: 3, b: 2})
        print(f"  undone      {counts(server)}")
        again = server.api(ours(server, f"grouping-log/{log[0]['id']}/undo/"), "POST")
        equal("twice", again.status, 409)

        offer = server.api(f"mishap/organizations/{server.organization}/issues/{a}/split/").json()
        equal("one text", len(offer["hashes"][0]["texts"]), 1)
        done = server.api(f"mishap/organizations/{server.organization}/issues/{a}/split/", "POST", {})
        equal("split", done.status, 200)
        other = issue_of(server, send(server, error("total", "another text")))
        assert other not in (a, b), "a text of its own"
        same = issue_of(server, send(server, error("total")))
        equal("the frequent text stays", same, a)
        print(f"  split       {counts(server)}")
        equal("split", counts(server), {a: 4, b: 2, other: 1})
        equal("un-split", server.api(ours(server, f"grouping-log/{done.json()['log']}/undo/"), "POST").status, 200)
        equal("whole again", counts(server), {a: 5, b: 2})
        print(f"  un-split    {counts(server)}")
        gone = server.api(f"mishap/organizations/{server.organization}/issues/{b}/discard/", "POST")
        equal("discard", gone.status, 200)
        send(server, error("place"))
        send(server, error("total"))
        process.wait_until(lambda: counts(server) == {a: 6}, 20, "the discarded one to be dropped")


def a_deleted_issue_that_comes_again_is_explained():
    with Running() as server:
        first = issue_of(server, send(server, error("total")))
        equal("delete", server.api(f"organizations/{server.organization}/issues/{first}/", "DELETE").status, 202)
        again = issue_of(server, send(server, error("total")))
        assert again != first, "an issue anew"
        told = server.api(f"mishap/organizations/{server.organization}/issues/{again}/explanation/").json()["hashes"]
        equal("explained", [row["explanation"].get("decided_by") for row in told if row["kind"] == "site"], ["stack"])
        equal("found", [issue["id"] for issue in server.issues("stack.function:total")], [again])


def events_are_explained_and_compared():
    with Running() as server:
        a, b = send(server, error("total")), send(server, error("place"))
        issue_of(server, a), issue_of(server, b)
        explained = server.api(ours(server, f"events/{a}/explanation/"))
        equal("explanation", explained.status, 200)
        equal("decided by", explained.json()["explanation"]["decided_by"], "stack")
        compared = server.api(ours(server, f"events/{a}/difference/{b}/")).json()
        equal("two issues", compared["same"], False)
        assert "total" in compared["reason"] and "place" in compared["reason"], compared["reason"]
        print(f"  {compared['reason']}")
        equal("no such event", server.api(ours(server, f"events/{new_id()}/explanation/")).status, 404)


def preview_shows_joins_before_anything_changes():
    with Running() as server:
        for function, times in (("total", 4), ("place", 2)):
            for _ in range(times):
                last = send(server, error(function))
        issue_of(server, last)
        process.wait_until(lambda: sorted(counts(server).values()) == [2, 4], 20, "six events")
        before = counts(server)
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as rules:
            rules.write("module:shop.cart -app\n")
            rules.flush()
            command = [str(mishap.binary()), "grouping", "preview", "--project", server.project, "--rules", rules.name,
                       "--database-url", server.database_url]
            shown = subprocess.run(command, capture_output=True, text=True, timeout=60)
            equal("status", shown.returncode, 0)
            print("  " + "\n  ".join(shown.stdout.strip().splitlines()))
            assert "6 of 6 events" in shown.stderr, shown.stderr
            told = json.loads(subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=60).stdout)
            equal("joined", (told["events"], told["joinedEvents"], told["newIssues"]), (6, 2, 0))
            rules.write("modul:x -app\n")
            rules.flush()
            wrong = subprocess.run(command, capture_output=True, text=True, timeout=60)
            equal("a mistake", wrong.returncode, 1)
            assert f"{rules.name}:2:1" in wrong.stderr, wrong.stderr
        same = server.api(ours(server, "grouping/preview/"), "POST", {"stackTraceRules": "module:shop.cart -app"}).json()
        equal("by API", (same["joinedEvents"], same["splits"]), (2, []))
        equal("nothing changed", counts(server), before)


TESTS = [rules_take_effect_and_mistakes_are_told, regrouping_moves_counts_and_is_undone,
         a_deleted_issue_that_comes_again_is_explained, events_are_explained_and_compared,
         preview_shows_joins_before_anything_changes]

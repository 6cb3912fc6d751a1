"""gRPC's QueryService as clients meet it: lists walked while things arrive, masks, updates, refusals that name the field, who may
what, deadlines, reflection. Debian's python3-grpcio and @grpc/grpc-js are the clients; server and PostgreSQL are real."""
import atexit
import contextlib
import json
import os
import re
import subprocess
import urllib.parse

import grpc

from tests.e2e.grpc_client import GrpcWire, event_pb2, example_event, new_id
from tests.e2e.grpc_client import pb as ingest
from tests.e2e.query_client import Query, details, pb, refused, resources
from tests.e2e.query_matrix import matrix_of_query_service
from tests.fixture import process
from tests.fixture.mishap import ROOT, program
from tests.sdk import packages

CODE = grpc.StatusCode
ORG = "organizations/default"


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class shared:  # noqa: N801: reads as a word
    """One server for all tests here; closed with the suite."""
    wire = None

    def __enter__(self):
        if shared.wire is None:
            shared.wire = GrpcWire()
            atexit.register(shared.wire.close)
            wire = shared.wire
            wire.query = Query(wire.channel, wire.server.ready["token"])
            wire.project = f"{ORG}/projects/{wire.server.project}"
        return shared.wire

    def __exit__(self, *_):
        pass


def send(wire, count, **more):
    """Makes `count` issues of their own; they are stored when this returns. Their event ids."""
    events = []
    for _ in range(count):
        event = example_event(new_id(), value=f"boom {new_id()}")
        event.fingerprint.append(event.event_id)
        event.tags.update(more.get("tags", {}))
        event.release = more.get("release", "shop@1.0")
        event.environment = more.get("environment", "")
        events.append(event)
    answer = wire.capture(ingest.CaptureRequest(events=events, wait_for_issues=True), metadata=wire.metadata, timeout=60)
    assert all(r.issue_short_id for r in answer.results), answer
    return [(event.event_id, result.issue_short_id) for event, result in zip(events, answer.results)]


def mask(*paths):
    from google.protobuf.field_mask_pb2 import FieldMask
    return FieldMask(paths=paths)


def pages_neither_double_nor_miss():
    """Every list, in pages of 7, while new things arrive after every page."""
    with shared() as wire:
        run = new_id()
        before = {short for _, short in send(wire, 40, tags={"run": run})}

        def more():
            send(wire, 3, tags={"run": run})
        for order in ("", "first_seen desc", "times_seen desc", "user_count desc", "inbox desc"):
            found = wire.query.pages("ListIssues", "issues", between=more, parent=ORG, page_size=7, order_by=order,
                                     filter=f"run:{run}")
            shown = [issue.short_id for issue in found]
            equal(f"doubles by {order!r}", len(shown), len(set(shown)))
            equal(f"missing by {order!r}", before - set(shown), set())
            before |= set(shown)
        print(f"  {len(before)} issues and more arriving: five orders, no double, none missing")
        event = example_event()
        event.fingerprint.append("many")
        first = send_many(wire, event, 30)
        issue = f"{ORG}/issues/{first['issue']}"
        for order in ("", "received_at desc", "received_at"):
            found = wire.query.pages("ListEvents", "events", between=lambda: send_many(wire, event, 2), parent=issue, page_size=7,
                                     order_by=order)
            shown = [e.event_id for e in found]
            equal(f"doubles of events by {order!r}", len(shown), len(set(shown)))
            equal(f"missing events by {order!r}", first["ids"] - set(shown), set())
        walk_releases(wire)


def send_many(wire, event, count):
    events = []
    for _ in range(count):
        copy = event_pb2.Event()
        copy.CopyFrom(event)
        copy.event_id = new_id()
        events.append(copy)
    answer = wire.capture(ingest.CaptureRequest(events=events, wait_for_issues=True), metadata=wire.metadata, timeout=60)
    return {"ids": {e.event_id for e in events}, "issue": answer.results[0].issue_short_id}


def walk_releases(wire):
    """Releases by date: while we walk some are made, and one we have not seen is finalized and moves to the front."""
    server, made = wire.server, itertools_versions()
    url = f"organizations/{server.organization}/releases/"
    wanted = set()
    for _ in range(25):
        version = next(made)
        equal("made", server.api(url, "POST", {"version": version, "projects": [server.project]}).status, 201)
        wanted.add(version)
    for order in ("date desc", "semver desc", "build desc"):
        def more():
            server.api(url, "POST", {"version": next(made), "projects": [server.project]})
        found = wire.query.pages("ListReleases", "releases", between=more, parent=ORG, page_size=7, order_by=order, filter="walk")
        shown = [release.version for release in found]
        equal(f"doubles of releases by {order}", len(shown), len(set(shown)))
        equal(f"missing releases by {order}", wanted - set(shown), set())
    first = wire.query.ListReleases(parent=ORG, page_size=7, filter="walk")
    moved = first.releases[-1]  # where the next page begins
    wire.query.UpdateRelease(release=resources.Release(name=moved.name, date_released=moved.date_created), update_mask=mask("date_released"))
    server.api(f"{url}{urllib.parse.quote(moved.version, safe='')}/", "PUT", {"dateReleased": "2031-01-01T00:00:00Z"})
    rest = wire.query.ListReleases(parent=ORG, page_size=100, filter="walk", page_token=first.next_page_token)
    shown = [r.version for r in [*first.releases, *rest.releases]]
    equal("doubles when the last of a page moves", len(shown), len(set(shown)))


def itertools_versions():
    number = 0
    while True:
        number += 1
        yield f"walk@1.{number}.0+{number}"


def pages_end_before_they_are_too_large():
    """Whole events, 60 of 60 KB: no page is much larger than 2 MiB, and none is lost where one ends early."""
    with shared() as wire:
        events = []
        for _ in range(60):
            event = example_event(new_id())
            event.fingerprint.append("large")
            for i in range(10):
                event.extra_json[f"noise {i}"] = json.dumps("".join(new_id() for _ in range(190)))
            events.append(event)
        answer = wire.capture(ingest.CaptureRequest(events=events, wait_for_issues=True), metadata=wire.metadata, timeout=60)
        issue = f"{ORG}/issues/{answer.results[0].issue_short_id}"
        for order in ("received_at desc", "received_at"):
            sizes, found, token = [], [], ""
            while token or not sizes:
                page = wire.query.ListEvents(parent=issue, order_by=order, page_token=token, read_mask=mask("event_id", "event_json"))
                sizes.append(page.ByteSize())
                found.extend(event.event_id for event in page.events)
                token = page.next_page_token
            assert len(sizes) > 1, sizes
            assert max(sizes) < 2_200_000, sizes
            equal("events", sorted(found), sorted(event.event_id for event in events))
        print(f"  pages of {sizes} bytes")


def masks_and_resources():
    with shared() as wire:
        q = wire.query
        event_id, short = send(wire, 1, tags={"color": "blue"}, environment="production", release="shop@2.0")[0]
        name = f"{ORG}/issues/{short}"
        issue = q.GetIssue(name=name)
        assert re.fullmatch(r"organizations/default/issues/\d+", issue.name), issue.name
        equal("issue", (issue.short_id, issue.project, issue.status, issue.level, issue.times_seen, issue.first_release),
              (short, wire.project, resources.ISSUE_STATUS_UNRESOLVED, event_pb2.LEVEL_ERROR, 1, "shop@2.0"))
        assert issue.title.startswith("ValueError: boom"), issue.title
        equal("last event", issue.last_event, f"{wire.project}/events/{event_id}")
        equal("metadata", json.loads(issue.metadata_json)["type"], "ValueError")
        part = q.GetIssue(name=name, read_mask=mask("short_id", "status_details.actor"))
        equal("masked", part, resources.Issue(short_id=short))
        equal("star", q.GetIssue(name=name, read_mask=mask("*")), issue)
        listed = q.ListIssues(parent=wire.project, filter=f"issue:{short}")
        equal("listed", list(listed.issues), [issue])
        equal("by its event", [i.name for i in q.ListIssues(parent=ORG, filter=event_id).issues], [issue.name])
        event = q.GetEvent(name=issue.last_event)
        equal("event", (event.event_id, event.issue, event.tags["color"], event.environment, event.release, event.platform),
              (event_id, issue.name, "blue", "production", "shop@2.0", "python"))
        equal("its JSON", json.loads(event.event_json)["event_id"], event_id)
        for word in ("latest", "oldest", "recommended", event_id):
            equal(word, q.GetEvent(name=f"{name}/events/{word}").event_id, event_id)
        listed = q.ListEvents(parent=name)
        equal("lists leave the JSON out", (listed.events[0].event_json, listed.events[0].title), ("", event.title))
        asked = q.ListEvents(parent=name, read_mask=mask("event_json"))
        equal("unless asked", (asked.events[0].event_json, asked.events[0].title), (event.event_json, ""))
        equal("a filter of events", [e.event_id for e in q.ListEvents(parent=wire.project, filter=f"color:blue id:{event_id}").events], [event_id])
        project = q.GetProject(name=wire.project)
        equal("project", (project.slug, project.id, project.settings.data_scrubber), (wire.server.project, int(wire.server.project_id), True))
        listed = q.ListProjects(parent="organizations/-")
        equal("projects", [(p.name, p.HasField("settings")) for p in listed.projects], [(wire.project, False)])
        release = q.GetRelease(name=f"{ORG}/releases/shop%402.0")
        equal("release", (release.version, release.new_issue_count, release.projects[0].project), ("shop@2.0", 1, wire.project))
        equal("the same below its project", q.GetRelease(name=f"{wire.project}/releases/shop@2.0"), release)
        equal("by environment", [i.short_id for i in q.ListIssues(parent=ORG, environments=["production"]).issues], [short])


def issues_are_updated():
    with shared() as wire:
        q = wire.query
        _, short = send(wire, 1)[0]
        name = f"{ORG}/issues/{short}"

        def update(*paths, **fields):
            return q.UpdateIssue(issue=resources.Issue(name=name, **fields), update_mask=mask(*paths))
        done = update(status=resources.ISSUE_STATUS_RESOLVED)
        equal("resolved, mask implied", done.status, resources.ISSUE_STATUS_RESOLVED)
        equal("over HTTP", wire.server.api(f"organizations/default/issues/{short}/").json()["status"], "resolved")
        details_ = resources.StatusDetails(ignore_count=10, ignore_window=60)
        done = update("status", "status_details", status=resources.ISSUE_STATUS_IGNORED, status_details=details_)
        equal("archived", (done.status, done.substatus, done.status_details.ignore_count),
              (resources.ISSUE_STATUS_IGNORED, resources.ISSUE_SUBSTATUS_ARCHIVED_UNTIL_CONDITION_MET, 10))
        done = update("status", "substatus", status=resources.ISSUE_STATUS_UNRESOLVED, substatus=resources.ISSUE_SUBSTATUS_ONGOING)
        equal("again", (done.status, done.substatus), (resources.ISSUE_STATUS_UNRESOLVED, resources.ISSUE_SUBSTATUS_ONGOING))
        done = update("status", "status_details", status=resources.ISSUE_STATUS_RESOLVED,
                      status_details=resources.StatusDetails(in_release="shop@1.0"))
        equal("in a release", done.status_details.in_release, "shop@1.0")
        done = update("status", "status_details", status=resources.ISSUE_STATUS_RESOLVED,
                      status_details=resources.StatusDetails(in_next_release=True))
        equal("in the next", done.status_details.in_next_release, True)
        done = update("priority", "is_public", priority=resources.ISSUE_PRIORITY_LOW, is_public=True)
        equal("priority", (done.priority, done.is_public, done.HasField("priority_locked_at")), (resources.ISSUE_PRIORITY_LOW, True, True))
        owner = json.loads((wire.server.data_dir / "first-run.json").read_text())["owner"]
        done = update("assigned_to", assigned_to=owner)
        assert done.assigned_to.startswith("user:"), done.assigned_to
        equal("team", update("assigned_to", assigned_to="#everyone").assigned_to_name, "everyone")
        equal("nobody", update("assigned_to").assigned_to, "")
        personal(wire, name, owner)
        wrong_updates(wire, name)


def personal(wire, name, owner):
    """What belongs to the user of a token."""
    made = subprocess.run([str(program("server/mishap")), "token", "create", "--user", owner, "--scope", "event:write", "--json", "--data-dir",
                           str(wire.server.data_dir), "--database-url", wire.server.database_url], capture_output=True, text=True, timeout=60)
    q = Query(wire.channel, json.loads(made.stdout)[0]["token"])
    done = q.UpdateIssue(issue=resources.Issue(name=name, is_bookmarked=True, is_subscribed=True, has_seen=True))
    equal("mine", (done.is_bookmarked, done.is_subscribed, done.has_seen), (True, True, True))
    done = q.UpdateIssue(issue=resources.Issue(name=name), update_mask=mask("is_bookmarked"), read_mask=mask("is_bookmarked", "is_subscribed"))
    equal("named and not set is cleared", done, resources.Issue(is_subscribed=True))
    equal("me", q.UpdateIssue(issue=resources.Issue(name=name, assigned_to="me")).assigned_to_name != "", True)


def wrong_updates(wire, name):
    q, bad = wire.query, CODE.INVALID_ARGUMENT

    def update(*paths, **fields):
        return dict(issue=resources.Issue(name=name, **fields), update_mask=mask(*paths))
    rows = [("update_mask", "cannot be updated", update("title", title="x")),
            ("update_mask", "has no field \"nothing\"", update("nothing")),
            ("update_mask", "nothing is set", update()),
            ("issue.status", "must be set", update("status")),
            ("issue.status_details", "goes together with status", update("status_details", status_details=resources.StatusDetails(in_release="x"))),
            ("issue.substatus", "does not belong", update("status", "substatus", status=resources.ISSUE_STATUS_RESOLVED,
                                                          substatus=resources.ISSUE_SUBSTATUS_NEW)),
            ("issue.status_details.in_release", "Unable to find a release",
             update("status", "status_details", status=resources.ISSUE_STATUS_RESOLVED,
                    status_details=resources.StatusDetails(in_release="none@9"))),
            ("issue.status_details.ignore_count", "integer from 1",
             update("status", "status_details", status=resources.ISSUE_STATUS_IGNORED,
                    status_details=resources.StatusDetails(ignore_count=-1))),
            ("issue.assigned_to", "Cannot assign", update("assigned_to", assigned_to="nobody@example.com")),
            ("issue.name", "expected organizations/{o}/issues/{i}", dict(issue=resources.Issue(name="issues/1"))),
            ("read_mask", "has no field", dict(issue=resources.Issue(name=name), read_mask=mask("x")))]
    for field, words, fields in rows:
        error = refused(q.UpdateIssue, bad, field, words, **fields)
        print(f"  {error.details()}")


def releases_and_projects_are_updated():
    with shared() as wire:
        q, bad = wire.query, CODE.INVALID_ARGUMENT
        send(wire, 1, release="pkg a%b@3.1.0+7")
        name = f"{ORG}/releases/{urllib.parse.quote('pkg a%b@3.1.0+7', safe='')}"
        release = q.GetRelease(name=name)
        equal("a version that needs encoding", (release.version, release.name), ("pkg a%b@3.1.0+7", name))
        now = release.date_created
        done = q.UpdateRelease(release=resources.Release(name=name, date_released=now, ref="main", url="https://x.example/1"))
        equal("finalized", (done.date_released, done.ref, done.url), (now, "main", "https://x.example/1"))
        done = q.UpdateRelease(release=resources.Release(name=name, status=resources.RELEASE_STATUS_ARCHIVED), update_mask=mask("status", "ref"))
        equal("archived, ref cleared", (done.status, done.ref, done.url), (resources.RELEASE_STATUS_ARCHIVED, "", "https://x.example/1"))
        listed = q.ListReleases(parent=wire.project, status=resources.RELEASE_STATUS_ARCHIVED)
        equal("archived ones", [r.name for r in listed.releases], [name])
        refused(q.UpdateRelease, bad, "release.date_released", "cannot be cleared", release=resources.Release(name=name),
                update_mask=mask("date_released"))
        refused(q.UpdateRelease, bad, "update_mask", "cannot be updated", release=resources.Release(name=name, version="x"), update_mask=mask("version"))
        refused(q.UpdateRelease, CODE.NOT_FOUND, release=resources.Release(name=f"{ORG}/releases/none", ref="x"))
        settings = resources.ProjectSettings(retention_days=30, scrub_ip_addresses=True, allowed_domains=["a.example", "b.example"])
        project = resources.Project(name=wire.project, display_name="The shop", platform="python-django", settings=settings)
        done = q.UpdateProject(project=project)
        equal("project", (done.display_name, done.platform, done.settings.retention_days, done.settings.scrub_ip_addresses,
                          list(done.settings.allowed_domains), done.settings.data_scrubber),
              ("The shop", "python-django", 30, True, ["a.example", "b.example"], True))
        equal("over HTTP", wire.server.api(f"projects/default/{wire.server.project}/").json()["name"], "The shop")
        done = q.UpdateProject(project=resources.Project(name=wire.project), update_mask=mask("settings.retention_days", "settings.allowed_domains"))
        equal("cleared", (done.settings.HasField("retention_days"), list(done.settings.allowed_domains), done.settings.scrub_ip_addresses),
              (False, [], True))
        done = q.UpdateProject(project=resources.Project(name=wire.project, slug="new-name"), read_mask=mask("name"))
        equal("renamed", done.name, f"{ORG}/projects/new-name")
        equal("the old name leads there", q.GetProject(name=wire.project, read_mask=mask("slug")).slug, "new-name")
        q.UpdateProject(project=resources.Project(name=done.name, slug=wire.server.project,
                                                  settings=resources.ProjectSettings(allowed_domains=["*"])))
        rows = [("project.settings.retention_days", resources.Project(name=wire.project, settings=resources.ProjectSettings(retention_days=9999))),
                ("project.slug", resources.Project(name=wire.project, slug="Not A Slug!")),
                ("project.display_name", resources.Project(name=wire.project, display_name="x" * 300)),
                ("project.settings.highlight_context_json",
                 resources.Project(name=wire.project, settings=resources.ProjectSettings(highlight_context_json="{")))]
        for field, project in rows:
            print(f"  {refused(q.UpdateProject, bad, field, project=project).details()}")
        wire.server.api("organizations/default/projects/", "POST", {"name": "taken"})
        refused(q.UpdateProject, CODE.ALREADY_EXISTS, project=resources.Project(name=wire.project, slug="taken"))


def refusals_name_the_field():
    with shared() as wire:
        q, bad = wire.query, CODE.INVALID_ARGUMENT
        send(wire, 3)
        for filter_, column in (("is:unresolved AND (", None), ("is:nothing", "4"), ("timesSeen:>x", None)):
            error = refused(q.ListIssues, bad, "filter", "column", parent=ORG, filter=filter_)
            reason, more = details(error)["ErrorInfo"]
            assert reason == "INVALID_FILTER" and more["column"].isdigit(), (reason, more)
            assert column is None or more["column"] == column, more
            print(f"  {error.details()}  [column {more['column']}]")
        refused(q.ListEvents, bad, "filter", "column", parent=wire.project, filter="(")
        refused(q.ListIssues, bad, "parent", "expected organizations/{o}", parent="acme")
        refused(q.ListIssues, bad, "parent", "", parent="")
        refused(q.ListIssues, bad, "page_size", "negative", parent=ORG, page_size=-1)
        refused(q.ListIssues, bad, "order_by", "expected one of", parent=ORG, order_by="last_seen asc")
        refused(q.ListIssues, bad, "period", "14d", parent=ORG, period="soon")
        refused(q.ListIssues, bad, "end_time", "start_time needs it", parent=ORG, start_time={"seconds": 1})
        refused(q.ListIssues, bad, "read_mask", "has no field", parent=ORG, read_mask=mask("issues"))
        token = q.ListIssues(parent=ORG, page_size=2, filter="").next_page_token
        equal("a larger page may follow", len(q.ListIssues(parent=ORG, page_size=1, page_token=token, read_mask=mask("name")).issues), 1)
        for fields in (dict(filter="is:unresolved"), dict(parent=wire.project), dict(order_by="first_seen desc"), dict(period="1d"),
                       dict(environments=["production"])):
            refused(q.ListIssues, bad, "page_token", "another call", **{**dict(parent=ORG, page_size=2, page_token=token), **fields})
        refused(q.ListReleases, bad, "page_token", "another call", parent=ORG, page_token=token)
        for text in ("x", "AAAA", token[:-3], "é"):
            refused(q.ListIssues, bad, "page_token", "", parent=ORG, page_token=text)
        equal("more than the most", len(q.ListIssues(parent=ORG, page_size=100_000).issues) <= 100, True)
        refused(q.GetIssue, CODE.NOT_FOUND, name=f"{ORG}/issues/1")
        refused(q.GetEvent, CODE.NOT_FOUND, name=f"{wire.project}/events/{'0' * 32}")
        refused(q.GetIssue, CODE.UNAUTHENTICATED, words="Bearer", name="x", metadata=[])
        for header in ("Bearer wrong", "Bearer mishap_user_" + "a" * 36, "Basic eA=="):
            refused(q.GetIssue, CODE.UNAUTHENTICATED, name="x", metadata=[("authorization", header)])
        raw(wire, q)


def raw(wire, q):
    """Bytes no generated client sends, and sizes."""
    call = wire.channel.unary_unary("/mishap.v1.QueryService/ListIssues")
    for bytes_, words in ((b"\xff\xff", "not protobuf"), (b"\x0a\x02\xc3\x28", "UTF-8"), (b"\x08\x01", "another type"), (b"\x0a\x01\x00", "NUL")):
        refused(call, CODE.INVALID_ARGUMENT, words=words, request=bytes_, metadata=q.metadata, timeout=10)
    refused(call, CODE.RESOURCE_EXHAUSTED, words="the limit is", request=b"x" * (2 << 20), metadata=q.metadata, timeout=10)
    packed = b"\x0a\x01a" + b"\x22\x83\x80\x80\x01" + b"a" * 2_097_155
    refused(call, CODE.RESOURCE_EXHAUSTED, words="unpacks to more", request=packed, metadata=q.metadata, timeout=10, compression=grpc.Compression.Gzip)
    for algorithm in (grpc.Compression.Gzip, grpc.Compression.Deflate):
        assert q.ListIssues(parent=ORG, compression=algorithm).issues
    refused(wire.channel.unary_unary("/mishap.v1.QueryService/Nothing"), CODE.UNIMPLEMENTED, request=b"", metadata=q.metadata, timeout=10)


@contextlib.contextmanager
def lock(postgres, table):
    """Nobody else reads or writes this table meanwhile."""
    command = ["psql", "-h", str(postgres.home), "-U", "mishap", "-d", "mishap", "-AtqX"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        other.stdin.write(f"begin; lock table {table} in access exclusive mode; select 'locked';\n")
        other.stdin.flush()
        equal("lock", other.stdout.readline().strip(), "locked")
        try:
            yield
        finally:
            other.stdin.close()


def deadlines_and_cancelled_calls():
    """A call whose time is over ends on time although the database hangs, and changes nothing afterwards."""
    with shared() as wire:
        q = wire.query
        _, short = send(wire, 1)[0]
        name = f"{ORG}/issues/{short}"
        with lock(wire.postgres, "tenant.issue"):
            refused(q.GetIssue, CODE.DEADLINE_EXCEEDED, name=name, timeout=0.5)
            # More than the workers can take: those that wait in the queue are never begun.
            request_ = pb.UpdateIssueRequest(issue=resources.Issue(name=name, status=resources.ISSUE_STATUS_RESOLVED))
            call = wire.channel.unary_unary("/mishap.v1.QueryService/UpdateIssue", request_serializer=pb.UpdateIssueRequest.SerializeToString)
            waiting = [call.future(request_, metadata=q.metadata, timeout=30) for _ in range(6)]
            for one in waiting:
                one.cancel()
        equal("works on", process.wait_until(lambda: q.GetIssue(name=name, read_mask=mask("status")), 20, "an answer").status,
              resources.ISSUE_STATUS_UNRESOLVED)


def health_and_reflection_know_it():
    with shared() as wire:
        service = b"mishap.v1.QueryService"
        asked = b"\x0a" + bytes([len(service)]) + service
        equal("serving", wire.raw("/grpc.health.v1.Health/Check", asked), b"\x08\x01")
        ask = wire.channel.stream_stream("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo")
        symbol = b"mishap.v1.QueryService.UpdateIssue"
        listed, described = ask(iter([b"\x3a\x01*", b"\x22" + bytes([len(symbol)]) + symbol]), timeout=10)
        assert service in listed, listed
        for word in (b"UpdateIssueRequest", b"google/protobuf/field_mask.proto", b"mishap/v1/resources.proto"):
            assert word in described, word


def clients_of_other_languages_query():
    """grpc-js: lists, resolves and reads its errors."""
    with shared() as wire:
        send(wire, 5, tags={"client": "node"})
        folders = [packages.npm("@grpc/grpc-js@1.14.7"), packages.npm("@grpc/proto-loader@0.8.1")]
        environment = {**os.environ, "NODE_PATH": ":".join(map(str, folders))}
        done = subprocess.run([str(packages.node()), str(ROOT / "tests/e2e/query_client.js"), wire.address, wire.server.ready["token"], str(ROOT / "proto")],
                              capture_output=True, text=True, timeout=60, env=environment)
        equal("exit", (done.returncode, done.stderr), (0, ""))
        told = json.loads(done.stdout)
        equal("pages of two", [told["pages"], told["issues"], told["distinct"]], [3, 5, 5])
        equal("resolved", told["resolved"], "ISSUE_STATUS_RESOLVED")
        equal("refused", told["refusal"]["code"], 3)
        assert "filter" in told["refusal"]["details"], told
        print(f"  node: {told}")


TESTS = [pages_neither_double_nor_miss, pages_end_before_they_are_too_large, masks_and_resources, issues_are_updated, releases_and_projects_are_updated, refusals_name_the_field,
         matrix_of_query_service, deadlines_and_cancelled_calls, health_and_reflection_know_it, clients_of_other_languages_query]

"""Who may what over gRPC's QueryService: every method x every caller x every id of its names. matrix.py works out who may."""
import re
import urllib.parse

import grpc

from tests.e2e import matrix
from tests.e2e.grpc_client import GrpcWire
from tests.e2e.query_client import METHODS, Query, resources
from tests.fixture.mishap import request

CODE = grpc.StatusCode
HTTP_CODES = {200: CODE.OK, 401: CODE.UNAUTHENTICATED, 403: CODE.PERMISSION_DENIED, 404: CODE.NOT_FOUND}


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class Row:
    """One method as a caller meets it: the HTTP route that asks the same, the request, what of the world its answer must show."""

    def __init__(self, method, route, shows, build):
        self.method, self.route, self.shows, self.build = method, route, shows, build


def matrix_rows():
    org, project = "organizations/{o}", "organizations/{o}/projects/{p}"
    issue, release = org + "/issues/{i}", org + "/releases/{v}"
    platform = dict(platform="python")
    return [
        Row("ListIssues", "GET organizations/{o}/issues/", "i", lambda n: dict(parent=n(org))),
        Row("ListIssues", "GET projects/{o}/{p}/issues/", "i", lambda n: dict(parent=n(project))),
        Row("GetIssue", "GET organizations/{o}/issues/{i}/", "i", lambda n: dict(name=n(issue))),
        Row("UpdateIssue", "PUT organizations/{o}/issues/{i}/", "i",
            lambda n: dict(issue=resources.Issue(name=n(issue), priority=resources.ISSUE_PRIORITY_HIGH))),
        Row("ListEvents", "GET organizations/{o}/issues/{i}/events/", "e", lambda n: dict(parent=n(issue))),
        Row("ListEvents", "GET projects/{o}/{p}/events/", "e", lambda n: dict(parent=n(project))),
        Row("GetEvent", "GET projects/{o}/{p}/events/{e}/", "e", lambda n: dict(name=n(project + "/events/{e}"))),
        Row("GetEvent", "GET organizations/{o}/issues/{i}/events/{e}/", "e", lambda n: dict(name=n(issue + "/events/{e}"))),
        Row("ListReleases", "GET organizations/{o}/releases/", "v", lambda n: dict(parent=n(org))),
        Row("ListReleases", "GET projects/{o}/{p}/releases/", "v", lambda n: dict(parent=n(project))),
        Row("GetRelease", "GET organizations/{o}/releases/{v}/", "v", lambda n: dict(name=n(release))),
        Row("GetRelease", "GET projects/{o}/{p}/releases/{v}/", "v", lambda n: dict(name=n(project + "/releases/{v}"))),
        Row("UpdateRelease", "PUT organizations/{o}/releases/{v}/", "v",
            lambda n: dict(release=resources.Release(name=n(release), ref="main"))),
        Row("ListProjects", "GET organizations/{o}/projects/", "p", lambda n: dict(parent=n(org))),
        Row("GetProject", "GET projects/{o}/{p}/", "p", lambda n: dict(name=n(project))),
        Row("UpdateProject", "PUT projects/{o}/{p}/", "p", lambda n: dict(project=resources.Project(name=n(project), **platform))),
    ]


def matrix_of_query_service():
    """Every method x every caller x every id of its names. Who may comes from the scopes of the HTTP route that asks the same, worked
    out by matrix.py; whoever may not learns nothing; an OK shows the id that was asked for."""
    with GrpcWire() as wire:
        world = matrix.World(wire.server, wire.postgres)
        document = request("GET", f"{wire.server.http}/api/openapi.json").json()
        judge = matrix.Matrix(world, document)
        rows, calls, problems = matrix_rows(), 0, []
        equal("methods without a row", set(METHODS) - {row.method for row in rows}, set())

        def ask(caller, row, values):
            token = caller.headers.get("Authorization", "")
            q = Query(wire.channel, token.removeprefix("Bearer ") or None)
            names = {key: urllib.parse.quote(str(value), safe="") for key, value in values.items()}
            try:
                return CODE.OK, str(getattr(q, row.method)(**row.build(lambda pattern: pattern.format(**names))))
            except grpc.RpcError as error:
                return error.code(), error.details()

        def expected(caller, row):
            if "Authorization" not in caller.headers:
                return {CODE.UNAUTHENTICATED}  # a cookie opens nothing here
            method, pattern = row.route.split(" ")
            operation = document["paths"]["/api/0/" + pattern][method.lower()]
            return {HTTP_CODES[status] for status in judge.expected(caller, pattern, operation, 200, {})}
        for row in rows:
            parts = set(re.findall(r"{(\w+)}", row.route))
            for caller in world.callers.values():
                code, text = ask(caller, row, world.own)
                calls += 1
                shown = str(world.own[row.shows]) in text
                hidden = not caller.sees_project
                if code not in expected(caller, row):
                    problems.append(f"{row.method} ({row.route}) as {caller.name}: {code}, expected {expected(caller, row)}: {text[:150]}")
                elif code == CODE.OK and shown == hidden:
                    problems.append(f"{row.method} ({row.route}) as {caller.name}: {'shows' if hidden else 'does not show'} {row.shows}")
                elif code != CODE.OK and shown:
                    problems.append(f"{row.method} as {caller.name}: the error tells {row.shows}: {text}")
            for part in parts & set(world.foreign) - {"o"}:
                for key in ("owner", "member"):
                    code, text = ask(world.callers[key], row, {**world.own, part: world.foreign[part]})
                    calls += 1
                    if CODE.OK in expected(world.callers[key], row) and code != CODE.NOT_FOUND:
                        problems.append(f"{row.method} ({row.route}) as {key}, foreign {part}: {code}: {text[:150]}")
        print(f"  {len(rows)} rows of {len(METHODS)} methods, {len(world.callers)} callers, {calls} calls, {len(problems)} problems")
        assert not problems, "\n".join(problems)
        every = Query(wire.channel, world.callers["other organization"].headers["Authorization"].removeprefix("Bearer "))
        listed = every.ListProjects(parent="organizations/-").projects
        equal("projects of all my organizations", {p.name.split("/")[1] for p in listed}, {"other"})

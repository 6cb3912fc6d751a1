"""The mistakes that really broke a tool (web-api 5.4), asked one by one of a running server: what each tool sends, and what it
must not be answered. The tools themselves run in tests/tools; here every point stands by itself and says what was seen."""
import json
import re
import urllib.parse

from tests.e2e.wire import event_envelope, new_id
from tests.fixture.mishap import request

# "2026-05-01T10:00:00.123456+00:00" anywhere in JSON; cells of /events/ alone may have it.
OFFSET = re.compile(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d"')
RELEASE_KEYS = ("id", "version", "shortVersion", "dateCreated", "dateReleased", "firstEvent", "lastEvent", "newGroups", "lastCommit",
                "lastDeploy", "projects")


def seen(point, text):
    print(f"  {point}: {text}")


class Asked:
    """A server with one issue, one release, one deploy."""

    def __init__(self, server):
        self.server = server
        self.org = f"organizations/{server.organization}"
        self.project = f"projects/{server.organization}/{server.project}"
        self.event = new_id()
        body = {"event_id": self.event, "message": "the till is empty", "level": "error", "release": "shop@1.0",
                "user": {"email": "ann@acme.io"}}
        sent = request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
                       event_envelope(self.event, body))
        assert sent.status == 200, sent.body
        self.issue = server.wait_issues(1)[0]

    def __call__(self, path, status=200, method="GET", body=None):
        answer = self.server.api(path, method, body)
        assert answer.status == status, f"{method} {path}: {answer.status}, expected {status}: {answer.body[:300]}"
        return answer

    def points(self):
        return (self.times_end_in_z, self.events_are_validated, self.releases_of_projects, self.an_empty_cursor_is_the_first_page,
                self.deploys_have_an_end, self.organizations_have_all_flags, self.releases_have_all_keys,
                self.no_region_over_plain_http, self.short_ids_where_ids_are, self.large_pages_are_cut, self.errors_are_json,
                self.slashes_are_never_redirected, self.counts_are_text, self.archiving_names_no_project,
                self.an_absent_query_is_unresolved)

    def times_end_in_z(self):
        paths = [f"{self.org}/issues/", f"{self.org}/issues/{self.issue['id']}/", f"{self.org}/releases/",
                 f"{self.org}/releases/shop@1.0/", f"{self.project}/releases/", f"{self.project}/events/{self.event}/",
                 f"{self.org}/issues/{self.issue['id']}/activities/", f"{self.org}/projects/", f"{self.project}/keys/"]
        for path in paths:
            found = OFFSET.search(self(path).body)
            assert not found, f"{path} has {found.group(0)}"
        seen("1 times end in Z", f"{len(paths)} answers, e.g. lastSeen {self.issue['lastSeen']}")

    def events_are_validated(self):
        path = f"{self.org}/events/validate/?dataset=errors&query=level:error&field=issue&field=count()&orderby=-count()&statsPeriod=14d"
        answer = self(path).json()
        assert answer["valid"] is True, answer
        for key in ("valid", "projects", "dataset", "environment", "field", "query", "orderby"):
            assert key in answer, f"{key} is missing: {answer}"
        seen("2 /events/validate/", json.dumps(answer)[:200])

    def releases_of_projects(self):
        base = f"{self.project}/releases/"
        self(base, 201, "POST", {"version": "old@1"})
        self(base, 208, "POST", {"version": "old@1"})
        self(f"{base}old@1/", 200, "PUT", {"dateReleased": "2026-05-01T10:00:00.123456789Z"})
        assert "old@1" in [row["version"] for row in self(base).json()]
        self(f"{base}old@1/", 200)
        self(f"{base}old@1/commits/", 200)
        self(f"{base}old@1/", 204, "DELETE")
        seen("3 releases below projects/", "POST 201 and 208, PUT 200, GET 200, DELETE 204")

    def an_empty_cursor_is_the_first_page(self):
        lists = ["organizations/", f"{self.org}/projects/", f"{self.org}/repos/", f"{self.org}/releases/", f"{self.project}/releases/",
                 f"{self.project}/issues/", f"{self.project}/events/", f"{self.org}/monitors/"]
        for path in lists:
            answer = self(f"{path}?cursor=")
            assert 'rel="next"' in answer.headers.get("link", ""), f"{path} has no Link: {answer.headers}"
        bad = self(f"{self.org}/issues/?cursor=nonsense", 400).body
        seen("4 cursor= is the first page", f"{len(lists)} lists; a wrong one: {bad}")

    def deploys_have_an_end(self):
        path = f"{self.org}/releases/shop@1.0/deploys/"
        self(path, 201, "POST", {"environment": "production"})  # all that the new command line sends
        rows = self(path).json()
        assert rows and all(row["dateFinished"] for row in rows), rows
        seen("5 dateFinished of deploys", rows[0]["dateFinished"])

    def organizations_have_all_flags(self):
        row = self("organizations/?cursor=").json()[0]
        for key in ("isEarlyAdopter", "require2FA", "requireEmailVerification"):
            assert isinstance(row[key], bool), f"{key} is {row[key]!r}"
        assert isinstance(row["features"], list) and row["id"] and row["name"] and row["dateCreated"], row
        seen("6 organizations", f"requireEmailVerification {row['requireEmailVerification']}")

    def releases_have_all_keys(self):
        for path in (f"{self.org}/releases/shop@1.0/", f"{self.project}/releases/shop@1.0/"):
            release = self(path).json()
            for key in RELEASE_KEYS:
                assert key in release, f"{path} has no {key}"
            assert set(release["projects"][0]) >= {"id", "slug", "name", "platform"}, release["projects"]
        link = self.issue["permalink"]
        assert link.startswith(self.server.http + "/"), link
        seen("7 keys of releases, absolute permalink", link)

    def no_region_over_plain_http(self):
        for row in (self("organizations/").json()[0], self(f"{self.org}/").json()):
            region = row.get("links", {}).get("regionUrl", "")
            assert region == "" or region.startswith("https://"), region
        assert self.server.api("users/me/regions/").status == 404
        seen("8 links.regionUrl", repr(region))

    def short_ids_where_ids_are(self):
        short = self.issue["shortId"]
        for name in (short, short.lower()):
            for rest in ("", "events/latest/", "tags/", "hashes/", "activities/", "notes/", "user-reports/"):
                self(f"{self.org}/issues/{name}/{rest}")
        assert self(f"{self.org}/issues/{short}/").json()["id"] == self.issue["id"]
        assert self(f"{self.org}/shortids/{short}/").json()["groupId"] == self.issue["id"]
        seen("9 short ids", f"{short} and {short.lower()} wherever an id may stand")

    def large_pages_are_cut(self):
        for parameter in ("per_page=101", "limit=10000"):
            for path in (f"{self.org}/issues/", f"{self.org}/projects/", f"{self.org}/releases/", f"{self.project}/events/"):
                self(f"{path}?{parameter}")
        bad = self(f"{self.org}/issues/?limit=many", 400).body
        seen("10a pages above 100", f"200; limit=many: {bad}")

    def errors_are_json(self):
        server = self.server
        texts = []
        asked = [("GET", "nowhere/at/all/", None, 404), ("POST", f"{self.org}/tags/", b"{}", 405),
                 ("GET", f"{self.org}/issues/999999999999/", None, 404), ("GET", f"{self.project}x/", None, 404),
                 ("GET", f"{self.org}/issues/?query=level:", None, 400), ("PUT", f"{self.project}/", b"{", 400)]
        for method, path, body, status in asked:
            answer = request(method, f"{server.http}/api/0/{path}", body, {"Authorization": f"Bearer {server.ready['token']}"})
            assert answer.status == status, f"{method} {path}: {answer.status} {answer.body}"
            assert answer.headers["content-type"] == "application/json", answer.headers
            assert list(answer.json()) == ["detail"] and isinstance(answer.json()["detail"], str), answer.body
            texts.append(answer.json()["detail"])
        for headers, text in (({}, "Authentication credentials were not provided."), ({"Authorization": "Bearer wrong"}, "Invalid token")):
            answer = request("GET", f"{server.http}/api/0/organizations/", None, headers)
            assert answer.status == 401 and answer.json() == {"detail": text}, answer.body
        seen("10b errors are JSON with detail alone", texts[0] + " / " + texts[1])

    def slashes_are_never_redirected(self):
        for path in ("organizations", f"{self.org}/issues", f"{self.org}/issues/{self.issue['id']}", f"{self.project}/keys"):
            assert self(path).body == self(path + "/").body or path.endswith("issues"), path
        seen("10c no slash at the end", "200, the same answer")

    def counts_are_text(self):
        for issue in (self.issue, self(f"{self.org}/issues/{self.issue['id']}/").json()):
            assert isinstance(issue["count"], str) and isinstance(issue["userCount"], int), issue["count"]
        seen("10d count", repr(self.issue["count"]) + f", userCount {self.issue['userCount']!r}")

    def archiving_names_no_project(self):
        for status in ("archived", "open"):
            self(f"{self.org}/releases/", 208, "POST", {"version": "shop@1.0", "projects": [], "status": status})
            assert self(f"{self.org}/releases/shop@1.0/").json()["status"] == status
        seen("11 archive and restore with projects: []", "208, archived and open again")

    def an_absent_query_is_unresolved(self):
        self(f"{self.org}/issues/{self.issue['id']}/", 200, "PUT", {"status": "resolved"})
        for path in (f"{self.org}/issues/", f"{self.project}/issues/"):
            assert self(path).json() == [], "an absent query is is:unresolved"
            assert len(self(path + "?query=").json()) == 1, "an empty one is everything"
        seen("12 absent and empty query", "0 and 1 issues after a resolve")


WRONG_SEARCHES = ["level:", "foo:[a,]", "a OR", "OR a", "()", "is:bogus", "timesSeen:abc", 'foo:"x', "count():>10", "age:yesterday",
                  "error.handled:perhaps", "(level:error", "is:[resolved,ignored]", 'message:a"b']


def tools_mistakes_are_not_made():
    """web-api 5.4, point by point."""
    from tests.e2e.run import Running
    with Running() as server:
        asked = Asked(server)
        wrong = []
        for point in asked.points():
            try:
                point()
            except AssertionError as error:  # all points are worth knowing
                wrong.append(f"{point.__name__}: {error}")
        assert not wrong, "\n".join(wrong)


def wrong_searches_say_where():
    """Each is a 400 whose text names the offender and its column."""
    from tests.e2e.run import Running
    with Running() as server:
        for text in WRONG_SEARCHES:
            path = f"organizations/{server.organization}/issues/?query={urllib.parse.quote(text)}"
            answer = server.api(path)
            assert answer.status == 400, f"{text!r}: {answer.status} {answer.body}"
            detail = answer.json()["detail"]
            print(f"  {text:22} {detail}")
            assert detail.startswith("Error parsing search query: ") and re.search(r"\(column \d+\)", detail), detail

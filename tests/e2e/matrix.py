"""The authorisation matrix: every route of /api/openapi.json x every kind of caller x every id of the path. Who may is worked
out here from the contract (roles, scopes, whose object it is), independently of the server; what is shown comes from
matrix_rows.py. A route without a row fails; a 2xx must show the id that was asked for and fit its schema; nobody else gets 2xx."""
import collections
import itertools
import json
import re
import subprocess
import urllib.parse

from tests.e2e.matrix_rows import rows, unique
from tests.e2e.wire import event_envelope, new_id
from tests.fixture import mishap, process
from tests.fixture.mishap import request

SCOPES = ["org:read", "org:write", "org:admin", "org:integrations", "org:ci", "member:read", "member:write", "member:admin",
          "member:invite", "team:read", "team:write", "team:admin", "project:read", "project:write", "project:admin",
          "project:releases", "project:distribution", "event:read", "event:write", "event:admin", "alerts:read", "alerts:write"]
READ = ["org:read", "project:read", "team:read", "member:read", "event:read", "alerts:read"]
MEMBER = READ + ["org:ci", "project:releases", "project:distribution", "event:admin", "alerts:write"]
ADMIN = MEMBER + ["project:admin", "team:write"]
MANAGER = ADMIN + ["org:write", "org:integrations", "member:admin", "team:admin"]
ROLES = {"viewer": READ, "member": MEMBER, "admin": ADMIN, "manager": MANAGER, "owner": MANAGER + ["org:admin"]}
LADDER = ["read", "write", "admin"]
# Parts of a path that only somebody who sees the project may name.
OF_PROJECT = {"p", "i", "e", "pe", "k", "short", "h", "n", "v", "b", "log", "a", "other", "file", "monitor"}

QUERIES = {"groups": "?groups={i}", "hash": "?id={h2}", "short": "?seconds=0", "id": "?id={i}", "release": "?release={v}", "all": "?query=", "text": "?query=broken", "fields": "?field=id&field=title", "outcomes": "?field=sum(quantity)&groupBy=outcome&statsPeriod=1d&interval=1h"}

Caller = collections.namedtuple("Caller", "name headers scopes organization sees_project person session")


def allows(held, asked):
    """Whether scope `held` includes `asked`."""
    if held == asked:
        return True
    family, action = held.split(":")
    wanted_family, wanted = asked.split(":")
    if family != wanted_family or action not in LADDER:
        return False
    if wanted in LADDER:
        return LADDER.index(action) >= LADDER.index(wanted)
    return (asked == "org:integrations" and action == "admin") or (asked == "member:invite" and action in ("write", "admin"))


class World:
    """Organization `default` with a project, its event and all that hangs on it, the same in organization `other`, and callers."""

    def __init__(self, server, postgres):
        self.server = server
        self.postgres = postgres
        self.numbers = itertools.count(1)
        self.here = ["--json", "--data-dir", str(server.data_dir), "--database-url", server.database_url]
        self.run("organization", "create", "other")
        made = self.run("project", "create", "shop", "--organization", "other")[0]
        self.own = {"o": server.organization, "p": server.project, "key": "browser", "filter": "localhost",
                    "environment": "production", "v": "web@1.0", "share": "0" * 32, "h2": "0" * 32}
        self.foreign = {"p": made["dsn"].rsplit("/", 1)[1], "v": "shop@1.0"}
        self.root = self.session(server)
        self.people()
        self.hang(self.own, server.project_id, server.public_key, "web@1.0", self.root, server.organization)
        key = made["dsn"].split("//")[1].split("@")[0]
        self.hang(self.foreign, self.foreign["p"], key, "shop@1.0", self.callers["other organization"], "other")
        self.foreign.pop("p_slug", None)

    def run(self, *words, text=None):
        done = subprocess.run([str(mishap.binary()), *words, *self.here], capture_output=True, text=True, timeout=60, input=text)
        assert done.returncode == 0, f"{words}: {done.stderr}"
        return json.loads(done.stdout) if done.stdout.startswith("[") else done.stdout

    def session(self, server):
        first = json.loads((server.data_dir / "first-run.json").read_text())
        self.password = (first["owner"], first["password"])
        return self.login("owner, signed in", ROLES["owner"], *self.password)

    def login(self, name, scopes, email, password):
        answer = request("POST", f"{self.server.http}/api/0/mishap/login/",
                         json.dumps({"email": email, "password": password}).encode())
        assert answer.status == 200, answer.body
        headers = {"Cookie": answer.headers["set-cookie"].split(";")[0], "X-CSRF-Token": answer.json()["csrfToken"]}
        return Caller(name, headers, scopes, "default", True, email, True)

    def people(self):
        def token(*words):
            return {"Authorization": "Bearer " + self.run("token", "create", *words)[0]["token"]}
        every = list(itertools.chain.from_iterable(("--scope", scope) for scope in SCOPES))
        self.callers = {"anonymous": Caller("anonymous", {}, None, None, False, None, False)}
        self.run("user", "create", "eve@example.com", "--organization", "other", "--role", "owner")
        self.callers["other organization"] = Caller("other organization", token("--user", "eve@example.com", *every), ROLES["owner"],
                                                    "other", False, "eve@example.com", False)
        self.ask(self.root, "POST", "organizations/default/teams/", {"slug": "nobodys"}, 201)
        for role in ("viewer", "member", "admin", "manager", "owner"):
            email = f"{role}@example.com"
            self.run("user", "create", email, "--organization", "default", "--role", role, "--team", "everyone")
            self.callers[role] = Caller(role, token("--user", email, *every), ROLES[role], "default", True, email, False)
        self.run("user", "create", "outsider@example.com", "--organization", "default", "--team", "nobodys")
        self.callers["member without the project"] = Caller(
            "member without the project", token("--user", "outsider@example.com", *every), MEMBER, "default", False,
            "outsider@example.com", False)
        self.callers["owner, signed in"] = self.root
        for scope in SCOPES:
            self.callers[f"token {scope}"] = Caller(f"token {scope}", token("--organization", "default", "--scope", scope), [scope],
                                                    "default", True, None, False)

    def ask(self, caller, method, path, body=None, status=None):
        answer = request(method, f"{self.server.http}/api/0/{path}", None if body is None else json.dumps(body).encode(),
                         {**caller.headers, "Content-Type": "application/json"})
        assert status is None or answer.status == status, f"{method} {path}: {answer.status} {answer.body}"
        return answer

    def send(self, project, key, release):
        event = new_id()
        body = {"message": f"broken {event}", "fingerprint": [event], "release": release, "environment": "production",
                "tags": {"browser": "Firefox"}}

        def taken():
            return request("POST", f"{self.server.http}/api/{project}/envelope/?sentry_key={key}", event_envelope(event, body)).status == 200
        process.wait_until(taken, 20, "the door to know the key")
        return event

    def found(self, caller, org, event):
        def issue():
            answer = self.ask(caller, "GET", f"organizations/{org}/eventids/{event}/")
            return answer.json() if answer.status == 200 else None
        return process.wait_until(issue, 20, "the event to be stored")

    def hang(self, world, project, key, release, caller, org):
        """Everything a path can name, in one organization."""
        world["e"] = self.send(project, key, release)
        found = self.found(caller, org, world["e"])
        world["i"], world["pe"] = found["groupId"], f"{found['projectSlug']}:{world['e']}"
        world["short"] = self.ask(caller, "GET", f"organizations/{org}/issues/{world['i']}/", None, 200).json()["shortId"]
        world["h"] = self.ask(caller, "GET", f"issues/{world['i']}/hashes/", None, 200).json()[0]["id"]
        world["k"] = key
        self.hang_accounts(world, caller, org)
        world["other"] = world["e"]
        for name in ("n", "b", "repo", "log", "a", "file", "monitor"):
            world[name] = self.make(name, caller, org, world)

    def hang_accounts(self, world, caller, org):
        teams = self.ask(caller, "GET", f"organizations/{org}/teams/", None, 200).json()
        world["t"] = "everyone" if org == "default" else self.make("t", caller, org, world)
        assert org != "default" or "everyone" in [team["slug"] for team in teams]
        if org != "default":
            world["t"] = self.ask(caller, "GET", f"teams/{org}/{world['t']}/", None, 200).json()["id"]
        members = self.ask(caller, "GET", f"organizations/{org}/members/", None, 200).json()
        wanted = "member@example.com" if org == "default" else "eve@example.com"
        world["m"] = next(member["id"] for member in members if member["email"] == wanted)
        if org == "default":
            world["token"] = self.make("token", caller, org, world)
            world["secret"] = self.make("secret", caller, org, world)
            world["session"] = "1"
        else:
            made = self.run("token", "create", "--organization", "other", "--scope", "org:ci")[0]
            world["token"] = made["id"]

    def make(self, what, caller, org, world):
        """A fresh object of its own."""
        n = next(self.numbers)
        body = unique(n)
        if what == "t":
            slug = self.ask(caller, "POST", f"organizations/{org}/teams/", {"slug": f"made-{n}"}, 201).json()["slug"]
            if org == "default":
                self.ask(self.root, "POST", f"projects/{org}/{world['p']}/teams/{slug}/", None, 201)
                self.ask(self.root, "POST", f"organizations/{org}/members/{world['m']}/teams/{slug}/", None, 201)
            return slug
        if what == "m":
            return self.ask(caller, "POST", f"organizations/{org}/members/", body["invite"], 201).json()["id"]
        if what == "secret":
            link = self.ask(caller, "POST", f"organizations/{org}/members/", body["invite"], 201).json()["inviteLink"]
            return link.split("/invite/")[1].strip("/")
        if what == "token":
            return self.ask(caller, "POST", f"organizations/{org}/org-auth-tokens/", body["name"], 201).json()["id"]
        if what == "p":
            return self.ask(caller, "POST", f"organizations/{org}/projects/", body["project"], 201).json()["slug"]
        if what == "k":
            return self.ask(caller, "POST", f"projects/{org}/{world['p']}/keys/", {}, 201).json()["public"]
        if what in ("i_merged", "i_stack", "i_flood"):
            return self.make_regroupable(what, caller, org, world)
        if what == "i":
            project = self.server.project_id if org == "default" else world["p"]
            event = self.send(project, world["k"], world["v"])
            return self.found(caller, org, event)["groupId"]
        if what == "log":
            issue = self.make("i", caller, org, world)
            return self.ask(caller, "POST", f"mishap/organizations/{org}/issues/{issue}/discard/", None, 200).json()["log"]
        if what == "n":
            return self.ask(caller, "POST", f"organizations/{org}/issues/{world['i']}/notes/", body["note"], 201).json()["id"]
        if what == "a":
            return self.attach(caller, org, world)
        if what == "file":
            return self.upload(caller, org, world["v"], f"~/file-{n}.js")
        if what == "monitor":
            return self.check_in(caller, org, world, f"job-{n}")
        if what == "repo":
            return self.ask(caller, "POST", f"organizations/{org}/repos/", body["repository"], 201).json()["id"]
        if what == "v":
            return self.ask(caller, "POST", f"organizations/{org}/releases/", body["release"], 201).json()["version"]
        return self.make_bulk(what, caller, org)

    def make_regroupable(self, what, caller, org, world):
        """An issue that can be taken apart: of two hashes (the second's name goes into world), of a stack, or a flood."""
        if what == "i_stack":
            frames = [{"function": f"f{next(self.numbers)}", "module": "shop.cart", "filename": "cart.py", "lineno": 1, "in_app": True}]
            body = {"exception": {"values": [{"type": "ValueError", "value": "x", "stacktrace": {"frames": frames}}]}, "release": world["v"]}
            event = new_id()
            url = f"{self.server.http}/api/{self.server.project_id}/envelope/?sentry_key={world['k']}"
            assert request("POST", url, event_envelope(event, body)).status == 200
            return self.found(caller, org, event)["groupId"]
        issue = self.make("i", caller, org, world)
        if what == "i_flood":
            self.postgres.sql(f"update tenant.issue set is_flood = true where id = {int(issue)}")
            return issue
        other = self.make("i", caller, org, world)
        world["h2"] = self.ask(caller, "GET", f"issues/{other}/hashes/", None, 200).json()[0]["id"]
        merged = self.ask(caller, "PUT", f"organizations/{org}/issues/?id={issue}&id={other}", {"merge": 1}, 200).json()
        return merged["merge"]["parent"]

    def attach(self, caller, org, world):
        """A file of the world's event."""
        project = self.server.project_id if org == "default" else world["p"]
        name, text = f"file {next(self.numbers)}.txt", b"attached"
        item = json.dumps({"type": "attachment", "filename": name, "length": len(text)}).encode()
        body = json.dumps({"event_id": world["e"]}).encode() + b"\n" + item + b"\n" + text
        sent = request("POST", f"{self.server.http}/api/{project}/envelope/?sentry_key={world['k']}", body)
        assert sent.status == 200, sent.body

        def kept():
            files = self.ask(caller, "GET", f"projects/{org}/{project}/events/{world['e']}/attachments/", None, 200).json()
            return next((file["id"] for file in files if file["name"] == name), None)
        return process.wait_until(kept, 20, "the attachment to be kept")

    def upload(self, caller, org, version, name):
        """A file of a release."""
        parts = {"name": name.encode(), "file\"; filename=\"x.js": name.encode()}
        body = b"".join(b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (key.encode(), text)
                        for key, text in parts.items()) + b"--x--\r\n"
        path = f"organizations/{org}/releases/{urllib.parse.quote(version)}/files/"
        answer = request("POST", f"{self.server.http}/api/0/{path}", body,
                         {**caller.headers, "Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status == 201, answer.body
        return answer.json()["id"]

    def check_in(self, caller, org, world, slug):
        """A monitor, by its first check-in."""
        project = self.server.project_id if org == "default" else world["p"]
        item = json.dumps({"check_in_id": new_id(), "monitor_slug": slug, "status": "ok", "environment": "production"}).encode()
        body = b'{}\n{"type":"check_in"}\n' + item
        sent = request("POST", f"{self.server.http}/api/{project}/envelope/?sentry_key={world['k']}", body)
        assert sent.status == 200, sent.body
        process.wait_until(lambda: self.ask(caller, "GET", f"organizations/{org}/monitors/{slug}/").status == 200, 20,
                           "the monitor to be kept")
        return slug

    def make_bulk(self, what, caller, org):
        made = self.ask(caller, "POST", f"mishap/organizations/{org}/bulk/?query=", None, 201).json()
        bulk = made["id"] if "id" in made else made["selection"]
        if what == "b_applied":
            self.ask(caller, "POST", f"mishap/organizations/{org}/bulk/{bulk}/apply/", {"status": "resolved"}, 202)
            process.wait_until(lambda: self.ask(caller, "GET", f"mishap/organizations/{org}/bulk/{bulk}/").json()["state"] == "done",
                               20, "the change to be done")
        return bulk


class Matrix:
    def __init__(self, world, document):
        self.world = world
        self.document = document
        self.problems = []
        self.calls = 0
        self.validated = 0
        self.differing = set()

    def problem(self, text):
        self.problems.append(text)

    def expected(self, caller, pattern, operation, status, options):
        """The contract, in one place."""
        scopes = operation["x-required-scopes"]
        anonymous_fine = {} in operation["security"]
        only_people = not any("token" in way for way in operation["security"])
        parts = set(re.findall(r"{(\w+)}", pattern))
        if anonymous_fine:
            return {status}
        if caller.headers == {}:
            return {401}
        if "o" in parts and caller.organization != "default":
            return {404}
        if scopes and not any(allows(held, asked) for held in caller.scopes for asked in scopes):
            return {403}
        if only_people and not caller.session:
            return {403}
        if "people" in options and not caller.person:
            return {400, 403}
        if not caller.sees_project and parts & OF_PROJECT:
            return {404}
        if "author" in options and not caller.session:
            return {403, 404}
        if "selfservice" in options and not any(allows(s, a) for s in caller.scopes for a in ("team:write", "member:write", "org:write")):
            return {status, 200, 204, 403} if caller.name == "member" else {403}
        if "elsewhere" in options and not caller.sees_project:
            return {int(options["elsewhere"])}
        return {status, 208} if status == 201 else {status}

    def path(self, pattern, values):
        return re.sub(r"{(\w+)}", lambda found: urllib.parse.quote(str(values[found.group(1)]), safe="@:"), pattern)

    def call(self, caller, method, pattern, values, options):
        body = unique(next(self.world.numbers)).get(options.get("body")) if "body" in options else None
        path = self.path(pattern, values)
        path += QUERIES[options["query"]].format(**values) if "query" in options else ""
        self.calls += 1
        return self.world.ask(caller, method, path, body)

    def values_for(self, caller, expected, options):
        """Where the call will end its object: one of its own."""
        values = dict(self.world.own)
        what = options.get("fresh")
        if not what or not any(status < 300 for status in expected):
            return values, caller
        world = self.world
        if what in ("login", "session", "personal_token"):
            if what == "login":
                return values, world.login(caller.name, caller.scopes, *world.password)
            if what == "session":
                other = world.login("x", caller.scopes, *world.password)
                listed = world.ask(other, "GET", "mishap/sessions/", None, 200).json()
                values["session"] = next(row["id"] for row in listed if row["isCurrent"])
            else:
                values["token"] = world.ask(caller, "POST", "api-tokens/", {"name": "x", "scopes": ["org:read"]}, 201).json()["id"]
            return values, caller
        name = what.split("_")[0]
        values[name] = world.make(what, world.root, "default", values)
        return values, caller

    def check_own(self, method, pattern, operation, row):
        status, shows, options = row
        for caller in self.world.callers.values():
            expected = self.expected(caller, pattern, operation, status, options)
            values, speaker = self.values_for(caller, expected, options)
            answer = self.call(speaker, method, pattern, values, options)
            where = f"{method} {self.path(pattern, values)} as {caller.name}"
            if answer.status not in expected:
                self.problem(f"{where}: {answer.status}, expected {sorted(expected)}: {answer.body[:120]}")
            elif answer.status < 300 and "open" not in options:
                self.check_body(where, caller, pattern, answer, shows, values, options, operation)

    def check_body(self, where, caller, pattern, answer, shows, values, options, operation):
        if shows:
            value = caller.person if shows == "caller" else str(values[shows])
            present = json.dumps(value) in answer.body or f'"{value}"' in answer.body
            hidden = caller.organization != "default" or (not caller.sees_project and "shared" not in options and shows in OF_PROJECT | {"environment", "key"})
            if present == (hidden and "self" not in options):
                self.problem(f"{where}: {answer.status} {'shows' if hidden else 'does not show'} {shows} {value}: {answer.body[:160]}")
        self.check_schema(where, operation, answer)

    def check_schema(self, where, operation, answer):
        content = operation["responses"].get(str(answer.status), {}).get("content", {}).get("application/json")
        if content is None or not answer.body:
            return
        from jsonschema import Draft202012Validator
        schema = {**content["schema"], "components": self.document["components"]}
        self.validated += 1
        if operation["operationId"] in self.differing:
            return
        for error in itertools.islice(Draft202012Validator(schema).iter_errors(answer.json()), 1):
            self.differing.add(operation["operationId"])  # one word for a route is enough
            self.problem(f"{where}: the body differs from its schema at {list(error.absolute_path)}: {error.message[-200:]}")

    def check_foreign(self, method, pattern, operation, row):
        """Each id of the path in turn is another organization's: 404 to those who may, as if it did not exist."""
        status, _, options = row
        if "open" in options:
            return
        for name in re.findall(r"{(\w+)}", pattern):
            if name == "o" or name not in self.world.foreign:
                continue
            values = {**self.world.own, name: self.world.foreign[name]}
            for key in ("owner", "owner, signed in", "member"):
                caller = self.world.callers[key]
                expected = self.expected(caller, pattern, operation, status, options)
                if expected & {401, 403}:
                    continue
                answer = self.call(caller, method, pattern, values, options)
                if answer.status != 404 and not (name == "m" and answer.status == 403):
                    self.problem(f"{method} {self.path(pattern, values)} as {caller.name}, foreign {name}: {answer.status}, expected 404")

    def run(self):
        declared = rows()
        unknown = set(declared)
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                pattern = path.removeprefix("/api/0/")
                name = f"{method.upper()} {pattern}"
                unknown.discard(name)
                row = declared.get(name)
                missing = [part for part in re.findall(r"{(\w+)}", pattern) if part not in self.world.own]
                if row is None or missing:
                    self.problem(f"{name}: no row in tests/e2e/matrix_rows.py" if row is None else f"{name}: no fixture for {missing}")
                    continue
                try:
                    self.check_own(method.upper(), pattern, operation, row)
                    self.check_foreign(method.upper(), pattern, operation, row)
                except Exception as error:  # one route's accident must not hide the others
                    self.problem(f"{name}: {type(error).__name__}: {error}")
        for name in sorted(unknown):
            print(f"  a row without a route (yet): {name}")


def matrix():
    """Every route x every caller x every id of its path."""
    from tests.e2e.run import Running
    running = Running()
    with running as server:
        document = request("GET", f"{server.http}/api/openapi.json").json()
        matrix = Matrix(World(server, running.postgres), document)
        matrix.run()
        routes = sum(len(item) for item in document["paths"].values())
        print(f"  {routes} routes, {len(matrix.world.callers)} callers, {matrix.calls} calls, {matrix.validated} bodies validated, "
              f"{len(matrix.problems)} problems")
        assert not matrix.problems, f"{len(matrix.problems)} problems:\n" + "\n".join(matrix.problems)

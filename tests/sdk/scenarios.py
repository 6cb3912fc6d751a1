"""What the API must show after each scenario of a client (clients/README.md). Each check takes a Told and raises AssertionError."""
import urllib.parse

from tests.fixture import process

SETTLE_S = 20


def equal(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


class Told:
    """What one SDK told: its project as the API shows it."""

    def __init__(self, server, sdk, project_id, slug):
        self.server, self.sdk, self.project_id, self.slug = server, sdk, project_id, slug

    def issues(self, query):
        return self.server.issues(urllib.parse.quote(query), project=self.project_id)

    def wait_issues(self, query, events):
        """The issues of a query, once they count this many events together."""
        found = []

        def enough():
            nonlocal found
            found = self.issues(query)
            return sum(int(i["count"]) for i in found) >= events
        try:
            process.wait_until(enough, SETTLE_S, f"{events} events of {query}")
        except TimeoutError as error:
            have = [(i["title"], i["count"]) for i in found]
            everything = [(i["title"], i["count"]) for i in self.issues("")]
            raise AssertionError(f"{error}: have {have}; all issues: {everything}") from error
        return found

    def latest(self, issue):
        answer = self.server.api(f"organizations/{self.server.organization}/issues/{issue['id']}/events/latest/")
        equal("latest event", answer.status, 200)
        return answer.json()


def entry(event, kind):
    found = [e["data"] for e in event["entries"] if e["type"] == kind]
    assert found, f"no {kind} entry among {[e['type'] for e in event['entries']]}"
    return found[0]


def only(issues, what):
    equal(f"issues of {what}", len(issues), 1)
    return issues[0]


def message(told):
    issue = only(told.wait_issues("scenario:message", 1), "the message")
    equal("title", issue["title"], "stock is low: 7 items left")
    equal("level", issue["level"], "warning")
    equal("count", issue["count"], "1")
    equal("platform", issue["platform"], told.sdk.platform)


def handled(told):
    """One issue of two events; its frames, causes and detail."""
    sdk, server = told.sdk, told.server
    found = told.wait_issues("scenario:handled \"cannot price order\"", 2)
    issue = only(found, "the order")
    equal("count", issue["count"], "2")
    equal("users", issue["userCount"], 1)
    assert issue["title"].startswith(sdk.title), issue["title"]
    equal("level", issue["level"], "error")
    equal("unhandled", issue["isUnhandled"], False)
    event = told.latest(issue)
    exceptions = entry(event, "exception")["values"]
    if sdk.has_causes:
        equal("cause first", (exceptions[0]["type"] or "").split("::")[-1], sdk.cause)
    check_frames(sdk, event)
    detail = server.api(f"organizations/{server.organization}/issues/{issue['shortId']}/").json()
    equal("issue by short id", detail["id"], issue["id"])
    equal("first release", detail["firstRelease"]["version"], "shop@1.4.2")
    events = server.api(f"organizations/{server.organization}/issues/{issue['id']}/events/").json()
    equal("events of the issue", len(events), 2)


def frames_of(event):
    """Of the exceptions; of the threads, where an SDK puts the stack beside the error."""
    for kind in ("exception", "threads"):
        data = next((e["data"] for e in event["entries"] if e["type"] == kind), {"values": []})
        frames = [f for part in data["values"] if part.get("stacktrace") for f in part["stacktrace"]["frames"]]
        if frames:
            return frames
    raise AssertionError(f"no frames in {[e['type'] for e in event['entries']]}")


def check_frames(sdk, event):
    frames = frames_of(event)
    mine = [f for f in frames if (f["filename"] or "").endswith(sdk.file) and f["inApp"]]
    seen = [(f["filename"], f["function"], f["inApp"]) for f in frames]
    if sdk.file == "client.js":  # the shop's code is a module of its own there
        mine = [f for f in frames if (f["filename"] or "").endswith("shop.js") and f["inApp"]]
    assert mine, f"no in-app frame of {sdk.file}: {seen}"
    assert any(sdk.function in (f["function"] or "") for f in mine), seen
    lines = [text for frame in mine for _, text in frame["context"]]
    if sdk.has_source:
        assert any("price" in line for line in lines), f"no context line in {lines[:5]}"


def scope(told):
    """User, tags, context, breadcrumb, release, environment, SDK of any event."""
    sdk = told.sdk
    event = told.latest(told.wait_issues("scenario:message", 1)[0])
    tags = {tag["key"]: tag["value"] for tag in event["tags"]}
    equal("tag region", tags.get("region"), "eu-west")
    equal("tag environment", tags.get("environment"), "staging")
    equal("tag server_name", tags.get("server_name"), "web-07")
    equal("tag scenario", tags.get("scenario"), "message")
    equal("user", (event["user"]["id"], event["user"]["email"], event["user"]["username"]),
          ("4711", "ann@example.com", "ann"))
    equal("release", event["release"]["version"], "shop@1.4.2")
    cart = (event["contexts"] if sdk.has_contexts else event["context"]).get("cart")
    equal("cart", (str(cart["items"]), cart["total"]), ("3", "9.99"))
    crumbs = entry(event, "breadcrumbs")["values"]
    assert any(c["message"] == "added B-2 to the basket" and c["category"] == "cart" for c in crumbs), crumbs
    assert event["sdk"]["name"].startswith(sdk.sdk), event["sdk"]


def unicode(told):
    issue = only(told.wait_issues("scenario:unicode", 1), "the unicode message")
    title = issue["title"]
    assert title.startswith("Größe 中文 😀 nul:") and title.endswith(":end") and "\0" not in title, repr(title)
    stored = told.server.api(f"projects/{told.server.organization}/{told.slug}/events/{told.latest(issue)['eventID']}/json/")
    equal("stored JSON", stored.status, 200)
    assert "Größe 中文 😀" in stored.body and "\\u0000" not in stored.body, stored.body[:300]


def large(told):
    issue = only(told.wait_issues("scenario:large", 1), "the large error")
    event = told.latest(issue)
    frames = frames_of(event)
    assert told.sdk.frames_least <= len(frames) <= 250, f"{len(frames)} frames"
    blob = {**event["contexts"], **event["context"]}.get("blob")
    assert blob and "xxxxxxxx" in str(blob), f"no blob in {list(event['contexts'])} or {list(event['context'])}"


def burst(told):
    issues = told.wait_issues("scenario:burst", 25)
    equal("events of the burst", sum(int(i["count"]) for i in issues), 25)
    equal("issues of the burst", len(issues), 1)


def unhandled(told):
    issue = only(told.wait_issues("scenario:unhandled", 1), "the unhandled error")
    assert told.sdk.unhandled in issue["title"], issue["title"]
    equal("unhandled", issue["isUnhandled"], told.sdk.says_unhandled)


# In the order of the matrix; scope looks at what message sent.
CHECKS = {"unhandled": unhandled, "handled": handled, "message": message, "scope": scope, "unicode": unicode,
          "large": large, "burst": burst}

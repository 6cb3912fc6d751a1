"""Similar issues over the binary: two issues of a project that share their way to the crash suggest each other."""
import json

from tests.fixture import process
from tests.fixture.mishap import request

WAIT_S = 40  # a job reads new samples every 10 seconds


def event(caller):
    """Nine frames, the third from the crash is `caller`."""
    names = [f"f{i}" for i in range(6)] + [caller, "find", "fail"]
    frames = [{"module": f"shop.{name}", "function": name, "filename": f"shop/{name}.py", "in_app": True} for name in names]
    return {"platform": "python", "exception": {"values": [
        {"type": "ValueError", "value": f"no cart for {caller}", "stacktrace": {"frames": frames}}]}}


def check(server):
    """server: running, empty."""
    url = f"{server.http}/api/{server.project_id}/store/?sentry_key={server.public_key}"
    for body in (event("save"), event("store"), {"platform": "python", "message": "nothing of that kind"}):
        answer = request("POST", url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert answer.status == 200, answer.body
    server.wait_issues(3)
    ids = {issue["title"]: issue["id"] for issue in server.issues()}
    save, store = ids["ValueError: no cart for save"], ids["ValueError: no cart for store"]

    def similar(issue):
        answer = server.api(f"mishap/organizations/{server.organization}/issues/{issue}/similar/")
        assert answer.status == 200, answer.body
        return answer.json()

    process.wait_until(lambda: similar(save), WAIT_S, "a suggestion")
    for issue, other in ((save, store), (store, save)):
        found = similar(issue)
        assert [s["issue"]["id"] for s in found] == [other], found
        assert 0.6 <= found[0]["score"] < 1 and found[0]["sameType"] is True, found
    print("  " + json.dumps({key: similar(save)[0][key] for key in ("score", "stack", "words", "sameType")}))
    assert similar(ids["nothing of that kind"]) == []
    assert server.api(f"mishap/organizations/{server.organization}/issues/1/similar/").status == 404

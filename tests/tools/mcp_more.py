"""What else the MCP server offers: each tool that has routes here says what it should, and each that has none says so clearly,
as a tool's error or an empty answer, never with a stack trace."""
import json
import time

from tests.e2e.wire import event_envelope, new_id
from tests.fixture.mishap import request
from tests.tools.mcp_server import Mcp

# What a program that broke would say.
BROKEN = ("    at ", "ZodError", "TypeError:", "is not a function", "invalid_type", "Internal Error", "unexpected response")


def _send(server, body, extra=b""):
    event_id = new_id()
    sent = request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
                   event_envelope(event_id, {"event_id": event_id, **body}) + extra)
    assert sent.status == 200, sent.body
    return event_id


def _seed(server):
    text = b"what the shop said"
    attachment = b"\n" + json.dumps({"type": "attachment", "filename": "shop.log", "content_type": "text/plain",
                                     "length": len(text)}).encode() + b"\n" + text + b"\n"
    event = _send(server, {
        "platform": "python", "level": "error", "release": "shop@1.0", "environment": "production", "user": {"email": "ann@acme.io"},
        "breadcrumbs": {"values": [{"timestamp": time.time(), "category": "till", "message": "opened the till"}]},
        "exception": {"values": [{"type": "ValueError", "value": "no such shop", "stacktrace": {"frames": [
            {"function": "open_shop", "module": "shop", "filename": "shop.py", "lineno": 3, "in_app": True}]}}]}}, attachment)
    check_in = json.dumps({"check_in_id": new_id(), "monitor_slug": "close-the-shop", "status": "ok", "environment": "production",
                           "duration": 2.5, "monitor_config": {"schedule": {"type": "crontab", "value": "0 18 * * *"}}}).encode()
    request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
            b'{}\n{"type":"check_in"}\n' + check_in)
    report = json.dumps({"event_id": event, "name": "Bob", "email": "bob@acme.io", "comments": "the door stuck"}).encode()
    request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
            json.dumps({"event_id": event}).encode() + b'\n{"type":"user_report"}\n' + report)
    return event


class More(Mcp):
    def clear(self, name, /, **arguments):
        """A tool that finds nothing here must say so in words."""
        direct = name in self.top
        result = self.call("tools/call", {"name": name, "arguments": arguments} if direct else
                           {"name": "execute_sentry_tool", "arguments": {"name": name, "arguments": arguments}})
        text = " ".join(part.get("text", "") for part in result["content"])
        assert text.strip(), f"{name} says nothing"
        for words in BROKEN:
            assert words not in text, f"{name} breaks: {text[:600]}"
        print(f"  {name}: {' '.join(text.split())[:110]}")
        return text


def walk(server):
    event = _seed(server)
    issue = server.wait_issues(1)[0]
    short, where = issue["shortId"], {"organizationSlug": server.organization}
    project = {**where, "projectSlug": server.project}
    mcp = More(server)
    try:
        _reads(mcp, server, event, short, where, project)
        _writes(mcp, server, short, where, project)
        _absent(mcp, server, event, where)
    finally:
        mcp.close()


def _reads(mcp, server, event, short, where, project):
    mcp.tool("search_events", ["ValueError", short], query="level:error", dataset="errors", **where)
    mcp.tool("search_events", [short, "1"], query="", dataset="errors", fields=["issue", "count()"], sort="-count()", **where)
    mcp.tool("search_issue_events", [event], issueId=short, query="environment:production", **where)
    mcp.tool("get_issue_activity", [], issueId=short, **where)
    mcp.tool("get_issue_breadcrumbs", ["opened the till"], issueId=short, **where)
    mcp.tool("get_event_stacktrace", [event], issueId=short, **where)  # of threads; this event has none
    mcp.tool("get_issue_user_reports", ["the door stuck"], issueId=short, **where)
    mcp.tool("get_event_attachment", ["shop.log"], eventId=event, **project)
    attachment = server.api(f"projects/{server.organization}/{server.project}/events/{event}/attachments/").json()[0]["id"]
    mcp.tool("get_event_attachment", ["shop.log"], eventId=event, attachmentId=attachment, **project)
    mcp.tool("get_sentry_resource", ["ValueError"], url=server.issues()[0]["permalink"])
    mcp.tool("find_teams", ["everyone"], **where)
    mcp.tool("get_release_details", ["1.0"], releaseVersion="shop@1.0", **where)
    mcp.tool("find_monitors", ["close-the-shop"], **where)
    mcp.tool("get_monitor_details", ["close-the-shop", "0 18 * * *"], monitorSlug="close-the-shop", **where)


def _writes(mcp, server, short, where, project):
    mcp.tool("add_issue_note", [], issueId=short, text="looked at it", **where)
    assert "looked at it" in server.api(f"organizations/{server.organization}/issues/{short}/notes/").body
    mcp.tool("create_team", ["tills"], name="tills", **where)
    mcp.tool("create_project", ["counter", "DSN"], name="counter", teamSlug="tills", platform="python", **where)
    dsn = server.api(f"projects/{server.organization}/counter/keys/").json()[0]
    assert dsn["dsn"]["public"].startswith("http"), dsn
    mcp.tool("create_dsn", ["night shift"], name="night shift", organizationSlug=server.organization, projectSlug="counter")
    mcp.tool("update_dsn", ["renamed"], dsnId=dsn["id"], keyId=dsn["id"], name="renamed", organizationSlug=server.organization,
             projectSlug="counter")
    mcp.tool("update_project", ["desk"], name="desk", organizationSlug=server.organization, projectSlug="counter")
    mcp.tool("add_team_to_project", ["tills"], teamSlug="tills", **project)
    assert "tills" in server.api(f"projects/{server.organization}/{server.project}/teams/").body
    mcp.tool("remove_team_from_project", ["everyone"], teamSlug="tills", **project)
    assert "tills" not in server.api(f"projects/{server.organization}/{server.project}/teams/").body


def _absent(mcp, server, event, where):
    """No routes behind these: spans, replays, dashboards, alert rules, profiles, uptime."""
    mcp.clear("find_dashboards", **where)
    mcp.clear("find_alert_rules", **where)
    mcp.clear("find_uptime_monitors", **where)
    mcp.clear("get_trace_details", traceId="0" * 32, **where)
    mcp.clear("get_replay_details", replayId="0" * 32, **where)
    mcp.clear("get_profile", transactionName="x", projectSlugOrId=server.project, **where)
    mcp.clear("search_events", query="", dataset="spans", **where)
    mcp.clear("search_events", query="", dataset="logs", **where)
    mcp.clear("search_events", query="level:", dataset="errors", **where)
    mcp.clear("get_issue_details", issueId="NOBODY-1", **where)
    mcp.clear("find_projects", organizationSlug="nobody")
    mcp.clear("analyze_issue_with_seer", issueId=server.issues()[0]["shortId"], **where)

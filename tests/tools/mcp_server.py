"""The Sentry MCP server over stdio: what a coding agent asks of it (web-api 1.4). Its answers are checked by its own schema; one
wrong field of ours fails the whole tool."""
import json
import os
import subprocess

from tests.e2e.wire import event_envelope, new_id
from tests.fixture.mishap import request
from tests.sdk import packages

PACKAGE = "@sentry/mcp-server@0.39.0"


class Mcp:
    def __init__(self, server):
        modules = packages.npm(PACKAGE)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SENTRY")}
        self.process = subprocess.Popen(
            [packages.node(), modules / "@sentry" / "mcp-server" / "dist" / "index.js", f"--access-token={server.ready['token']}",
             f"--host={server.http.split('//')[1]}", "--insecure-http", "--all-skills", "--sentry-dsn="],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True)
        self.number = 0
        self.call("initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                                 "clientInfo": {"name": "mishap", "version": "1"}})
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})
        self.top = {tool["name"] for tool in self.call("tools/list", {})["tools"]}

    def _send(self, message):
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()

    def call(self, method, params):
        self.number += 1
        self._send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.number:
                assert "error" not in answer, answer
                return answer["result"]
        raise AssertionError("the MCP server ended")

    def tool(self, name, says, /, **arguments):
        direct = name in self.top
        result = self.call("tools/call", {"name": name, "arguments": arguments} if direct else
                           {"name": "execute_sentry_tool", "arguments": {"name": name, "arguments": arguments}})
        text = " ".join(part.get("text", "") for part in result["content"])
        assert not result.get("isError"), f"{name}: {text}"
        for words in says:
            assert words in text, f"{name} does not say {words!r}: {text}"
        return text

    def close(self):
        self.process.kill()
        self.process.wait()


def walk(server):
    event_id = new_id()
    event = {"event_id": event_id, "platform": "python", "level": "error", "release": "shop@1.0", "environment": "production",
             "exception": {"values": [{"type": "ValueError", "value": "no such shop", "stacktrace": {"frames": [
                 {"function": "open_shop", "module": "shop", "filename": "shop.py", "lineno": 3, "in_app": True,
                  "context_line": "    raise ValueError('no such shop')"}]}}]}}
    sent = request("POST", f"{server.http}/api/{server.project_id}/envelope/?sentry_key={server.public_key}",
                   event_envelope(event_id, event))
    assert sent.status == 200, sent.body
    issue = server.wait_issues(1)[0]
    where = {"organizationSlug": server.organization}
    mcp = Mcp(server)
    try:
        mcp.tool("find_organizations", [server.organization])
        mcp.tool("find_projects", [server.project], **where)
        mcp.tool("search_issues", [issue["shortId"]], query="is:unresolved", **where)
        mcp.tool("get_issue_details", [issue["shortId"], "ValueError", "open_shop"], issueId=issue["shortId"], **where)
        mcp.tool("get_issue_tag_values", ["production"], issueId=issue["shortId"], tagKey="environment", **where)
        mcp.tool("find_releases", ["1.0", server.project], **where)
        mcp.tool("find_dsns", [server.public_key], projectSlug=server.project, **where)
        mcp.tool("update_issue", ["resolved"], issueId=issue["shortId"], status="resolved", **where)
        assert server.api(f"issues/{issue['id']}/").json()["status"] == "resolved"
        mcp.tool("update_issue", ["You"], issueId=issue["shortId"], assignedTo="me", **where)
        assert server.api(f"issues/{issue['id']}/").json()["assignedTo"]["type"] == "user"
    finally:
        mcp.close()

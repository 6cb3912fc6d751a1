#!/usr/bin/python3
"""API fuzzing: schemathesis reads /api/openapi.json of a running server and sends what it makes of it, as the owner of the
organization. What must not happen is a 5xx. Its own command (`./dev test api-fuzz`), not part of `./dev test`: it takes minutes.
usage: run.py [EXAMPLES PER OPERATION]; prints PASS/FAIL lines and "N passed, N failed" """
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.e2e.run import Running, envelope, envelope_url  # noqa: E402
from tests.fixture.mishap import request  # noqa: E402
from tests.sdk import packages  # noqa: E402

PACKAGES = ["schemathesis==3.39.16", "hypothesis==6.122.3"]
TIME_S = 540


def main():
    examples = sys.argv[1] if len(sys.argv) > 1 else "15"
    folder = packages.python(*PACKAGES)
    with Running() as server:
        request("POST", envelope_url(server), envelope({"message": "something to find", "release": "web@1.0"}))
        server.wait_issues(1)
        # The schema with an organization and a project that exist, so that more than the 404s is reached.
        document = request("GET", f"{server.http}/api/openapi.json").json()
        for item in document["paths"].values():
            for operation in item.values():
                for parameter in operation.get("parameters", []):
                    known = {"o": server.organization, "p": server.project}.get(parameter["name"])
                    if parameter["in"] == "path" and known:
                        parameter["schema"] = {"enum": [known]}
                    elif parameter["in"] == "path" and parameter["name"] == "i":
                        parameter["schema"] = {"enum": [str(server.project_id * 10 ** 9 + 1), "1", "WEB-1"]}
        # What would end the token, the organization's name or the project ends the run's point.
        for path in ("projects/{o}/{p}/", "organizations/{o}/", "organizations/{o}/issues/", "projects/{o}/{p}/issues/",
                     "organizations/{o}/issues/{i}/", "issues/{i}/"):
            document["paths"].get(f"/api/0/{path}", {}).pop("delete", None)
        document["paths"]["/api/0/organizations/{o}/"].pop("put", None)
        document["paths"].pop("/api/0/mishap/organizations/{o}/stream/", None)  # goes on for minutes
        document["paths"].get("/api/0/mishap/organizations/{o}/issues/{i}/discard/", {}).pop("post", None)
        schema = server.home / "openapi.json"
        schema.write_text(json.dumps(document))
        command = ["/usr/bin/python3", "-m", "schemathesis.cli", "run", str(schema), "--base-url", server.http, "--experimental=openapi-3.1",
                   "--checks", "not_a_server_error", "--hypothesis-max-examples", examples, "--hypothesis-deadline", "None",
                   "--hypothesis-suppress-health-check", "all", "--hypothesis-seed", "1", "--hypothesis-derandomize", "--show-trace",
                   "--request-timeout", "20000", "-H", f"Authorization: Bearer {server.ready['token']}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_S, cwd=server.home,
                              env={**os.environ, "PYTHONPATH": folder, "PYTHONWARNINGS": "ignore"})
        out = done.stdout + done.stderr
        operations = re.findall(r"^(GET|POST|PUT|DELETE) (\S+) (\S+)\s*\[", out, re.M)
        failed = sorted({line for line in re.findall(r"^_{5,} (.*?) _{5,}$", out, re.M)})
        log = pathlib.Path(os.environ.get("MISHAP_CACHE_DIR", "/tmp")) / "api-fuzz.log"
        log.write_text(out)
        print(f"  {len(operations)} operations, {examples} examples each; the whole report: {log}")
        alive = request("GET", f"{server.http}/readyz?role=api").status == 200
        for name in failed:
            print(f"FAIL {name}")
        if not alive or (done.returncode != 0 and not failed) or not operations:
            failed.append("the run itself")
            print(f"FAIL the run itself: status {done.returncode}, server {'alive' if alive else 'gone'}, {len(operations)} operations")
        print(f"{max(len(operations) - len(failed), 0)} passed, {len(failed)} failed")
        return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

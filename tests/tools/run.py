#!/usr/bin/python3
"""The tools suite: what developers have in their hands already (sentry-cli of both generations, the Sentry MCP server, the new
`sentry` command line) against the shipped binary, with nothing changed but URL and token. A tool's exit code alone proves little:
each step looks at what the tool printed and at what the server then holds.
usage: run.py [NAME...]     prints PASS/FAIL lines and "N passed, N failed"
"""
import pathlib
import sys
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
from tests.fixture.mishap import MishapServer  # noqa: E402
from tests.fixture.postgres import PrivatePostgres  # noqa: E402
from tests.sdk.packages import NotHere  # noqa: E402
from tests.tools import bundler, mcp_more, mcp_server, new_cli, sentry_cli, sentry_cli_more  # noqa: E402

TOOLS = {
    "sentry-cli 3.8.0": lambda server: sentry_cli.walk(server, "3.8.0"),
    "sentry-cli 2.58.6": lambda server: sentry_cli.walk(server, "2.58.6"),
    "sentry-cli 3.8.0 with an organization's token": lambda server: sentry_cli_more.walk_with_organization_token(server, "3.8.0"),
    "sentry-cli 2.58.6 with an organization's token": lambda server: sentry_cli_more.walk_with_organization_token(server, "2.58.6"),
    "sentry-cli 3.8.0, the rest": lambda server: sentry_cli_more.walk(server, "3.8.0"),
    "sentry-cli 2.58.6, the rest": lambda server: sentry_cli_more.walk(server, "2.58.6"),
    "esbuild plugin 5.4": bundler.walk,
    "sentry 0.49": new_cli.walk,
    "sentry 0.49, the rest": new_cli.walk_more,
    "MCP server": mcp_server.walk,
    "MCP server, the rest": mcp_more.walk,
}


def main():
    passed = failed = 0
    for name, walk in TOOLS.items():
        if len(sys.argv) > 1 and not any(word in name for word in sys.argv[1:]):
            continue
        started = time.monotonic()
        postgres = PrivatePostgres(["fsync=off"])
        server = MishapServer(postgres.conninfo)
        try:
            server.start()
            walk(server)
            passed += 1
            print(f"PASS {name} ({time.monotonic() - started:.1f} s)", flush=True)
        except NotHere as missing:
            print(f"not run {name}: {missing}", flush=True)
        except Exception:  # a suite goes on; what went wrong is printed
            failed += 1
            traceback.print_exc()
            print(server.log_tail(5))
            print(f"FAIL {name}", flush=True)
        finally:
            server.close()
            postgres.close()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""sentry-cli: every command of its that speaks to a server and that Mishap has (web-api 1.1)."""
import os
import pathlib
import subprocess
import tempfile

from tests.sdk import packages

RUN_S = 60


def clean_environment():
    """Nothing of the machine's own Sentry settings; commits have an author."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("SENTRY")},
            "GIT_AUTHOR_NAME": "Ann", "GIT_AUTHOR_EMAIL": "ann@acme.io", "GIT_COMMITTER_NAME": "Ann",
            "GIT_COMMITTER_EMAIL": "ann@acme.io"}


class Cli:
    def __init__(self, server, version):
        package = f"@sentry/cli-linux-x64@{version}"
        self.program = packages.npm(package) / "@sentry" / "cli-linux-x64" / "bin" / "sentry-cli"
        self.folder = tempfile.TemporaryDirectory()
        self.environment = {
            **clean_environment(), "HOME": self.folder.name,
            "SENTRY_URL": server.http, "SENTRY_AUTH_TOKEN": server.ready["token"], "SENTRY_ORG": server.organization,
            "SENTRY_PROJECT": server.project, "SENTRY_DSN": server.dsn, "SENTRY_DISABLE_UPDATE_CHECK": "1",
            "SENTRY_HTTP_MAX_RETRIES": "0"}

    def __call__(self, *arguments, status=0, says=(), **environment):
        done = subprocess.run([str(self.program), *arguments], cwd=self.folder.name, capture_output=True, text=True,
                              timeout=RUN_S, env={**self.environment, **environment})
        out = done.stdout + done.stderr
        assert done.returncode == status, f"sentry-cli {' '.join(arguments)}: exit {done.returncode}\n{out}"
        for words in says:
            assert words in out, f"sentry-cli {' '.join(arguments)} does not say {words!r}:\n{out}"
        return out

    def git(self, *arguments):
        subprocess.run(["git", *arguments], cwd=self.folder.name, check=True, capture_output=True, env=self.environment)

    def make_repository(self):
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", "https://example.test/acme/web.git")
        for number in (1, 2):
            (pathlib.Path(self.folder.name) / "app.js").write_text(f"console.log({number})\n")
            self.git("add", "app.js")
            self.git("commit", "-q", "-m", f"change {number}")


def walk(server, version):
    cli = Cli(server, version)
    try:
        _lists(cli, server)
        _releases(cli, server)
        _deploys(cli, server)
        _uploads(cli, server)
        _issues(cli, server)
        _refusals(cli)
    finally:
        cli.folder.cleanup()


def _lists(cli, server):
    cli("info", says=[server.http, "Scopes"])
    cli("organizations", "list", says=[server.organization])
    cli("projects", "list", says=[server.project])


def _release(server, version):
    answer = server.api(f"organizations/{server.organization}/releases/{version}/")
    assert answer.status == 200, answer.body
    return answer.json()


def _releases(cli, server):
    name, on_path = "web@1.0+b7", "web@1.0%2Bb7"
    cli.make_repository()
    cli("releases", "new", name, says=["Created release"])
    assert _release(server, on_path)["dateReleased"] is None
    cli("releases", "new", name)  # again: 208, and still fine
    cli("releases", "set-commits", name, "--local", says=["Success"])
    release = _release(server, on_path)
    assert release["commitCount"] == 2 and release["lastCommit"]["message"].strip() == "change 2", release
    assert release["authors"] == [{"name": "Ann", "email": "ann@acme.io"}], release["authors"]
    assert release["lastCommit"]["repository"]["name"] == "origin", release["lastCommit"]
    cli("repos", "list", says=["origin"])
    cli("releases", "set-commits", name, "--commit", "nobody/knows@deadbeef", status=1, says=["Unknown repo"])
    cli("releases", "set-commits", name, "--commit", "origin@deadbeef", says=["deadbeef"])
    assert _release(server, on_path)["lastCommit"]["id"] == "deadbeef"
    cli("releases", "finalize", name, says=["Finalized"])
    assert _release(server, on_path)["dateReleased"] is not None
    cli("releases", "list", says=[name])
    cli("releases", "info", name, "-P", "-C", says=[name, server.project, "deadbeef"])
    cli("releases", "archive", name, says=["Archived"])
    assert _release(server, on_path)["status"] == "archived"
    cli("releases", "restore", name, says=["Restored"])
    assert _release(server, on_path)["status"] == "open"
    cli("releases", "new", "gone@1", "--finalize")
    cli("releases", "delete", "gone@1", says=["Deleted release"])
    cli("releases", "delete", "gone@1", says=["nothing"])


def _deploys(cli, server):
    cli("deploys", "new", "-r", "web@1.0+b7", "-e", "production", "-n", "blue", says=["production"])
    cli("deploys", "list", "-r", "web@1.0+b7", says=["production", "blue"])
    assert _release(server, "web@1.0%2Bb7")["deployCount"] == 1


def _uploads(cli, server):
    """Source maps and a debug file, in pieces; twice, since the second time nothing may be sent again."""
    folder = pathlib.Path(cli.folder.name) / "dist"
    folder.mkdir()
    (folder / "shop.min.js").write_text("function a(){throw new Error(1)}a()\n//# sourceMappingURL=shop.min.js.map\n")
    (folder / "shop.min.js.map").write_text(
        '{"version":3,"sources":["shop.js"],"sourcesContent":["function open(){throw new Error(1)}\\nopen()"],'
        '"names":[],"mappings":"AAAA"}')
    (folder / "big.min.js").write_bytes(os.urandom(9 << 20).hex().encode())  # more than one piece
    cli("sourcemaps", "inject", "dist")
    for _ in range(2):
        out = cli("sourcemaps", "upload", "-r", "web@1.0+b7", "--dist", "7", "--wait", "dist")
        assert "complete" in out or "Uploaded" in out or "Nothing to upload" in out, out
    bundles = server.api(f"projects/{server.organization}/{server.project}/files/artifact-bundles/").json()
    assert [bundle["associations"] for bundle in bundles] == [[{"release": "web@1.0+b7", "dist": "7"}]], bundles
    assert bundles[0]["size"] > 9 << 20, bundles
    stored = [path for path in (server.data_dir / "artifacts" / "files").rglob("*") if path.is_file()]
    assert [path.name for path in stored] == [bundles[0]["bundleId"]], stored
    program = pathlib.Path(cli.folder.name) / "shop"
    program.with_suffix(".cc").write_text("int main() { return 0; }\n")
    subprocess.run(["g++", "-g", "-Wl,--build-id", "-o", program, program.with_suffix(".cc")], check=True)
    for _ in range(2):
        cli("debug-files", "upload", "--wait", str(program))
    files = server.api(f"projects/{server.organization}/{server.project}/files/dsyms/").json()
    assert len(files) == 1 and files[0]["objectName"] == "shop" and files[0]["debugId"], files


def _issues(cli, server):
    cli("send-event", "-m", "the shop is closed", "-t", "shop:1", "-r", "web@2.0", says=["Event dispatched"])
    issue = server.wait_issues(1)[0]
    cli("issues", "list", says=["the shop is closed", issue["shortId"]])
    cli("issues", "list", "--query", "is:resolved", says=["No issues found"])
    cli("events", "list", "-U", "-T", says=["the shop is closed", "shop"])
    _release(server, "web@2.0")  # the event has made it

    def status():
        return server.api(f"issues/{issue['id']}/").json()["status"]
    cli("issues", "resolve", "-i", issue["id"], says=["Updated matching issues"])
    assert status() == "resolved", status()
    cli("issues", "unresolve", "-i", issue["id"])
    assert status() == "unresolved", status()
    cli("issues", "resolve", "-n", "-s", "unresolved")
    assert status() == "resolved", status()
    cli("issues", "mute", "-a")
    assert status() == "ignored", status()


def _refusals(cli):
    cli("info", status=1, says=["Invalid token"], SENTRY_AUTH_TOKEN="sntryu_" + "0" * 64)
    cli("releases", "list", status=1, says=["not found"], SENTRY_PROJECT="nobody")

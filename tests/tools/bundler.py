"""A bundler plugin, unmodified, in a real build of two files (web-api 1.2): release, commits, deploy, and source maps that are
kept under their checksum. Its failures are only warnings, so the server is asked for everything."""
import hashlib
import json
import pathlib
import subprocess
import tempfile
import zipfile

from tests.sdk import packages
from tests.tools.sentry_cli import clean_environment

PLUGINS = ("esbuild@0.28.2", "@sentry/esbuild-plugin@5.4.0")
BUILD_S = 120

BUILD = """
const { sentryEsbuildPlugin } = require('@sentry/esbuild-plugin');
require('esbuild').build({
  entryPoints: ['shop.js'], bundle: true, minify: true, sourcemap: true, outdir: 'dist',
  plugins: [sentryEsbuildPlugin({
    url: process.env.SHOP_URL, org: process.env.SHOP_ORG, project: process.env.SHOP_PROJECT, authToken: process.env.SHOP_TOKEN,
    telemetry: false, errorHandler: error => { throw error; },
    release: {name: 'shop@3.0', setCommits: {auto: true}, deploy: {env: 'production'}}})]
}).catch(error => { console.error(error); process.exit(1); });
"""


def walk(server):
    modules = packages.npm(*PLUGINS)
    token = organization_token(server)
    with tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(home)
        (folder / "till.js").write_text("export function open(sum) { if (!sum) throw new Error('the till is empty'); return sum; }\n")
        (folder / "shop.js").write_text("import { open } from './till.js';\nconsole.log(open(1));\n")
        (folder / "build.js").write_text(BUILD)
        environment = {**clean_environment(), "HOME": home, "NODE_PATH": str(modules), "SHOP_URL": server.http, "SHOP_TOKEN": token,
                       "SHOP_ORG": server.organization, "SHOP_PROJECT": server.project, "SENTRY_HTTP_MAX_RETRIES": "0"}
        for words in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "https://example.test/acme/shop.git"], ["add", "."],
                      ["commit", "-q", "-m", "open the shop"]):
            subprocess.run(["git", *words], cwd=home, check=True, capture_output=True, env=environment)
        done = subprocess.run([packages.node(), "build.js"], cwd=home, capture_output=True, text=True, timeout=BUILD_S, env=environment)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "[sentry-esbuild-plugin] Warning" not in done.stdout + done.stderr, done.stderr
        _look(server, folder)


def organization_token(server, *scopes):
    """sntrys_..., as the settings page makes them; org:ci unless told otherwise."""
    from tests.fixture import mishap
    words = [word for scope in scopes or ("org:ci",) for word in ("--scope", scope)]
    done = subprocess.run([str(mishap.binary()), "token", "create", "--organization", server.organization, *words, "--json",
                           "--data-dir", str(server.data_dir), "--database-url", server.database_url, "--set",
                           f"server.public_url={server.http}"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    token = json.loads(done.stdout)[0]["token"]
    assert token.startswith("sntrys_"), token
    return token


def _look(server, folder):
    release = server.api(f"organizations/{server.organization}/releases/shop@3.0/").json()
    assert release["dateReleased"], release
    assert release["commitCount"] == 1 and release["lastCommit"]["message"].strip() == "open the shop", release
    assert release["lastDeploy"]["environment"] == "production", release
    bundles = server.api(f"projects/{server.organization}/{server.project}/files/artifact-bundles/").json()
    assert len(bundles) == 1, bundles
    path = server.data_dir / "artifacts" / "files" / bundles[0]["bundleId"][:2] / bundles[0]["bundleId"]
    assert hashlib.sha1(path.read_bytes()).hexdigest() == bundles[0]["bundleId"], "kept under its checksum"
    with zipfile.ZipFile(path) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        maps = [name for name, file in manifest["files"].items() if file["type"] == "source_map"]
        assert manifest["org"] == server.organization and len(maps) == 1, manifest
        assert sorted(json.loads(bundle.read(maps[0]))["sources"])[-2:] == ["../shop.js", "../till.js"] or \
            "till.js" in bundle.read(maps[0]).decode(), maps
    assert "debugId" in (folder / "dist" / "shop.js").read_text() or "sentryDebugId" in (folder / "dist" / "shop.js").read_text()

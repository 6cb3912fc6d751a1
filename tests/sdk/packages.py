"""SDKs from the registries, installed once at a pinned version with the ordinary clients, into MISHAP_CACHE_DIR/sdk (.cache/sdk).
Toolchains that Debian has are installed by ./dev; one that is too old or missing raises NotHere, and what needs it is not run."""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
CLIENTS = HERE / "clients"
CACHE = pathlib.Path(os.environ.get("MISHAP_CACHE_DIR", HERE.parents[1] / ".cache")) / "sdk"
INSTALL_S = 600


class NotHere(Exception):
    """A toolchain or a registry that this machine does not have: says which, and what was tried."""


def _folder(package):
    return CACHE / re.sub(r"[^a-z0-9.]+", "-", package.lower()).strip("-")


def _run(command, folder, environment=None):
    try:
        done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=INSTALL_S,
                              env={**os.environ, **(environment or {})})
    except FileNotFoundError as error:
        raise NotHere(f"{command[0]} is not installed: run ./dev install test") from error
    except subprocess.TimeoutExpired as error:
        raise NotHere(f"{' '.join(map(str, command))} did not end in {INSTALL_S} s") from error
    if done.returncode != 0:
        tail = " | ".join((done.stdout + done.stderr).strip().splitlines()[-4:])
        raise NotHere(f"{' '.join(map(str, command))} failed: {tail}")


def _install(package, commands, environment=None):
    """commands(folder): run one after the other in a fresh folder, once for ever."""
    folder = _folder(package)
    done = folder / ".installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for command in commands(folder):
            _run(command, folder, environment)
        done.touch()
    return folder


def _named_for(sources):
    """A name that changes when the sources do: programs are built again then."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:8]


def _version(command, pattern):
    """(major, minor) that a tool prints, or None."""
    try:
        out = subprocess.run(command, capture_output=True, text=True).stdout
    except FileNotFoundError:
        return None
    found = re.search(pattern, out)
    return (int(found.group(1)), int(found.group(2))) if found else None


def require(tool, command, pattern, least):
    have = _version(command, pattern)
    if have is None or have < least:
        raise NotHere(f"{tool} {'.'.join(map(str, least))} or newer is needed, this machine has "
                      f"{'.'.join(map(str, have)) if have else 'none'}")


def python(*wanted):
    """A folder for PYTHONPATH."""
    return str(_install("-".join(wanted), lambda folder: [
        ["/usr/bin/python3", "-m", "pip", "install", "--quiet", "--target", folder, *wanted]]))


def npm(*wanted):
    """A folder for NODE_PATH."""
    folder = _install("-".join(wanted), lambda folder: [
        ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, *wanted]])
    return folder / "node_modules"


def node():
    """A Node.js new enough for the newest SDKs (20.19, 22.12 or later): the system's, or the npm package node@22."""
    have = _version(["node", "--version"], r"v(\d+)\.(\d+)")
    if have and (have >= (22, 12) or (have[0] == 20 and have[1] >= 19)):
        return shutil.which("node")
    return str(npm("node@22") / "node" / "bin" / "node")


def go(version, least):
    """The path of the Go client, built against sentry-go of this version. least: the Go it needs."""
    require("Go", ["go", "version"], r"go(\d+)\.(\d+)", least)
    source = CLIENTS / "go" / "main.go"

    def commands(folder):
        shutil.copy(source, folder)
        return [["go", "mod", "init", "client"], ["go", "get", f"github.com/getsentry/sentry-go@{version}"],
                ["go", "mod", "tidy"], ["go", "build", "-o", "client", "."]]
    return _install(f"sentry-go-{version}-{_named_for([source])}", commands, {"GOTOOLCHAIN": "local"}) / "client"


def rust(least):
    """The path of the Rust client."""
    cargo = next((name for name in ("cargo", "cargo-web") if shutil.which(name)), "cargo")
    require("Rust", [cargo, "--version"], r"cargo(?:-web)? (\d+)\.(\d+)", least)
    sources = [CLIENTS / "rust" / "Cargo.toml", CLIENTS / "rust" / "src" / "main.rs"]

    def commands(folder):
        shutil.copy(sources[0], folder)
        (folder / "src").mkdir()
        shutil.copy(sources[1], folder / "src")
        return [[cargo, "build", "--quiet"]]
    return _install(f"sentry-rust-{_named_for(sources)}", commands) / "target" / "debug" / "client"


def java(version):
    """A class path with sentry-java of this version and the client."""
    require("Java", ["javac", "-version"], r"javac (\d+)\.(\d+)", (17, 0))
    source = CLIENTS / "java" / "Client.java"

    def commands(folder):
        return [["mvn", "--quiet", "--batch-mode", "org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy",
                 f"-Dartifact=io.sentry:sentry:{version}", f"-DoutputDirectory={folder}"],
                ["javac", "-encoding", "UTF-8", "-cp", folder / f"sentry-{version}.jar", "-d", folder, source]]
    folder = _install(f"sentry-java-{version}-{_named_for([source])}", commands)
    return f"{folder}/sentry-{version}.jar:{folder}"


def bundle(package, source, minify):
    """The path of a script for browsers: `source` of clients/browser with the SDK, made by esbuild."""
    modules = npm(package, "esbuild@0.28.2")
    sources = [CLIENTS / "browser" / source, CLIENTS / "shop.js"]
    name = f"{package}-{source}-{'minified' if minify else 'plain'}-{_named_for(sources)}"

    def commands(folder):
        return [[modules / ".bin" / "esbuild", sources[0], "--bundle", f"--outfile={folder / 'shop.js'}",
                 "--target=es2022", *(["--minify"] if minify else [])]]
    return _install(name, commands, {"NODE_PATH": str(modules)}) / "shop.js"

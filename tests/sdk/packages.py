"""SDKs from the registries, installed once into .cache/sdk at a pinned version, with the ordinary clients."""
import pathlib
import re
import shutil
import subprocess

CACHE = pathlib.Path(__file__).resolve().parents[2] / ".cache" / "sdk"


def _folder(package):
    return CACHE / re.sub(r"[^a-z0-9.]+", "-", package.lower()).strip("-")


def _install(package, command):
    folder = _folder(package)
    done = folder / ".installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(command(folder), check=True, stdout=subprocess.DEVNULL)
        done.touch()
    return folder


def python(package):
    """A folder for PYTHONPATH."""
    return str(_install(package, lambda folder: [
        "/usr/bin/python3", "-m", "pip", "install", "--quiet", "--target", str(folder), package]))


def npm(package):
    """A folder for NODE_PATH."""
    folder = _install(package, lambda folder: [
        "npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), package])
    return str(folder / "node_modules")


def node():
    """A Node.js new enough for the newest SDKs (20.19, 22.12 or later): the system's, or the npm package node@22."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout.strip().lstrip("v")
        major, minor = (int(part) for part in version.split(".")[:2])
        if (major, minor) >= (22, 12) or (major == 20 and minor >= 19):
            return found
    return str(pathlib.Path(npm("node@22")) / "node" / "bin" / "node")

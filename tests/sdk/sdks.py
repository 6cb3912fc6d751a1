"""The SDKs of the suite: how each is installed and started, and what it calls the same things."""
import os
import shutil

from tests.sdk import packages
from tests.sdk.packages import CLIENTS

SCENARIOS = ("message", "handled", "unicode", "large", "burst", "unhandled")


class Sdk:
    """name, and what the API must show: platform, sdk (start of the SDK's name), title (start of the handled error's), cause
    and error (its types, cause first), unhandled (type of the last error), function and file of an in-app frame.
    frames_least: of the deep error. Flags tell what an SDK cannot do."""

    def __init__(self, name, prepare, **facts):
        self.name = name
        self._prepare = prepare
        self.command = None  # for a process of its own: set by prepare()
        self.environment = {}
        self.script = None  # for a page
        self.not_here = None  # why it cannot be run on this machine
        self.status = facts.pop("status", 1)  # of the process after its unhandled error
        self.has_source = facts.pop("has_source", True)  # source lines in frames
        self.says_unhandled = facts.pop("says_unhandled", True)
        self.has_contexts = facts.pop("has_contexts", True)
        self.has_causes = facts.pop("has_causes", True)
        self.frames_least = facts.pop("frames_least", 100)
        for key in ("platform", "sdk", "title", "cause", "unhandled", "function", "file"):
            setattr(self, key, facts.pop(key))
        assert not facts, facts

    @property
    def is_page(self):
        return self.script is not None

    def prepare(self):
        try:
            self._prepare(self)
        except packages.NotHere as reason:
            self.not_here = str(reason)


def _process(command, environment=None):
    def prepare(sdk):
        made = command()
        sdk.command = [str(part) for part in made]
        sdk.environment = environment() if environment else {}
    return prepare


def _need(path, why):
    if not path or not os.path.exists(path):
        raise packages.NotHere(why)
    return path


def _python(package=None):
    return dict(prepare=_process(lambda: ["/usr/bin/python3", CLIENTS / "client.py"],
                                 lambda: {"PYTHONPATH": packages.python(package)} if package else {}),
                platform="python", sdk="sentry.python", title="ValueError: cannot price order", cause="KeyError",
                unhandled="IndexError", function="checkout", file="client.py")


def _node(version, **more):
    return dict(prepare=_process(lambda: [packages.node(), CLIENTS / "client.js"],
                                 lambda: {"NODE_PATH": str(packages.npm(f"@sentry/node@{version}"))}),
                platform="node", sdk="sentry.javascript.node", title="Error: cannot price order", cause="TypeError",
                unhandled="TypeError", function="checkout", file="client.js", frames_least=50, **more)


def _go(version, least, **more):
    return dict(prepare=_process(lambda: [packages.go(version, least)]), platform="go", sdk="sentry.go",
                title="*main.orderError: cannot price order", cause="*main.priceError", unhandled="index out of range",
                function="checkout", file="main.go", status=2, frames_least=60,
                says_unhandled=False, **more)  # it sends no mechanism, only level fatal


def _browser(package, source, minify, **facts):
    def prepare(sdk):
        _need(shutil.which("chromium"), "chromium is not installed: run ./dev install test")
        sdk.script = packages.bundle(package, source, minify)
    return dict(prepare=prepare, platform="javascript", title="Error: cannot price order", cause="TypeError",
                unhandled="TypeError", file="shop.js", has_source=False, status=0, **facts)


def _rust():
    return dict(prepare=_process(lambda: [packages.rust((1, 89))]), platform="native", sdk="sentry.rust",
                title="OrderError: cannot price order", cause="PriceError", unhandled="panic", function="checkout",
                file="main.rs", has_source=False, status=101)


def _java():
    return dict(prepare=_process(lambda: ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp",
                                          packages.java("8.50.0"), "Client"]),
                platform="java", sdk="sentry.java", title="IllegalStateException: cannot price order",
                cause="NullPointerException", unhandled="ArrayIndexOutOfBoundsException", function="checkout",
                file="Client.java", has_source=False)


def _ruby():
    return dict(prepare=_process(lambda: ["/usr/bin/ruby", CLIENTS / "client.rb"]), platform="ruby", sdk="sentry.ruby",
                title="ArgumentError: cannot price order", cause="KeyError", unhandled="IndexError", function="checkout",
                file="client.rb", says_unhandled=False)  # 5.3.0 sends no mechanism


def all_sdks():
    table = {
        "sentry-python-debian": _python(),
        "sentry-python-2.75": _python("sentry-sdk==2.75.0"),
        "sentry-node-7": _node("7.120.4"),
        "sentry-node-8": _node("8.55.2"),
        "sentry-node-10": _node("10.78.0"),
        "sentry-node-11": _node("11.12.0"),
        "sentry-browser-11": _browser("@sentry/browser@11.12.0", "app.js", False, sdk="sentry.javascript.browser",
                                      function="checkout", frames_least=40),
        "sentry-browser-11-minified": _browser("@sentry/browser@11.12.0", "app.js", True, sdk="sentry.javascript.browser",
                                               function="", frames_least=40),
        "raven-js-3": _browser("raven-js@3.27.2", "raven.js", False, sdk="raven-js", function="checkout", frames_least=40,
                               has_contexts=False, has_causes=False, says_unhandled=False),
        "sentry-go-0.27": _go("v0.27.0", (1, 18)),
        "sentry-go-0.50": _go("v0.50.0", (1, 25), has_source=False),
        "sentry-ruby-debian": _ruby(),
        "sentry-java-8": _java(),
        "sentry-rust-0.49": _rust(),
    }
    return [Sdk(name, facts.pop("prepare"), **facts) for name, facts in table.items()]

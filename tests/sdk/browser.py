"""Page: a script in headless Chromium, on a page this process serves on 127.0.0.1. It says when it is done, and asks for lines.
Not here: what the script does (clients/browser)."""
import http.server
import pathlib
import queue
import shutil
import subprocess
import tempfile
import threading
import urllib.parse


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # a browser that was closed while it waited


class Page:
    """script: path of the bundle. wish: "message,handled" or "lines". send() and wait_done() are for the latter."""

    def __init__(self, script, dsn, wish):
        self._lines, self._done = queue.Queue(), queue.Queue()
        self._home = tempfile.mkdtemp(prefix="mishap-page-", dir="/tmp")
        self._server = _Server(("127.0.0.1", 0), _handler(self, pathlib.Path(script).read_bytes()))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        query = urllib.parse.urlencode({"dsn": dsn, "do": wish})
        self._child = subprocess.Popen(
            [shutil.which("chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--disable-extensions", "--disable-component-update", "--disable-background-networking", "--no-first-run",
             f"--user-data-dir={self._home}", f"http://127.0.0.1:{self._server.server_port}/?{query}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def next_line(self):
        return self._lines.get()

    def told(self, text):
        self._done.put(text)

    def send(self, line):
        self._lines.put(line)

    def wait_done(self, seconds):
        """What the page said: "ok" after a line, "end" after its scenarios. Raises queue.Empty."""
        return self._done.get(timeout=seconds)

    def close(self):
        self._child.terminate()
        try:
            self._child.wait(10)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait(10)
        self._lines.put("")  # a request that still waits
        self._server.shutdown()
        self._server.server_close()
        shutil.rmtree(self._home, ignore_errors=True)


def _handler(page, script):
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def _answer(self, body, kind):
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            path = self.path.split("?")[0]
            if path == "/shop.js":
                self._answer(script, "text/javascript; charset=utf-8")
            elif path == "/next":
                self._answer(page.next_line().encode(), "text/plain; charset=utf-8")
            else:
                self._answer(b"<!doctype html><title>shop</title><script src=/shop.js></script>", "text/html; charset=utf-8")

        def do_POST(self):
            page.told(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._answer(b"", "text/plain")
    return Handler

"""A login in a real browser, by name and by address: headless Chromium keeps the cookie of a server without TLS, sends it along, cannot
read it, and changes need the CSRF token. The page and the way to the server are those of a proxy, as an installation has them."""
import http.server
import json
import queue
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request

from tests.e2e.triage import Desk, equal

SCRIPT = """
const login = LOGIN;
async function run() {
  const api = '/api/0/';
  const json = (method, body, headers) => ({method, body: JSON.stringify(body), headers: {'Content-Type': 'application/json', ...headers}});
  const begun = await fetch(api + 'mishap/login/', json('POST', login, {}));
  const {csrfToken} = await begun.json();
  const me = await fetch(api + 'users/me/');
  const without = await fetch(api + 'users/me/', json('PUT', {name: 'Olga'}, {}));
  const changed = await fetch(api + 'users/me/', json('PUT', {name: 'Olga'}, {'X-CSRF-Token': csrfToken}));
  const stream = new EventSource(api + 'mishap/organizations/default/stream/');
  const opened = await new Promise((done) => { stream.onopen = () => done(true); stream.onerror = () => done(false); });
  stream.close();
  const left = await fetch(api + 'mishap/logout/', json('POST', {}, {'X-CSRF-Token': csrfToken}));
  const after = await fetch(api + 'users/me/');
  return {login: begun.status, me: me.status, without: without.status, changed: changed.status, visible: document.cookie, stream: opened,
          logout: left.status, after: after.status};
}
run().then((out) => out, (error) => ({error: String(error)})).then((out) => fetch('/told', {method: 'POST', body: JSON.stringify(out)}));
"""


class Proxy(http.server.ThreadingHTTPServer):
    """Serves the page at /, hands /api/ on, keeps what the page told."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Way)
        self.told, self.page, self.target = queue.Queue(), b"", None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a browser that was closed


class Way(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def forward(self, method):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/told":
            self.server.told.put(json.loads(body))
        if not self.path.startswith("/api/"):
            return self.answer(200, [("Content-Type", "text/html; charset=utf-8")], self.server.page)
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "content-length", "accept-encoding")}
        call = urllib.request.Request(self.server.target + self.path, data=body or None, method=method, headers=headers)
        try:
            reply = urllib.request.urlopen(call, timeout=20)
        except urllib.error.HTTPError as error:
            reply = error
        kept = [(k, v) for k, v in reply.headers.items() if k.lower() in ("content-type", "set-cookie", "cache-control")]
        if reply.headers.get_content_type() != "text/event-stream":
            return self.answer(reply.status, kept, reply.read())
        self.send_response(200)
        for name, value in kept:
            self.send_header(name, value)
        self.end_headers()
        for line in reply:
            self.wfile.write(line)

    def answer(self, status, headers, body):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.forward("GET")

    def do_POST(self):
        self.forward("POST")

    def do_PUT(self):
        self.forward("PUT")


def in_chromium(proxy, url):
    home = tempfile.mkdtemp(prefix="mishap-login-", dir="/tmp")
    child = subprocess.Popen(
        [shutil.which("chromium"), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-extensions",
         "--disable-component-update", "--disable-background-networking", "--no-first-run", f"--user-data-dir={home}", url],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        return proxy.told.get(timeout=60)
    finally:
        child.terminate()
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(10)
        shutil.rmtree(home, ignore_errors=True)


def logins_work_in_a_browser_by_name_and_by_address():
    """Login, cookie, CSRF token, stream and logout in Chromium at http://localhost and at http://127.0.0.1."""
    assert shutil.which("chromium"), "chromium is not installed: run ./dev install test"
    with Desk() as desk:
        proxy = Proxy()
        first = json.loads((desk.server.data_dir / "first-run.json").read_text())
        login = {"email": first["owner"], "password": first["password"]}
        proxy.page = f"<!doctype html><title>page</title><script>{SCRIPT.replace('LOGIN', json.dumps(login))}</script>".encode()
        try:
            for host in ("localhost", "127.0.0.1"):
                url = f"http://{host}:{proxy.server_port}"
                desk.server.environment["MISHAP_SERVER__PUBLIC_URL"] = url
                equal("stop", desk.server.stop(), 0)
                desk.server.start()
                proxy.target = desk.server.http
                told = in_chromium(proxy, url + "/")
                equal(host, told, {"login": 200, "me": 200, "without": 403, "changed": 200, "visible": "", "stream": True, "logout": 204,
                                   "after": 401})
                print(f"  {url}: {told}")
        finally:
            proxy.shutdown()
            proxy.server_close()


TESTS = [logins_work_in_a_browser_by_name_and_by_address]

"""What a plugin gets from a server on this machine is recorded, and a replay gives it the same, whatever it asks with."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from display_app.authoring.answer_file import to_example
from display_app.authoring.rendering import Rendering

pytestmark = pytest.mark.process

CLIENTS = """
def update(self):
    base = self.config["base"]
    self.say("requests", lambda: requests.get(base + "/json?key=K1&q=1", timeout=5).json())
    session = requests.Session()
    session.mount("http://", HTTPAdapter(max_retries=Retry(total=2, backoff_factor=5, status_forcelist=[503])))
    self.say("session", lambda: session.get(base + "/count", timeout=5).text)
    self.say("session again", lambda: session.get(base + "/count", timeout=5).text)
    self.say("redirect", lambda: session.get(base + "/redirect", timeout=5).url.rpartition("/")[2])
    self.say("forced", lambda: session.get(base + "/busy", timeout=5).status_code)
    self.say("urllib", lambda: urllib.request.urlopen(base + "/gzip", timeout=5).read())
    self.say("urllib error", lambda: urllib.request.urlopen(base + "/missing", timeout=5).read())
    self.say("urllib3", lambda: urllib3.PoolManager().request("GET", base + "/bytes").data)
    self.say("post", lambda: requests.post(base + "/post", json={"a": 1}, timeout=5).text)
    self.say("stream", lambda: b"".join(requests.get(base + "/bytes", stream=True, timeout=5).iter_content(2)))
    self.say("head", lambda: requests.head(base + "/bytes", timeout=5).headers["Content-Type"])
    self.say("timeout", lambda: requests.get(base + "/hang", timeout=0.3))
    self.say("cut", lambda: requests.get(base + "/cut", timeout=5))
    self.say("refused", lambda: requests.get("http://127.0.0.1:1/x", timeout=5))
    self.say("urllib refused", lambda: urllib.request.urlopen("http://127.0.0.1:1/y", timeout=5))
    self.say("toolkit", lambda: APIHelper(cache_manager=self.cache_manager).get(base + "/json?key=K1&q=1"))
    thread = threading.Thread(target=lambda: self.say("thread", lambda: requests.get(base + "/thread", timeout=5).text))
    thread.start()

def say(self, name, ask):
    try:
        print("SAID", name, repr(ask()), flush=True)
    except Exception as error:
        print("SAID", name, type(error).__name__, flush=True)

def display(self, force_clear=False):
    return False
"""
IMPORTS = """
import threading
import urllib.request
import requests
import urllib3
from requests.adapters import HTTPAdapter
from src.common import APIHelper
from urllib3.util.retry import Retry
"""


class Handler(BaseHTTPRequestHandler):
    """A service with a few answers."""

    counts: dict[str, int]
    ending: threading.Event

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.counts[path] = self.counts.get(path, 0) + 1
        match path:
            case "/json":
                self.answer(b'{"n": 1, "echo": "K1-secret"}', kind="application/json", extra={"Set-Cookie": "a=b"})
            case "/count":
                self.answer(str(self.counts[path]).encode())
            case "/redirect":
                self.answer(b"", status=302, extra={"Location": "/count"})
            case "/busy":
                self.answer(b"later", status=503 if self.counts[path] == 1 else 200)
            case "/gzip":
                self.answer(gzip.compress(b"packed"), extra={"Content-Encoding": "gzip"})
            case "/bytes":
                self.answer(b"\x89\x00\xff\x01", kind="image/png")
            case "/hang":
                self.ending.wait(20)
            case "/cut":
                self.close_connection = True
            case "/thread":
                self.answer(b"from a thread")
            case _:
                self.answer(b"none", status=404)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])), status=201)

    def answer(self, body: bytes, *, status: int = 200, kind: str = "text/plain", extra: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(extra or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def base() -> Iterator[str]:
    """Serve on a port of this machine."""
    ending = threading.Event()
    handler = type("OneHandler", (Handler,), {"counts": {}, "ending": ending})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    ending.set()
    server.shutdown()
    server.server_close()
    thread.join()


def said(rendering: Rendering) -> list[str]:
    return sorted(line for line in rendering.log.splitlines() if line.startswith("SAID"))


def test_a_replay_says_what_the_web_said(perform, base):
    settings = {"enabled": True, "base": base}
    live = perform(CLIENTS, imports=IMPORTS, scene={"settings": settings, "record": True})
    assert "SAID urllib b'packed'" in said(live)
    assert "SAID session again '2'" in said(live)
    assert "SAID forced 200" in said(live)
    assert "SAID timeout ReadTimeout" in said(live)
    assert "SAID urllib refused URLError" in said(live)
    assert len(said(live)) == 17
    file = to_example(live.exchanges, secrets=["K1-secret"], config={}, at=0)
    replayed = perform(CLIENTS, imports=IMPORTS, scene={"settings": settings, "answers": file["answers"]})
    assert replayed.network in ("seccomp", "namespace", "python")
    assert [line.replace("***", "K1-secret") for line in said(replayed)] == said(live)
    answers = {address.removeprefix(base): answer for address, answer in file["answers"].items()}
    assert answers["/json?key=***&q=1"] == {"json": {"n": 1, "echo": "***"}}
    assert answers["/hang"] == answers["http://127.0.0.1:1/*"] | {"error": "timeout"}
    plain = {"headers": {"Content-Type": "text/plain"}, "text": "later"}
    assert answers["/busy"] == [{"status": 503, **plain}, plain]

"""A real server whose threads are sought by clients that send nothing, or too little."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
import requests

from tests.fakes.product import BASE_DIR, wait_for

pytestmark = pytest.mark.process

SERVER = """
import sys
from gunicorn.app.base import BaseApplication
from ledsite import slow_clients
slow_clients.HEAD_SECONDS = slow_clients.BODY_SECONDS = 2.0

def application(environ, start_response):
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]

class Server(BaseApplication):
    def load_config(self):
        options = {"bind": f"fd://{sys.argv[1]}", "worker_class": "ledsite.slow_clients.PatientWorker", "threads": 2, "keepalive": 15}
        for name, value in {**options, "control_socket_disable": True, "loglevel": "critical"}.items():
            self.cfg.set(name, value)

    def load(self):
        return application

Server().run()
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        listener.set_inheritable(True)
        command = [sys.executable, "-c", SERVER, str(listener.fileno())]
        with subprocess.Popen(command, cwd=BASE_DIR, pass_fds=[listener.fileno()]) as process:
            port = int(listener.getsockname()[1])
            try:
                wait_for(lambda: answers(port), what="a server that answers")
                yield port
            finally:
                process.terminate()
                process.wait(10)


def answers(port: int, *, timeout: float = 5) -> bool:
    with contextlib.suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/", timeout=timeout).text == "ok"
    return False


@contextlib.contextmanager
def clients(port: int, sent: bytes, *, count: int = 10) -> Iterator[list[socket.socket]]:
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(count)]
        for client in found:
            client.sendall(sent)
        yield found


def test_clients_that_say_nothing_cost_no_thread(port: int) -> None:
    with clients(port, b""):
        assert answers(port, timeout=1.9)


@pytest.mark.parametrize(
    "sent", [b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nabc"]
)
def test_clients_that_stop_in_the_middle_are_ended(port: int, sent: bytes) -> None:
    with clients(port, sent, count=2) as stuck:
        wait_for(lambda: answers(port), seconds=15)
        assert [client.recv(1000) for client in stuck] == [b"", b""]


def test_a_body_that_comes_in_pieces_is_taken(port: int) -> None:
    with clients(port, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nabc", count=1) as (client,):
        assert answers(port)
        client.sendall(b"def")
        received = b""
        while not received.endswith(b"\r\n\r\nok") and (piece := client.recv(1000)):  # head and body may come apart
            received += piece
        assert received.startswith(b"HTTP/1.1 200") and received.endswith(b"ok")

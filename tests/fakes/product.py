"""The whole product as its owner starts it, `manage.py up`, in folders and on a port of its own; for flows and browser tests."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import requests

BASE_DIR = Path(__file__).resolve().parents[2]
ADMIN, PASSWORD = "admin", "correct horse battery"
NOWHERE = "http://127.0.0.1:9"
T = TypeVar("T")


def wait_for(question: Callable[[], T], *, seconds: float = 20, what: str = "") -> T:
    """Ask until the answer is truthy and return it; fail with `what` after the limit."""
    deadline = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what or question}; last answer: {answer!r}")
        time.sleep(0.05)


def free_port() -> int:
    """Return a port that nothing listens on, and that no outgoing connection is given until the product listens there."""
    while True:
        port = random.SystemRandom().randrange(10_240, 32_768)  # below the kernel's own choice; not seeded alike in every worker
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


class Product:
    """One running product: start it, talk to its API with the administrator's token, kill its parts, stop it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = folder / "up.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.token = ""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("LEDSITE_", "DJANGO_"))}
        self.environment = {
            **inherited,
            "LEDSITE_DATA_DIR": str(folder / "var"),
            "LEDSITE_RUN_DIR": str(folder / "run"),
            "LEDSITE_PLUGIN_DIR": str(folder / "root" / "plugin-repos"),
            "LEDSITE_REGISTRY_URL": f"{NOWHERE}/plugins.json",
            "LEDSITE_GITHUB_API_URL": NOWHERE,
            "LEDSITE_GITHUB_RAW_URL": NOWHERE,
            "LEDSITE_GITHUB_URL": NOWHERE,
            "LEDSITE_BACKEND": "headless",
            "LEDSITE_BIND": f"127.0.0.1:{self.port}",
            "LEDSITE_ADMIN_USER": ADMIN,
            "LEDSITE_ADMIN_PASSWORD": PASSWORD,
            "LEDSITE_TIME_ZONE": "UTC",
            **environment,
        }

    def furnish(self) -> None:
        """Begin with a copy of the folders that a first start prepared, instead of preparing them again."""
        prepared = _prepared_folder()
        for name in ("var", "root"):
            shutil.copytree(prepared / name, self.folder / name, symlinks=True)
        self.token = (prepared / "token").read_text().strip()

    def start(self, *, seconds: float = 60) -> None:
        """Start the product and wait until `health` is well."""
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"], cwd=BASE_DIR, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(self.is_healthy, seconds=seconds, what="a healthy product")
        self.token = self.token or self.manage("apitoken", ADMIN).strip()

    def is_healthy(self) -> bool:
        """Tell whether `health` answers 200; fail at once when the product has ended."""
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the product ended with {self.process.returncode}:\n{self.log()}")
        with contextlib.suppress(requests.RequestException):
            return requests.get(f"{self.url}/api/v3/health", timeout=5).status_code == 200
        return False

    def stop(self, *, seconds: float = 15) -> None:
        """Ask the product to end as Ctrl-C would, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(seconds)
        self.process = None

    def manage(self, *arguments: str, check: bool = True) -> str:
        """Run one management command beside the running product and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=BASE_DIR, env=self.environment, capture_output=True, text=True, timeout=120
        )
        if check and done.returncode:
            raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def log(self) -> str:
        """Return what `up` printed so far."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        """Send one API request with the administrator's token."""
        headers = {"Authorization": f"Token {self.token}", "Accept": "application/json", **options.pop("headers", {})}
        return requests.request(method, f"{self.url}/api/v3/{path}", headers=headers, timeout=20, **options)

    def get(self, path: str) -> Any:
        """GET and parse, failing on anything but 200."""
        answer = self.request("GET", path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def operate(self, path: str, body: dict[str, Any], *, seconds: float = 60) -> dict[str, Any]:
        """POST, follow `Location` until the operation has ended, and return it."""
        answer = self.request("POST", path, json=body)
        assert answer.status_code == 202, f"{path}: {answer.status_code} {answer.text[:500]}"
        location = answer.headers["Location"].split("/api/v3/")[1]

        def ended() -> dict[str, Any] | None:
            operation = self.get(location)
            return operation if operation["status"] in ("succeeded", "failed", "cancelled") else None

        return wait_for(ended, seconds=seconds, what=f"end of {path} {body}") or {}

    def status(self) -> dict[str, Any]:
        """Return display/status."""
        return dict(self.get("display/status"))

    def plugin(self, plugin_id: str) -> dict[str, Any] | None:
        """Return one row of the installed list."""
        rows = self.get("plugins/installed")["results"]
        return next((row for row in rows if row["id"] == plugin_id), None)

    def shows(self, plugin_id: str) -> bool:
        """Tell whether the frame on the panel came from this plugin."""
        now = self.status()["now"]
        return bool(now) and now["plugin_id"] == plugin_id

    def pids(self) -> dict[str, int]:
        """Return the process ids that the product itself names, by process."""
        found = dict(self.status().get("processes", {}))
        with contextlib.suppress(OSError, ValueError):
            for name, facts in json.loads((self.folder / "run" / "up.json").read_text()).get("processes", {}).items():
                found[name] = facts["pid"] if isinstance(facts, dict) else facts
        return {name: pid for name, pid in found.items() if isinstance(pid, int)}


def _prepared_folder() -> Path:
    """Return the folders as `up` leaves them before it starts anything; made once for all workers of a test run."""
    from tests.environment import RUN_FOLDER  # here, for scripts that start a product outside of a test run

    folder = RUN_FOLDER / "prepared"
    with (RUN_FOLDER / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "token").exists():
            product = Product(folder)
            product.manage("up", "--prepare-only")
            (folder / "token").write_text(product.manage("apitoken", ADMIN))
    return folder


@contextlib.contextmanager
def running_product(folder: Path, **environment: str) -> Iterator[Product]:
    """Start a product and stop it at the end, by force when it does not listen."""
    product = Product(folder, **environment)
    product.furnish()
    try:
        product.start()
        yield product
    finally:
        process = product.process
        try:
            product.stop()
        finally:
            if process is not None and process.poll() is None:
                process.kill()
                process.wait(10)

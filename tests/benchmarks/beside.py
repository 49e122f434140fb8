"""The store of another program, LEDMatrix, on the same fake GitHub, for `tests.benchmarks.store --beside CHECKOUT`.

It runs in a process of its own, on its own code in CHECKOUT (`git clone https://github.com/ChuckBuilds/LEDMatrix`), unchanged; only
where its requests go is bent: GitHub's hosts mean the fake one.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.fakes.hub import Hub

LIMIT_SECONDS = 150.0
DRIVER = """
import json, logging, sys, time
from urllib.parse import urlsplit
checkout, folder, hub = sys.argv[1:4]
sys.path.insert(0, checkout)
logging.disable(logging.CRITICAL)
import requests.adapters
real_send = requests.adapters.HTTPAdapter.send
PREFIXES = {"api.github.com": "/api", "raw.githubusercontent.com": "/raw", "github.com": "", "codeload.github.com": ""}
def send(self, request, **options):
    parts = urlsplit(request.url)
    if parts.hostname in PREFIXES:
        path = parts.path if not parts.path.endswith("/ledmatrix-plugins/main/plugins.json") else "/registry/plugins.json"
        prefix = "" if path.startswith("/registry/") else PREFIXES[parts.hostname]
        request.url = hub + prefix + path + ("?" + parts.query if parts.query else "")
    return real_send(self, request, **options)
requests.adapters.HTTPAdapter.send = send
from src.plugin_system.store_manager import PluginStoreManager
manager = None
print("ready", flush=True)
for line in sys.stdin:
    what, *arguments = json.loads(line)
    begun = time.perf_counter()
    if what == "renew":
        manager, found = PluginStoreManager(folder), 0
    elif what == "expire":
        for name in ("registry_cache_timeout", "commit_cache_timeout", "manifest_cache_timeout", "cache_timeout"):
            if hasattr(manager, name):
                setattr(manager, name, arguments[0])
        found = 0
    elif what == "browse":
        found = len(manager.search_plugins(fetch_commit_info=True))
    elif what == "install":
        found = bool(manager.install_plugin(arguments[0]))
    elif what == "uninstall":
        found = bool(manager.uninstall_plugin(arguments[0]))
    print(json.dumps([time.perf_counter() - begun, found]), flush=True)
"""


@dataclass(frozen=True)
class Done:
    """What something took; `seconds` is infinite when it did not end in time."""

    seconds: float
    found: int
    requests: int
    peak: int


class Original:
    """The other program's store manager; begin with `renew`, which is what a restart of it does."""

    def __init__(self, checkout: Path, hub: Hub) -> None:
        self._hub = hub
        self._checkout = checkout
        self._folder = tempfile.TemporaryDirectory()
        self._process = self._start()

    def do(self, *order: object) -> Done:
        """Have something done and return what it took; one that does not end in time is killed and begun anew."""
        self._hub.forget_counts()
        assert self._process.stdin is not None
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        line = self._line(LIMIT_SECONDS)
        if not line:
            self._process.kill()
            self._process.wait()
            self._process = self._start()
            return Done(float("inf"), 0, self._hub.total(), self._hub.peak)
        seconds, found = json.loads(line)
        return Done(seconds, int(found), self._hub.total(), self._hub.peak)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def _start(self) -> subprocess.Popen[str]:
        arguments = [str(self._checkout), str(Path(self._folder.name) / "plugins"), self._hub.url]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")} | {"HOME": self._folder.name}
        process = subprocess.Popen(
            [sys.executable, "-c", DRIVER, *arguments],
            cwd=self._folder.name,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._process = process
        if self._line(60) != "ready\n":
            raise AssertionError(f"the program in {self._checkout} does not start here")
        return process

    def _line(self, seconds: float) -> str:
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            return self._process.stdout.readline() if selector.select(seconds) else ""

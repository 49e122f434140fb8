"""Runs LEDMatrix's own code, by its own Python, for `tests.benchmarks.beside`: `beside_driver.py FOLDER HUB [PORT]`.

FOLDER holds its code, unchanged. Three things are bent from outside: GitHub's hosts mean the fake one at HUB; its cache lies in FOLDER;
and its web interface, started when there is a PORT, does without the brake on requests that it does without as well where the package
for it is missing. Orders come in as lines of JSON and are answered with what they took and found.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO
from urllib.parse import urlsplit

PREFIXES = {"api.github.com": "/api", "raw.githubusercontent.com": "/raw", "github.com": "", "codeload.github.com": ""}
REGISTRY = "/ledmatrix-plugins/main/plugins.json"


def main(folder: str, hub: str, port: str = "") -> None:
    """Serve orders, and with a port the web interface too."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what its code prints would stand between the answers
    sys.path.insert(0, folder)
    bend_requests(hub)
    bend_cache(Path(folder, "cache"))
    if not port:
        logging.disable(logging.CRITICAL)
        serve_orders(Orders(Path(folder, "plugin-repos")), answers)
        return
    sys.modules["flask_limiter"] = None  # type: ignore[assignment]
    from web_interface.app import app, plugin_store_manager

    orders = Orders(Path(folder, "plugin-repos"), manager=plugin_store_manager)
    threading.Thread(target=serve_orders, args=(orders, answers), daemon=True).start()
    app.run(host="127.0.0.1", port=int(port), debug=False, threaded=True)


def bend_requests(hub: str) -> None:
    """Lead requests for GitHub's hosts to the fake one."""
    import requests.adapters

    real_send = requests.adapters.HTTPAdapter.send

    def send(self: Any, request: Any, **options: Any) -> Any:
        parts = urlsplit(request.url)
        if parts.hostname in PREFIXES:
            path = "/registry/plugins.json" if parts.path.endswith(REGISTRY) else PREFIXES[parts.hostname] + parts.path
            request.url = hub + path + ("?" + parts.query if parts.query else "")
        return real_send(self, request, **options)

    requests.adapters.HTTPAdapter.send = send  # type: ignore[method-assign]


def bend_cache(folder: Path) -> None:
    """Have its cache in a folder of its own instead of the system's."""
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(ImportError):
        from src.cache_manager import CacheManager

        CacheManager._get_writable_cache_dir = lambda self: str(folder)


class Orders:
    """What its store manager can be told; each order returns what it found."""

    def __init__(self, plugins: Path, *, manager: Any = None) -> None:
        from src.plugin_system.store_manager import PluginStoreManager

        self._make = lambda: PluginStoreManager(str(plugins))
        self._manager = manager

    def renew(self) -> list[int]:
        """Begin without what it remembers, as after a restart."""
        self._manager = self._make()
        return []

    def age(self, seconds: float) -> list[int]:
        """Let everything it remembers become so much older."""
        manager = self._manager
        if manager.registry_cache_time is not None:
            manager.registry_cache_time -= seconds
        for cache in (manager.github_cache, manager.commit_info_cache, manager.manifest_cache):
            for key, (since, value) in list(cache.items()):
                cache[key] = (since - seconds, value)
        return []

    def browse(self) -> list[int]:
        """Return how many plugins there are, how many have a commit, and how many commits differ."""
        rows = self._manager.search_plugins(fetch_commit_info=True)
        commits = [row["last_commit_sha"] for row in rows if row.get("last_commit_sha")]
        return [len(rows), len(commits), len(set(commits))]

    def install(self, plugin_id: str) -> list[int]:
        """Return whether it could."""
        return [int(bool(self._manager.install_plugin(plugin_id)))]

    def uninstall(self, plugin_id: str) -> list[int]:
        """Return whether it could."""
        return [int(bool(self._manager.uninstall_plugin(plugin_id)))]


def serve_orders(orders: Orders, answers: TextIO) -> None:
    """Say that it is ready, and do what comes in until there is no more."""
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        begun = time.perf_counter()
        found = getattr(orders, name)(*arguments)
        print(json.dumps([time.perf_counter() - begun, found]), file=answers, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

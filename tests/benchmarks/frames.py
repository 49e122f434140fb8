"""Measures how smooth a 60 fps scroll at 128x32 is, with real processes: `python -m tests.benchmarks.frames [--seconds 20] [--hosts 32]`.

Prints the intervals between the frames on the panel (p50, p99, longest, and how many were more than half a frame late) while nothing
else happens, while another plugin parses 6 MB of JSON over and over, while four plugins fetch and parse, and while 32 more hosts
start; each with the load of the machine before it, and whether real-time priority was allowed. The watcher looks a thousand times a
second and takes real-time priority where it may, so that it measures the panel and not itself.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")

FRAME = 1 / 60
PLUGINS = Path(__file__).parent / "plugins"
ANSWER_BYTES = 1_000_000


def main() -> None:
    """Measure and print one table."""
    import django

    import tests.environment  # noqa: F401 - folders of its own for this process too

    django.setup()
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--hosts", type=int, default=32)
    options = parser.parse_args()
    print(f"real-time priority of a driver: {'allowed' if may_run_in_real_time() else 'not allowed (nice -10 where that is)'}")
    print(f"{'frame interval, ms':44} {'frames':>7} {'p50':>6} {'p99':>6} {'max':>7} {'late':>5} {'load':>5}")
    with scrolling_panel() as panel:
        measure(panel, "nothing else", options.seconds)
        panel.install("parsing", str(PLUGINS / "parsing"), {})
        until_busy(panel, ["parsing"])
        measure(panel, "a plugin parses 6 MB of JSON over and over", options.seconds)
        panel.change("parsing", enabled=False)
        with answering_server() as address:
            names = [f"fetching-{number}" for number in range(4)]
            for name in names:
                panel.install(name, str(PLUGINS / "parsing"), {"url": address})
            until_busy(panel, names)
            measure(panel, "four plugins fetch and parse", options.seconds)
            for name in names:
                panel.change(name, enabled=False)
        time.sleep(2)
        others = [f"other-{number}" for number in range(options.hosts)]

        def install() -> None:
            for name in others:
                panel.install(name, "hello", {})

        measure(panel, f"{len(others)} more hosts start", begin=install, until=lambda: are_ready(panel, others))


@contextlib.contextmanager
def scrolling_panel() -> Iterator[Any]:
    """Run a panel on which a bar moves by one pixel a frame; its run folder lies in memory."""
    from tests.fakes.panel import FakePanelOwner, migrated_database

    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        template = Path(folder) / "empty.sqlite3"
        migrated_database(template)
        panel = FakePanelOwner(Path(folder) / "panel", template, run_dir=Path(memory) / "run")
        try:
            panel.install("bar", "bar", {"display_duration": 600})
            panel.start()
            panel.order("show", plugin_id="bar", mode=None, duration=None, pinned=True)
            panel.until_showing("bar")
            time.sleep(3)
            yield panel
        finally:
            panel.close()


def measure(
    panel: Any,
    what: str,
    seconds: float = 60.0,
    *,
    begin: Callable[[], None] = lambda: None,
    until: Callable[[], bool] = lambda: False,
) -> None:
    """Watch the panel for some seconds, or until something is so, while `begin` is done, and print a line."""
    from tests.fakes.panel import GapWatch

    load, gaps = os.getloadavg()[0], []
    watch = GapWatch(panel.reader)

    def look() -> None:
        with contextlib.suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not until():
            watch.watch(0.5)
            gaps.extend(watch.gaps[:-1])
            watch.gaps.clear()

    thread = threading.Thread(target=look)
    thread.start()
    begin()
    thread.join()
    ordered = sorted(1000 * gap for gap in gaps)
    late = sum(gap > 1500 * FRAME for gap in ordered)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    print(f"{what:44} {len(ordered):7} {p50:6.1f} {p99:6.1f} {ordered[-1]:7.1f} {late:5} {load:5.1f}", flush=True)


def until_busy(panel: Any, names: list[str]) -> None:
    """Wait until the plugins are at work."""
    from tests.fakes.panel import until

    until(lambda: are_ready(panel, names), seconds=60, what=lambda: str(panel.status()))
    time.sleep(3)


def are_ready(panel: Any, names: list[str]) -> bool:
    """Tell whether all these plugins run."""
    plugins = panel.status().get("plugins", {})
    return all(plugins.get(name, {}).get("state") == "ready" for name in names)


def may_run_in_real_time() -> bool:
    """Tell whether a process started from here may take real-time priority."""
    pid = os.fork()
    if not pid:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


@contextlib.contextmanager
def answering_server() -> Iterator[str]:
    """Answer a megabyte of JSON on this machine."""
    body = json.dumps({"events": [{"id": number, "name": "A game", "score": [1, 2, 3]} for number in range(ANSWER_BYTES // 55)]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main()

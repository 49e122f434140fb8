"""Measures the panel with real processes: `python -m tests.benchmarks.panel [--kills 30]`.

Prints frame intervals of a 60 fps scroll (idle, and while another host is killed every second), the time from a command to the
panel, and the time from enabling a plugin to its first frame. Needs about a minute and a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")


def main() -> None:
    """Measure and print one table."""
    import django

    import tests.environment  # noqa: F401 - folders of its own for this process too

    django.setup()
    from tests.fakes.panel import FakePanelOwner, migrated_database, until

    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "empty.sqlite3"
        migrated_database(template)
        panel = FakePanelOwner(Path(folder) / "panel", template)
        try:
            panel.install("bar", "bar", {"display_duration": 600})
            panel.install("victim", "steady", {"display_duration": 600})
            panel.start()
            panel.order("show", plugin_id="bar", mode=None, duration=None, pinned=False)
            panel.until_showing("bar")
            until(lambda: panel.plugin("victim").get("state") == "ready")
            time.sleep(3)
            print_row("frame interval, idle", intervals(panel, options.seconds))
            print_row("frame interval, a host killed every second", intervals_while_killing(panel, options.kills))
            print_row("command to panel", [command_latency(panel, until, number) for number in range(30)])
            print_row("enabled to panel", [enable_latency(panel, until) for _ in range(8)])
            print_row("processor time of the director, % of a core", [cpu_share(panel, 5.0) / 1000])
        finally:
            panel.close()


def intervals(panel: Any, seconds: float) -> list[float]:
    """Watch the panel and return the times between its frames."""
    from tests.fakes.panel import GapWatch

    watch = GapWatch(panel.reader)
    watch.watch(seconds)
    return watch.gaps[:-1]


def intervals_while_killing(panel: Any, kills: int) -> list[float]:
    """Kill the host of another plugin once a second, releasing it from quarantine, and watch the scroll."""
    from tests.fakes.panel import GapWatch

    watch = GapWatch(panel.reader)
    killed = 0
    for _ in range(kills):
        pid = panel.processes().get("host victim")
        if pid:
            os.kill(pid, signal.SIGKILL)
            killed += 1
        else:
            panel.order("release", plugin_id="victim")
        watch.watch(1.0)
    print(f"({killed} of {kills} seconds had a host to kill; in the others it was quarantined and released)")
    panel.order("release", plugin_id="victim")
    time.sleep(1)
    return watch.gaps[:-1]


def command_latency(panel: Any, until: Callable[..., Any], number: int) -> float:
    """Measure from the committed command to the first frame of the other plugin."""
    wanted = ("victim", "bar")[number % 2]
    before = panel.frame().rgb
    is_there = (lambda rgb: tuple(rgb[3 * (5 * 128 + 5) :][:3]) == (200, 0, 0)) if wanted == "victim" else (lambda rgb: rgb != before)
    began = time.monotonic()
    panel.order("show", plugin_id=wanted, mode=None, duration=None, pinned=False)
    while not is_there(panel.frame().rgb):
        if time.monotonic() - began > 5:
            raise AssertionError(f"{wanted} did not come: {panel.status()}")
        time.sleep(0.0005)
    taken = time.monotonic() - began
    time.sleep(0.3)
    return taken


def enable_latency(panel: Any, until: Callable[..., Any]) -> float:
    """Measure from the enabled row to the first frame on the panel, host start included."""
    panel.order("stop-showing")
    panel.change("victim", enabled=False)
    until(lambda: "host victim" not in panel.processes(), seconds=5)
    time.sleep(0.5)
    from django.utils import timezone

    began = time.monotonic()
    panel.change("victim", enabled=True, introduced_at=timezone.now())
    while tuple(panel.frame().rgb[3 * (5 * 128 + 5) :][:3]) != (200, 0, 0):
        if time.monotonic() - began > 5:
            raise AssertionError(f"it did not come: {panel.status()}")
        time.sleep(0.0005)
    return time.monotonic() - began


def cpu_share(panel: Any, seconds: float) -> float:
    """Return the director's share of one core while it shows a scroll, in percent."""
    from display_app.hosting.sampling import sample

    pid = panel.process.pid
    before = sample(pid)
    time.sleep(seconds)
    after = sample(pid)
    return 100 * (after.cpu_seconds - before.cpu_seconds) / seconds if before and after else 0.0


def print_row(name: str, seconds: list[float]) -> None:
    """Print median, p99 and maximum in milliseconds."""
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:48} n={len(ordered):5}  p50 {p50 * 1000:7.1f}  p99 {p99 * 1000:7.1f}  max {ordered[-1] * 1000:7.1f}")


if __name__ == "__main__":
    main()

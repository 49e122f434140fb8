"""Measures what a person waits for at the panel, with real processes: `python -m tests.benchmarks.panel [--kills 30]`.

Prints milliseconds from a committed command to the first frame of the other plugin, and from switching a plugin on to its first frame;
and frame intervals of a 60 fps scroll while the host of another plugin is killed every second. Needs about a minute and a quiet
machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import time
from typing import Any

from tests.benchmarks.frames import scrolling_panel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ledsite.settings")

RED = (200, 0, 0)


def main() -> None:
    """Measure and print one table."""
    import django

    import tests.environment  # noqa: F401 - folders of its own for this process too

    django.setup()
    from tests.fakes.panel import until

    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=30)
    kills: int = parser.parse_args().kills
    print(f"load before {os.getloadavg()[0]:.1f}")
    with scrolling_panel() as panel:
        panel.install("victim", "steady", {"display_duration": 600})
        until(lambda: panel.plugin("victim").get("state") == "ready")
        time.sleep(2)
        print_row("command to panel", [command_latency(panel, number) for number in range(40)])
        print_row("switched on to panel", [enable_latency(panel) for _ in range(8)])
        panel.order("show", plugin_id="bar", mode=None, duration=None, pinned=True)
        panel.until_showing("bar")
        print_row("frame interval, a host killed every second", intervals_while_killing(panel, kills))


def is_red(panel: Any) -> bool:
    """Tell whether the picture is the one of the plugin that stands still."""
    return tuple(panel.frame().rgb[3 * (5 * 128 + 5) :][:3]) == RED


def command_latency(panel: Any, number: int) -> float:
    """Measure from the committed command to the first frame of the other plugin."""
    wanted = ("victim", "bar")[number % 2]
    began = time.monotonic()
    panel.order("show", plugin_id=wanted, mode=None, duration=None, pinned=False)
    while is_red(panel) != (wanted == "victim"):
        if time.monotonic() - began > 5:
            raise AssertionError(f"{wanted} did not come: {panel.status()}")
        time.sleep(0.0005)
    taken = time.monotonic() - began
    time.sleep(0.3)
    return taken


def enable_latency(panel: Any) -> float:
    """Measure from the enabled row to the first frame on the panel, host start included."""
    from django.utils import timezone

    from tests.fakes.panel import until

    panel.order("stop-showing")
    panel.change("victim", enabled=False)
    until(lambda: "host victim" not in panel.processes(), seconds=5)
    time.sleep(0.5)
    began = time.monotonic()
    panel.change("victim", enabled=True, introduced_at=timezone.now())
    while not is_red(panel):
        if time.monotonic() - began > 5:
            raise AssertionError(f"it did not come: {panel.status()}")
        time.sleep(0.0005)
    return time.monotonic() - began


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
    return watch.gaps[:-1]


def print_row(name: str, seconds: list[float]) -> None:
    """Print median, p99 and maximum in milliseconds."""
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{name:48} n={len(ordered):5}  p50 {p50 * 1000:7.1f}  p99 {p99 * 1000:7.1f}  max {ordered[-1] * 1000:7.1f}", flush=True)


if __name__ == "__main__":
    main()

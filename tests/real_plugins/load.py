"""What the product costs with every plugin running: memory, processor time, how even a scroll is, how long a switch takes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial

from display_app.frames.bus import FrameReader
from tests.benchmarks.processes import family, memory, ticks
from tests.fakes.product import Product, wait_for

SCROLLER = "ledsite-message"
LONG_TEXT = "The quick brown fox jumps over the lazy dog, again and again. " * 8
REST_SECONDS, SCROLL_SECONDS = 20.0, 30.0


def measure_load(product: Product, say: Callable[[str], None]) -> None:
    """Measure and say it, line by line."""
    assert product.process is not None
    pids = family(product.process.pid)
    say(f"memory of {len(pids)} processes (PSS): {sum(memory(pid)[0] for pid in pids) / 1024:.0f} MB; hosts: {_hosts(product)}")
    say(f"processor, rotation: {_share(product, REST_SECONDS):.0%} of a core")
    _pin_the_scroller(product)
    say(f"scroll: {_intervals(product, SCROLL_SECONDS)}")
    say(f"processor, scrolling: {_share(product, REST_SECONDS):.0%} of a core")
    for plugin_id in ("hello-world", "clock-simple"):
        if product.plugin(plugin_id):
            say(f"{plugin_id}: {_switch(product, plugin_id)}")
    product.request("DELETE", "display/on-demand")


def measure_start(product: Product, say: Callable[[str], None]) -> None:
    """Start the product anew with everything installed, and watch a scroll while all hosts start and update for the first time."""
    product.stop()
    started = time.monotonic()
    product.start()
    _pin_the_scroller(product, settle=0.0)
    say(f"started anew, the message scrolls after {time.monotonic() - started:.1f} s; hosts: {_hosts(product)}")
    say(f"scroll while all start: {_intervals(product, SCROLL_SECONDS)}; hosts: {_hosts(product)}; processor {_share(product, 5):.0%}")
    product.request("DELETE", "display/on-demand")


def _pin_the_scroller(product: Product, *, settle: float = 1.0) -> None:
    answers = [
        product.request("PATCH", f"plugins/{SCROLLER}/config", json={"text": LONG_TEXT[:500]}),
        product.request("POST", "display/on-demand", json={"plugin_id": SCROLLER, "pinned": True}),
    ]
    assert [answer.status_code for answer in answers] == [200, 202], [answer.text for answer in answers]
    try:
        wait_for(lambda: product.shows(SCROLLER))
    except AssertionError as error:
        status = product.status()
        raise AssertionError(f"{SCROLLER} is not shown: {status['now']} {status['on_demand']} {status['plugins'][SCROLLER]}") from error
    time.sleep(settle)


def _hosts(product: Product) -> int:
    return sum(name.startswith("host ") for name in product.status()["processes"])


def _share(product: Product, seconds: float) -> float:
    assert product.process is not None
    before = {pid: ticks(pid) for pid in family(product.process.pid)}
    time.sleep(seconds)
    spent = sum(ticks(pid) - before.get(pid, 0) for pid in family(product.process.pid))
    return spent / os.sysconf("SC_CLK_TCK") / seconds


def _intervals(product: Product, seconds: float) -> str:
    reader = FrameReader(product.folder / "run" / "panel.frames")
    gaps, last, number = [], time.monotonic(), -1
    until = last + seconds
    while (now := time.monotonic()) < until:
        frame = reader.read()
        if frame is not None and frame.number != number:
            gaps.append(now - last)
            last, number = now, frame.number
        time.sleep(0.001)
    ordered = sorted(gaps[1:]) or [seconds]
    p50, p99, longest = (ordered[int((len(ordered) - 1) * part)] * 1000 for part in (0.5, 0.99, 1.0))
    return f"{len(gaps) / seconds:.0f} pictures a second, interval p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {longest:.0f} ms"


def _switch(product: Product, plugin_id: str) -> str:
    times = []
    for enabled, states in ((False, ("disabled",)), (True, ("ready", "showing"))):
        started = time.monotonic()
        answer = product.request("POST", "plugins/toggle", json={"plugin_id": plugin_id, "enabled": enabled})
        assert answer.status_code == 200, answer.text
        answered = time.monotonic() - started
        wait_for(partial(_has_turned, product, plugin_id, enabled=enabled, states=states), what=f"{plugin_id} {states}")
        times.append(f"{'on' if enabled else 'off'} {time.monotonic() - started:.2f} s (answer {answered * 1000:.0f} ms)")
    return ", ".join(times)


def _has_turned(product: Product, plugin_id: str, *, enabled: bool, states: tuple[str, ...]) -> bool:
    row = product.plugin(plugin_id) or {}
    return row.get("status") in states and (f"host {plugin_id}" in product.status()["processes"]) is enabled

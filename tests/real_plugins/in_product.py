"""Install every plugin of a registry into a running product, one after the other, and print what became of each.

    python -m tests.real_plugins.in_product --registry FILE --plugins FOLDER [--only ID ...] [--rotate SECONDS] [--skip-life] [--skip-load]

FILE is a registry, FOLDER holds the plugin folders that it names. The product is `manage.py up` in folders of its own, the registry
a server on loopback. Each plugin is installed, left in the rotation, shown on demand, given the settings that it asks for, drawn with
recorded answers, and removed, one of them updated and rolled back before; then disk and processes must be clean. Not part of the test
suite: the plugins are other people's, and it takes minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from display_app.frames.bus import FrameReader
from tests.fakes.hub import Hub
from tests.fakes.product import Product, wait_for
from tests.real_plugins.answered import draw_answered
from tests.real_plugins.life import live_and_die
from tests.real_plugins.load import measure_load, measure_start
from tests.real_plugins.settings import EXTRA

SHOW_SECONDS = 12.0
LOOK_SECONDS = 2.0
RUNNING = ("showing", "ready", "offline")


@dataclass
class Trial:
    """What is known of one plugin."""

    registry_id: str
    plugin_id: str = ""
    install_seconds: float = 0.0
    problem: str = ""
    warnings: list[str] = field(default_factory=list)
    status: str = ""
    reason: str = ""
    lit: int = 0
    shown: str = ""
    last_error: str = ""
    with_settings: str = ""
    answered: str = ""

    def sentence(self) -> str:
        """Return the plugin's row of the table."""
        if self.problem:
            return f"{self.registry_id:24} {self.install_seconds:5.1f} s  NOT INSTALLED: {self.problem}"
        lit = f"{self.lit} lit" if self.lit else "dark"
        parts = [f"{self.registry_id:24} {self.install_seconds:5.1f} s  {self.status:19} {lit:9} {self.shown}"]
        parts += [f"with settings: {self.with_settings}"] if self.with_settings else []
        parts += [self.answered] if self.answered else []
        parts += [text for text in (self.reason, self.last_error and f"last error: {self.last_error}") if text]
        return " | ".join(parts + [f"warning: {warning}" for warning in self.warnings])


def main() -> None:
    """Run the trial and print the table."""
    options = _options()
    folder = Path(tempfile.mkdtemp(prefix="ledsite-trial-"))
    hub = Hub(registry=options.registry.read_bytes(), plugins=options.plugins)
    product = Product(folder, **hub.environment())
    say(f"in {folder}")
    with _running(product, hub):
        offers = wait_for(lambda: product.get("plugins/store/list")["results"], what="offers")
        wanted = [offer["id"] for offer in offers if not options.only or offer["id"] in options.only]
        say(f"{len(offers)} offers, {len(wanted)} to install")
        trials = [_install(product, registry_id) for registry_id in wanted]
        say(f"rotating for {options.rotate} s")
        time.sleep(options.rotate)
        installed = [trial for trial in trials if not trial.problem]
        for trial in installed:
            _show(product, trial)
        for trial in installed:
            _give_settings(product, trial)
        for trial in installed:
            trial.answered = draw_answered(product, trial.plugin_id)
        for trial in trials:
            say(trial.sentence())
        if not options.skip_load:
            measure_load(product, say)
            measure_start(product, say)
        if not options.skip_life:
            live_and_die(product, hub, [trial.plugin_id for trial in installed], say)


def say(text: str) -> None:
    """Print one line of the trial at once."""
    print(time.strftime("%H:%M:%S"), text, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--registry", type=Path, required=True)
    parser.add_argument("--plugins", type=Path, required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--rotate", type=float, default=60.0, help="seconds of rotation after the last installation")
    parser.add_argument("--skip-life", action="store_true", help="do not update, roll back and remove")
    parser.add_argument("--skip-load", action="store_true", help="do not measure memory, processor and frames")
    return parser.parse_args()


@contextlib.contextmanager
def _running(product: Product, hub: Hub) -> Iterator[None]:
    try:
        product.start()
        yield
    finally:
        started = time.monotonic()
        product.stop(seconds=30)
        hub.close()
        say(f"stopped in {time.monotonic() - started:.1f} s; processes left: {_left_behind(product.folder) or 'none'}")


def _left_behind(folder: Path) -> list[str]:
    """Name the processes that still work in the trial's folders."""
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(process.name) != os.getpid() and os.readlink(process / "cwd").startswith(str(folder)):
                left.append((process / "cmdline").read_text().replace("\0", " ").strip() or process.name)
    return left


def _install(product: Product, registry_id: str) -> Trial:
    trial = Trial(registry_id)
    started = time.monotonic()
    operation = product.operate("plugins/install", {"plugin_id": registry_id}, seconds=300)
    trial.install_seconds = time.monotonic() - started
    trial.plugin_id, trial.warnings = operation["plugin_id"], operation["warnings"]
    if operation["status"] != "succeeded":
        trial.problem = f"{(operation['error'] or {}).get('code')}: {(operation['error'] or {}).get('message')}"
    say(f"installed {registry_id} in {trial.install_seconds:.1f} s {trial.problem} {trial.warnings or ''}")
    return trial


def _show(product: Product, trial: Trial) -> None:
    """Note how the plugin fared in the rotation, then pin it and count its lit pixels on the panel."""
    row = product.plugin(trial.plugin_id) or {}
    trial.status, trial.reason = row.get("status", "gone"), row.get("status_reason", "")
    trial.last_error = _panel_report(product, trial.plugin_id).get("last_error") or ""
    answer = product.request("POST", "display/on-demand", json={"plugin_id": trial.plugin_id, "pinned": True})
    if answer.status_code != 202:
        trial.shown = f"not shown: {answer.status_code} {answer.json().get('code')}"
        return
    started = time.monotonic()
    try:
        wait_for(lambda: product.shows(trial.plugin_id), seconds=SHOW_SECONDS)
        trial.shown = f"shown in {time.monotonic() - started:.1f} s"
    except AssertionError:
        trial.shown = f"not shown; on the panel: {product.status()['now']}"
    else:
        trial.lit = _lit_pixels(product)
    product.request("DELETE", "display/on-demand")
    say(f"showed {trial.plugin_id}: {trial.status}, {trial.shown}, {trial.lit} lit")


def _lit_pixels(product: Product) -> int:
    """Return the largest number of lit pixels in a while of pictures."""
    most, until = 0, time.monotonic() + LOOK_SECONDS
    reader = FrameReader(product.folder / "run" / "panel.frames")
    while time.monotonic() < until:
        frame = reader.read()
        if frame is not None:
            pixels = zip(frame.rgb[0::3], frame.rgb[1::3], frame.rgb[2::3], strict=True)
            most = max(most, sum(any(pixel) for pixel in pixels))
        time.sleep(0.1)
    return most


def _give_settings(product: Product, trial: Trial) -> None:
    """Give the plugin the settings that it demands, and wait until it runs with them."""
    extra = EXTRA.get(trial.plugin_id)
    if extra is None:
        return
    started = time.monotonic()
    answer = product.request("PATCH", f"plugins/{trial.plugin_id}/config", json=extra)
    if answer.status_code != 200:
        trial.with_settings = f"refused: {answer.text[:300]}"
        return
    try:
        wait_for(lambda: (product.plugin(trial.plugin_id) or {}).get("status") in RUNNING, seconds=SHOW_SECONDS)
    except AssertionError:
        row = product.plugin(trial.plugin_id) or {}
        trial.with_settings = f"still {row.get('status')}: {row.get('status_reason')}"
        return
    ready = time.monotonic() - started
    shown = Trial(trial.registry_id, plugin_id=trial.plugin_id)
    _show(product, shown)
    trial.with_settings = f"runs after {ready:.1f} s, {shown.shown}, {shown.lit} lit"


def _panel_report(product: Product, plugin_id: str) -> dict[str, Any]:
    return dict(product.status().get("plugins", {}).get(plugin_id, {}))


if __name__ == "__main__":
    main()

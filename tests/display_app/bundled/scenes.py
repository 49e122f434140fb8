"""The bundled plugins on panels of three sizes, with time and machine standing still; `python -m tests.display_app.bundled.scenes` redraws
the golden pictures here and the LED pictures in docs/pictures."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from display_app.fonts.provision import provision_assets
from display_app.frames.led_picture import led_picture
from display_app.runtime.session import HostSpec, PluginSession
from plugins_app.config.defaults import defaults_of
from plugins_app.package.schema import normalise, read_schema

BASE_DIR = Path(__file__).resolve().parents[3]
BUNDLED = BASE_DIR / "display_app" / "bundled"
GOLDEN = Path(__file__).parent / "golden"
PICTURES = BASE_DIR / "docs" / "pictures"
SIZES = ((64, 32), (128, 32), (128, 64))
NOW = datetime(2025, 9, 23, 18, 34, 56, tzinfo=UTC)
HERE = {"page_url": "http://192.168.178.20:8000", "reachable": True}
ONLY_HERE = {"page_url": "http://127.0.0.1:8000", "reachable": False}


@dataclass(frozen=True)
class Scene:
    """One plugin with settings, in one mode; `prepare` makes it stand still; `docs` names the picture for the documents."""

    name: str
    plugin_id: str
    config: dict[str, Any] = field(default_factory=dict)
    mode: str = ""
    place: dict[str, Any] = field(default_factory=lambda: HERE)
    prepare: Callable[[Any], None] = lambda plugin: None
    touches_edge: bool = False
    docs: str = ""


def freeze_clock(plugin: Any) -> None:
    plugin.now = lambda zone: NOW.astimezone(zone)


def stop_scroll(plugin: Any) -> None:
    helper = plugin.scroll_helper
    helper._clock = lambda: 0.0
    helper.reset_scroll()
    helper.scroll_position = helper.display_width * 0.15


def measure(plugin: Any) -> None:
    plugin.readings = type(plugin.readings)(load=23, memory=74, celsius=51, uptime=277_000)


def measure_less(plugin: Any) -> None:
    plugin.readings = type(plugin.readings)(load=96, memory=41, celsius=None, uptime=277_000)


SCENES = (
    Scene("clock", "ledsite-clock", prepare=freeze_clock, docs="clock"),
    Scene("clock-12-seconds", "ledsite-clock", {"hours": "12", "show_seconds": True, "date_order": "month-day"}, prepare=freeze_clock),
    Scene("clock-plain", "ledsite-clock", {"show_date": False, "timezone": "Asia/Kolkata"}, prepare=freeze_clock),
    Scene("message-still", "ledsite-message", {"text": "Größe"}),
    Scene(
        "message",
        "ledsite-message",
        {"text": "Hello from ledsite, and welcome home"},
        prepare=stop_scroll,
        touches_edge=True,
        docs="message",
    ),
    Scene("address", "ledsite-system", mode="ledsite-system-address", docs="address"),
    Scene("address-only-here", "ledsite-system", mode="ledsite-system-address", place=ONLY_HERE),
    Scene("status", "ledsite-system", mode="ledsite-system-status", prepare=measure, docs="status"),
    Scene("status-less", "ledsite-system", mode="ledsite-system-status", prepare=measure_less),
)


@contextmanager
def running(scene: Scene, size: tuple[int, int], *, root: Path) -> Iterator[tuple[PluginSession, list[Image.Image]]]:
    """Run the scene's plugin in this process as a host does; give the session and the frames that it published."""
    folder = BUNDLED / scene.plugin_id
    manifest = json.loads((folder / "manifest.json").read_text())
    provision_assets(root / "assets")
    frames: list[Image.Image] = []
    spec = HostSpec(
        plugin_id=scene.plugin_id,
        folder=folder,
        root=root,
        entry_point=manifest["entry_point"],
        class_name=manifest["class_name"],
        manifest=manifest,
        config=defaults_of(normalise(read_schema(folder))) | scene.config,
        width=size[0],
        height=size[1],
        cache_dir=root / "cache",
        global_config={"timezone": "Europe/Berlin", "ledsite": scene.place},
    )
    with as_before():
        session = PluginSession(spec, frames.append)
        session.load()
        scene.prepare(session._plugin)
        yield session, frames
        session.close()


@contextmanager
def as_before() -> Iterator[None]:
    """Undo what loading a plugin does to its process: working directory, search path, modules, finders."""
    folder, path, finders, modules = Path.cwd(), list(sys.path), list(sys.meta_path), set(sys.modules)
    writes = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        os.chdir(folder)
        sys.path[:], sys.meta_path[:], sys.dont_write_bytecode = path, finders, writes
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(BUNDLED)):
                del sys.modules[name]


def render(scene: Scene, size: tuple[int, int], *, root: Path) -> Image.Image:
    """Return what the panel shows."""
    with running(scene, size, root=root) as (session, frames):
        session.display(scene.mode or session.modes[0], force_clear=not scene.touches_edge)
        return frames[-1]


def golden_path(scene: Scene, size: tuple[int, int]) -> Path:
    return GOLDEN / f"{scene.name}-{size[0]}x{size[1]}.png"


def redraw() -> None:
    """Write every picture anew."""
    GOLDEN.mkdir(exist_ok=True)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as root:
        for scene in SCENES:
            for size in SIZES:
                picture = render(scene, size, root=Path(root))
                picture.save(golden_path(scene, size), optimize=True)
                if scene.docs:
                    name = scene.docs if size == (128, 32) else f"{scene.docs}-{size[0]}x{size[1]}"
                    led_picture(picture, pitch=6).quantize(128).save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    redraw()

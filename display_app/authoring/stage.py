"""Renders a plugin: copies it into a throw-away root, lets an actor perform there, and returns the pictures."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from display_app.authoring.copying import copy_named, copy_tree
from display_app.authoring.process import Ending, run_actor
from display_app.authoring.rendering import Rendering
from display_app.authoring.task import StageTask
from display_app.fonts.provision import provision_assets
from display_app.runtime.config_files import FILES, FOLDER
from display_app.runtime.spec import HostSpec
from plugins_app.package.manifest import Manifest
from plugins_app.package.paths import UPLOADS, PluginPaths, uploads_in

MOST_PLUGIN_BYTES, MOST_CACHE_BYTES, MOST_UPLOADS_BYTES = 512 * 1024 * 1024, 64 * 1024 * 1024, 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What to render: a plugin's folder with its manifest and settings, on a panel of some size, for some seconds of each mode.

    `at` is the time at which it begins (None: now), `answers` what the web says (recorded.py; anything else is refused), `record` asks
    the web itself and remembers what it said, `deps` is a folder with packages that the plugin requires, `cache` one with what
    it has fetched before, `limit_seconds` the real time after which it is ended.
    """

    folder: Path
    manifest: Manifest
    settings: dict[str, Any]
    width: int = 128
    height: int = 32
    modes: tuple[str, ...] = ()
    seconds: float = 1.0
    frame_seconds: float = 0.05
    at: float | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    global_config: dict[str, Any] = field(default_factory=dict)
    watch_texts: bool = False
    record: bool = False
    deps: Path | None = None
    cache: Path | None = None
    protected: tuple[Path, ...] = ()
    user: str = ""
    limit_seconds: float = 60.0


def render(scene: Scene) -> Rendering:
    """Let the plugin perform in another process and return what came of it; the plugin's folder itself is only read."""
    rendering = Rendering(scene.width, scene.height, scene.seconds)
    with _throw_away_root(scene) as root:
        spec = _spec(scene, root)
        task = StageTask(
            spec=spec,
            at=time.time() if scene.at is None else scene.at,
            modes=scene.modes,
            seconds=scene.seconds,
            frame_seconds=scene.frame_seconds,
            answers=scene.answers,
            watch_texts=scene.watch_texts,
            record=scene.record,
            protected=tuple(map(str, scene.protected)),
            user=scene.user,
        )
        ending = run_actor(task.to_bytes(), cwd=root, scratch=spec.cache_dir, seconds=scene.limit_seconds, on_line=rendering.take)
    rendering.log = ending.log
    if not rendering.is_complete and not rendering.reason:
        rendering.reason = _how_it_ended(rendering, ending, scene.limit_seconds)
    return rendering


@contextmanager
def _throw_away_root(scene: Scene) -> Iterator[Path]:
    """Make a runtime root with a copy of the plugin, fonts, and folders to write into; it goes away whatever is in it."""
    with tempfile.TemporaryDirectory(prefix="ledsite-stage-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        live = root / "plugin-repos" / scene.manifest.id
        copy_tree(scene.folder, live, most_bytes=MOST_PLUGIN_BYTES)
        _copy_shared(scene.folder.parent, root)
        if scene.deps is not None:
            _drop(live / ".deps")
            copy_tree(scene.deps, live / ".deps", most_bytes=MOST_PLUGIN_BYTES)
        provision_assets(root / "assets")
        copy_named(uploads_in(scene.settings), scene.folder.parent.parent, root, below=UPLOADS, most_bytes=MOST_UPLOADS_BYTES)
        if scene.cache is not None:
            with contextlib.suppress(OSError):  # it is drawn with less, then
                copy_tree(scene.cache, root / "cache", most_bytes=MOST_CACHE_BYTES, links=False)
        for name in FILES:  # the saved secrets are none of the stage's: who reads these files gets them with the scene's settings
            (root / "cache" / FOLDER / name).unlink(missing_ok=True)
        for name in ("home", "tmp"):
            (root / "cache" / name).mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            _open_to_all(root)  # the actor gives root away before it imports the plugin
        yield root


def _copy_shared(plugin_dir: Path, root: Path) -> None:
    """Bring along the modules that installed plugins share: those in the plugin folder and beside it."""
    if not PluginPaths(plugin_dir).private.is_dir():
        return  # only the folder of installed plugins has that; elsewhere anything may lie beside a plugin
    for source, target in ((plugin_dir, root / "plugin-repos"), (plugin_dir.parent, root)):
        for module in source.glob("*.py"):
            if module.is_file():
                shutil.copy(module, target)


def _drop(path: Path) -> None:
    if path.is_symlink():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def _open_to_all(root: Path) -> None:
    root.chmod(0o755)
    for folder, _, files in os.walk(root):
        for path in (Path(folder), *(Path(folder) / name for name in files)):
            if path != root and not path.is_symlink():
                path.chmod(0o777 if path.is_dir() or path.stat().st_mode & 0o100 else 0o666)


def _spec(scene: Scene, root: Path) -> HostSpec:
    manifest = scene.manifest
    return HostSpec(
        plugin_id=manifest.id,
        folder=root / "plugin-repos" / manifest.id,
        root=root,
        entry_point=manifest.entry_point,
        class_name=manifest.class_name,
        manifest={**manifest.raw, "display_modes": list(manifest.display_modes)},
        config=scene.settings,
        width=scene.width,
        height=scene.height,
        cache_dir=root / "cache",
        global_config=scene.global_config,
    )


def _how_it_ended(rendering: Rendering, ending: Ending, seconds: float) -> str:
    doing = "starting"
    for step, words in (
        ("confined", "being imported"),
        ("imported", "being constructed"),
        ("constructed", "checking its settings"),
        ("modes", "updating"),
        ("updated", "drawing"),
    ):
        doing = words if step in rendering.steps else doing
    if ending.overdue:
        return f"It did not end within {seconds:g} s while {doing}."
    how = f"signal {-ending.code}" if ending.code < 0 else f"exit code {ending.code}"
    return f"It ended its process ({how}) while {doing}."

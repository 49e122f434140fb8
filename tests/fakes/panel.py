"""A real panel on folders and a database of its own: director, zygote, hosts and driver, with the sample plugins."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from display_app.frames.bus import Frame, FrameReader
from display_app.models import DisplayCommand, DisplaySettings, Notification, PluginHealth
from plugins_app.models import Issue, Operation, Plugin, PluginConfig, Probation
from plugins_app.wakeup import send_wakeup

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = PROJECT / "tests" / "plugins"
ALIAS = "panel"


def migrated_database(path: Path) -> None:
    """Make an empty database with all tables."""
    use_database(path)
    call_command("migrate", database=ALIAS, verbosity=0)
    connections[ALIAS].close()


def use_database(path: Path) -> None:
    """Have the alias `panel` mean this file."""
    if ALIAS in connections.databases:
        connections[ALIAS].close()
        del connections[ALIAS]
    connections.databases[ALIAS] = {**connections.databases["default"], "NAME": str(path)}


def until(condition: Callable[[], Any], *, seconds: float = 20.0, what: str | Callable[[], str] = "") -> Any:
    """Poll until something is true and return it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"did not happen within {seconds} s: {what() if callable(what) else what or condition}")


class FakePanelOwner:
    """Owns one panel: its folders, rows and process."""

    def __init__(
        self,
        folder: Path,
        template: Path,
        *,
        panel: str = "64x32x2x1",
        limits: dict[str, Any] | None = None,
        run_dir: Path | None = None,
        python: str = sys.executable,
    ) -> None:
        self.folder = folder
        self.python = python
        self.run_dir = run_dir or folder / "run"
        self.data_dir = folder / "data"
        self.plugin_dir = folder / "root" / "plugin-repos"
        for path in (self.run_dir, self.data_dir, self.plugin_dir):
            path.mkdir(parents=True)
        database = self.data_dir / "ledsite.sqlite3"
        shutil.copyfile(template, database)
        use_database(database)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LEDSITE_")},
            "DJANGO_SETTINGS_MODULE": "ledsite.settings",
            "LEDSITE_DATA_DIR": str(self.data_dir),
            "LEDSITE_RUN_DIR": str(self.run_dir),
            "LEDSITE_PLUGIN_DIR": str(self.plugin_dir),
            "LEDSITE_BACKEND": "headless",
            "LEDSITE_PANEL": panel,
            "LEDSITE_TIME_ZONE": "UTC",
        }
        self.process: subprocess.Popen[bytes] | None = None
        if limits:
            self.set(limits=limits)
        self.log = folder / "panel.log"
        self.reader = FrameReader(self.run_dir / "panel.frames")

    # -- rows

    def install(
        self, plugin_id: str, sample: str, settings: dict[str, Any] | None = None, *, enabled: bool = True, **fields: Any
    ) -> Plugin:
        """Put a copy of a sample plugin in place, with its row."""
        folder = self.plugin_dir / plugin_id
        shutil.copytree(SAMPLES / sample, folder)
        manifest = json.loads((folder / "manifest.json").read_text()) | {"id": plugin_id, "display_modes": [plugin_id]}
        (folder / "manifest.json").write_text(json.dumps(manifest))
        position = Plugin.objects.using(ALIAS).count()
        plugin = Plugin(plugin_id=plugin_id, name=plugin_id, version="1", manifest=manifest, source="local", active_generation="g1")
        for name, value in {"enabled": enabled, "position": position, **fields}.items():
            setattr(plugin, name, value)
        plugin.save(using=ALIAS)
        PluginConfig.objects.using(ALIAS).create(plugin=plugin, values=settings or {})
        self.wake()
        return plugin

    def change(self, plugin_id: str, **fields: Any) -> None:
        """Change columns of a plugin."""
        Plugin.objects.using(ALIAS).filter(pk=plugin_id).update(**fields)
        self.wake()

    def configure(self, plugin_id: str, settings: dict[str, Any]) -> None:
        """Save settings of a plugin."""
        row = PluginConfig.objects.using(ALIAS).get(plugin_id=plugin_id)
        row.values, row.revision = settings, row.revision + 1
        row.save(using=ALIAS)
        self.wake()

    def order(self, kind: str, **arguments: Any) -> None:
        """Give the panel a command."""
        DisplayCommand.objects.using(ALIAS).create(kind=kind, arguments=arguments)
        self.wake()

    def set(self, **values: Any) -> None:
        """Change settings of the panel."""
        DisplaySettings.objects.using(ALIAS).update_or_create(pk=1, defaults=values)
        self.wake()

    def notify(self, **fields: Any) -> None:
        """Have something said on the panel."""
        Notification.objects.using(ALIAS).create(expires_at=timezone.now() + timedelta(minutes=5), **fields)
        self.wake()

    def put_away(self, text: str) -> None:
        """Dismiss a notification."""
        Notification.objects.using(ALIAS).filter(text=text).update(state="dismissed")
        self.wake()

    def notifications(self) -> list[tuple[str, str]]:
        """Return texts and states."""
        return list(Notification.objects.using(ALIAS).order_by("pk").values_list("text", "state"))

    def operation(self, plugin_id: str, phase: str) -> Operation:
        """Have an open operation on a plugin."""
        found = Operation.objects.using(ALIAS).create(kind="update", plugin_id=plugin_id, status="running", phase=phase)
        self.wake()
        return found

    def health(self, plugin_id: str) -> PluginHealth | None:
        """Return what is remembered of a plugin."""
        return PluginHealth.objects.using(ALIAS).filter(pk=plugin_id).first()

    def issue(self, kind: str) -> Issue | None:
        """Return an open notice."""
        return Issue.objects.using(ALIAS).filter(kind=kind, resolved_at=None).first()

    def on_probation(self, plugin_id: str) -> None:
        """Say that a plugin's version came by itself."""
        generation = Plugin.objects.using(ALIAS).get(pk=plugin_id).active_generation
        Probation.objects.using(ALIAS).create(plugin_id=plugin_id, generation=generation, version="2", from_version="1")

    def probation(self, plugin_id: str) -> Probation:
        """Return what the panel has counted."""
        return Probation.objects.using(ALIAS).get(pk=plugin_id)

    def wake(self) -> None:
        """Tell the director to look."""
        send_wakeup(self.run_dir)

    # -- the process

    def start(self) -> None:
        """Start the panel."""
        command = [self.python, "manage.py", "runmatrix"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True)

    def stop(self) -> float:
        """Stop the panel as a supervisor does; return the seconds that it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(10) == 0, self.log.read_text()
        return time.monotonic() - began

    def kill(self) -> None:
        """End the director at once."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        self.reader.close()
        connections[ALIAS].close()

    # -- what is going on

    def status(self) -> dict[str, Any]:
        """Return `status.json`, {} while there is none."""
        try:
            found: dict[str, Any] = json.loads((self.run_dir / "status.json").read_text())
        except (OSError, ValueError):
            return {}
        return found

    def now(self) -> str | None:
        """Return the plugin that is shown."""
        return (self.status().get("now") or {}).get("plugin_id")

    def plugin(self, plugin_id: str) -> dict[str, Any]:
        """Return what the panel says of a plugin."""
        found: dict[str, Any] = self.status().get("plugins", {}).get(plugin_id, {})
        return found

    def until_showing(self, plugin_id: str, *, seconds: float = 20.0) -> None:
        """Wait until a plugin is shown."""
        until(lambda: self.now() == plugin_id, seconds=seconds, what=lambda: f"{plugin_id} shown; {self.status()} {self.log.read_text()}")

    def frame(self) -> Frame:
        """Return the picture on the panel."""
        found: Frame = until(self.reader.read, what="a frame")
        return found

    def processes(self) -> dict[str, int]:
        """Return the pids of everything that the panel has started."""
        found: dict[str, int] = self.status().get("processes", {})
        return found


class GapWatch:
    """Watches the panel for standstill while something else happens."""

    def __init__(self, reader: FrameReader) -> None:
        self._reader = reader
        self._number = 0
        self._at = time.monotonic()
        self.gaps: list[float] = []

    def watch(self, seconds: float) -> None:
        """Look at the panel for some seconds, a thousand times a second."""
        deadline = time.monotonic() + seconds
        while (now := time.monotonic()) < deadline:
            frame = self._reader.read()
            if frame is not None and frame.number != self._number:
                if self._number:
                    self.gaps.append(now - self._at)
                self._number, self._at = frame.number, now
            time.sleep(0.001)
        self.gaps.append(time.monotonic() - self._at)

"""The throw-away process that runs a plugin's script, confined as its host, with network; nothing of the script runs in ours (pure)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from plugins_app.installer.bound import Ended, TooMuchOutput, run_bound
from plugins_app.installer.probe import environment
from plugins_app.installer.scratch import scratch_folder
from plugins_app.package.paths import PluginPaths

MOST_SETTINGS = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class ScriptTask:
    """What to run: a script of the installed plugin, with settings and a text to read.

    `asks_for_link` wants the address for a login instead of a run; `protected` are folders that stay closed to it, `user` is whom it
    becomes when we are root.
    """

    paths: PluginPaths
    plugin_id: str
    manifest: Mapping[str, Any]
    script: str
    settings: Mapping[str, Any]
    shared: Mapping[str, Any]
    text: str
    panel: tuple[int, int]
    asks_for_link: bool = False
    protected: tuple[Path, ...] = ()
    user: str = ""

    def as_json(self, report: int) -> bytes:
        """Return it as the process reads it."""
        plain = {
            "spec": {
                "plugin_id": self.plugin_id,
                "folder": str(self.paths.live(self.plugin_id)),
                "root": str(self.paths.root),
                "entry_point": "",
                "class_name": "",
                "manifest": dict(self.manifest),
                "config": dict(self.settings),
                "width": self.panel[0],
                "height": self.panel[1],
                "cache_dir": str(self.paths.private / "cache" / self.plugin_id),
                "global_config": dict(self.shared),
            },
            "script": self.script,
            "text": self.text,
            "asks_for_link": self.asks_for_link,
            "live_lock": str(self.paths.live_lock(self.plugin_id)),
            "protected": [str(path) for path in self.protected],
            "user": self.user,
            "report": report,
        }
        return json.dumps(plain).encode()


@dataclass(frozen=True)
class Ran:
    """How it ended, what it printed, and the settings that it left behind, None when it left none."""

    ended: Ended
    output: str
    settings: dict[str, Any] | None
    is_cut: bool = False


def run_script(task: ScriptTask, *, seconds: float, most_output: int, on_wait: Callable[[], None]) -> Ran:
    """Run it to its end, or end it: when its time is over, when it prints too much, when `on_wait` raises."""
    lines: list[str] = []
    report = os.memfd_create("settings", os.MFD_CLOEXEC)
    try:
        with scratch_folder("action", mode=0o755) as scratch:
            try:
                ended = run_bound(
                    [sys.executable, "-m", "display_app.hosting.action"],
                    seconds=seconds,
                    env=environment(str(scratch)),
                    cwd=scratch,
                    on_line=lines.append,
                    stdin=task.as_json(report),
                    keep_fds=(report,),
                    on_wait=on_wait,
                    longest_line=most_output,
                    most_output=most_output,
                )
            except TooMuchOutput:
                return Ran(Ended(1), "\n".join(lines)[:most_output], None, is_cut=True)
        return Ran(ended, "\n".join(lines), _settings_in(report))
    finally:
        os.close(report)


def _settings_in(report: int) -> dict[str, Any] | None:
    body = os.pread(report, MOST_SETTINGS + 1, 0)
    try:
        found = json.loads(body) if len(body) <= MOST_SETTINGS else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None

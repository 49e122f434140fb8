"""What the panel is doing, for pages and API: read from the director's `status.json`, never from the director, so it cannot block."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings

from display_app.health.starts import FILE_NAME, read_starts
from plugins_app.panel import read_panel

NOT_RUNNING = "The panel is not running: its process has ended or never started."
_OUTLIVES_THE_DIRECTOR = ("power", "brightness", "paused", "backend", "panel")


def read_status() -> dict[str, Any]:
    """Return the body of GET display/status; with the director dead `alive` is false and `driver.problem` says so."""
    state = read_panel(settings.LEDSITE.run_dir)
    if state.alive and _exists(state.data.get("pid")):
        return _empty() | state.data | {"alive": True}
    kept = read_starts(Path(settings.LEDSITE.data_dir) / FILE_NAME).report()
    return _empty() | {name: state.data[name] for name in _OUTLIVES_THE_DIRECTOR if name in state.data} | {"safe_mode": kept}


def _empty() -> dict[str, Any]:
    panel = settings.LEDSITE.panel
    return {
        "alive": False,
        "power": True,
        "power_reason": "",
        "brightness": None,
        "brightness_reason": "",
        "paused": False,
        "backend": settings.LEDSITE.backend,
        "panel": {"width": panel.width, "height": panel.height},
        "now": None,
        "next": None,
        "on_demand": None,
        "last_on_demand": None,
        "ticker": None,
        "fps": 0.0,
        "late_frames": 0,
        "driver": {"ok": False, "problem": NOT_RUNNING},
        "processes": {},
        "priority": None,
        "isolation": None,
        "safe_mode": None,
        "plugins": {},
    }


def _exists(pid: object) -> bool:
    if not isinstance(pid, int) or pid < 1:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

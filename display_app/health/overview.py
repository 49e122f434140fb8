"""How every plugin is, for pages and API: what the director says now, and what is remembered of crashes and errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from display_app.health import log_lines
from display_app.models import PluginHealth
from display_app.status import read_status
from plugins_app.exceptions import BadRequest, NotFound
from plugins_app.models import Plugin
from plugins_app.package.ids import check_id

NUMBERS = ("pid", "modes", "memory_mb", "cpu_percent", "draw_ms", "update_ms", "fps", "late_frames")
MOST_ENTRIES = 500
NOT_RUNNING = "The panel is not running."


def plugins_health() -> list[dict[str, Any]]:
    """Return every installed plugin in the order of the panel, without tracebacks."""
    state = read_status()
    rows = PluginHealth.objects.in_bulk()
    plugins = Plugin.objects.in_order().defer("schema", "manifest")
    return [_described(plugin, rows.get(plugin.plugin_id), state) for plugin in plugins]


def plugin_health(plugin_id: str) -> dict[str, Any]:
    """Return one plugin with the traceback of its last error. Raise NotFound `not-installed`."""
    plugin = find_plugin(plugin_id)
    row = PluginHealth.objects.filter(pk=plugin_id).first()
    found = _described(plugin, row, read_status())
    return found | {"last_traceback": row.last_traceback if row else ""}


def find_plugin(plugin_id: str) -> Plugin:
    """Return an installed plugin. Raise NotFound `not-installed`."""
    plugin = Plugin.objects.filter(plugin_id=check_id(plugin_id)).defer("schema", "manifest").first()
    if plugin is None:
        raise NotFound(f"{plugin_id} is not installed.", code="not-installed", hint="See /api/v3/display/health/plugins.")
    return plugin


def log_path(plugin_id: str) -> Path:
    """Return the file that the director writes a plugin's output to."""
    return Path(settings.LEDSITE.data_dir) / "logs" / "plugins" / f"{check_id(plugin_id)}.log"


def checked_level(text: str) -> str:
    """Return the name of a level. Raise BadRequest `bad-level`."""
    if text.upper() not in log_lines.LEVELS:
        raise BadRequest(f"There is no level {text[:20]!r}.", code="bad-level", hint=f"Known are {', '.join(log_lines.LEVELS).lower()}.")
    return text.upper()


def log_of(plugin_id: str, level: str) -> list[dict[str, Any]]:
    """Return the last entries of a plugin's log, the newest last. Raise NotFound `not-installed`."""
    find_plugin(plugin_id)
    found = log_lines.entries(log_lines.read_log(log_path(plugin_id)).splitlines())
    chosen = log_lines.at_least(found, level)[-MOST_ENTRIES:]
    return [{"at": entry.at, "level": entry.level.lower(), "text": entry.text} for entry in chosen]


def _described(plugin: Plugin, row: PluginHealth | None, state: dict[str, Any]) -> dict[str, Any]:
    said = state["plugins"].get(plugin.plugin_id) or {}
    row = row or PluginHealth(plugin_id=plugin.plugin_id)
    return {
        "id": plugin.plugin_id,
        "name": plugin.name,
        "version": plugin.version,
        "enabled": plugin.enabled,
        **_state(plugin, said, is_alive=state["alive"]),
        **{name: said.get(name) for name in NUMBERS},
        "restarts": said.get("restarts", row.restarts),
        "strikes": row.strikes,
        "failures": row.failures,
        "last_error": said.get("last_error") or row.last_error,
        "last_error_at": row.last_error_at,
        "quarantined_at": row.quarantined_at,
    }


def _state(plugin: Plugin, said: dict[str, Any], *, is_alive: bool) -> dict[str, str]:
    if plugin.missing:
        return {"state": "missing", "reason": "Its files are gone."}
    if not plugin.enabled:
        return {"state": "disabled", "reason": ""}
    if not said:
        return {"state": "starting", "reason": "" if is_alive else NOT_RUNNING}
    return {"state": str(said.get("state")), "reason": str(said.get("reason") or "")}

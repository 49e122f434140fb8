"""ConfigManager: the global settings as one plugin sees them, with its own section and nobody else's."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)


class ConfigManager:
    """A live view: `config` is the global settings plus one key, the plugin's id, holding its own section."""

    def __init__(
        self,
        global_config: dict[str, Any],
        *,
        plugin_id: str,
        section: dict[str, Any],
        width: int,
        height: int,
        on_save: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self._plugin_id = plugin_id
        self._on_save = on_save
        self.config: dict[str, Any] = {**global_config, "display": _display_block(global_config, width, height), plugin_id: section}

    def get_config(self) -> dict[str, Any]:
        """Return the whole settings: the live dict, not a copy."""
        return self.config

    def load_config(self) -> dict[str, Any]:
        """Return the whole settings; they are pushed to the host when they change, so nothing is read here."""
        return self.config

    def get_timezone(self) -> str:
        """Return the time zone's IANA name, `UTC` when none is set."""
        return str(self.config.get("timezone") or "UTC")

    def get_display_config(self) -> dict[str, Any]:
        """Return the display block: `hardware` (rows, cols, chain_length, parallel, brightness), `display_durations` and others."""
        display = self.config.get("display")
        return display if isinstance(display, dict) else {}

    def get_secret(self, key: str) -> Any:
        """Return the plugin's own section, which holds its secrets, for its own id; None for every other key: they are not for it."""
        return self.config[key] if key == self._plugin_id else None

    def save_config(self, new_config: dict[str, Any]) -> None:
        """Save the plugin's own section out of `new_config`; changes elsewhere are dropped. TypeError when a dict is missing."""
        section = new_config.get(self._plugin_id) if isinstance(new_config, dict) else None
        if not isinstance(section, dict):
            raise TypeError(f"save_config needs the whole settings with a section for {self._plugin_id!r}")
        self.config[self._plugin_id] = section
        if self._on_save is None:
            logger.info("Settings saved by the plugin itself are kept until it ends")
        else:
            self._on_save(section)

    def replace_section(self, section: dict[str, Any]) -> None:
        """Take over changed settings of the plugin (called by the host)."""
        self.config[self._plugin_id] = section


def _display_block(global_config: dict[str, Any], width: int, height: int) -> dict[str, Any]:
    """Return the display block with a hardware part that multiplies up to the panel's size."""
    display = global_config.get("display")
    display = dict(display) if isinstance(display, dict) else {}
    hardware = display.get("hardware")
    hardware = dict(hardware) if isinstance(hardware, dict) else {}
    if _pixels(hardware) != (width, height):
        hardware |= {"rows": height, "cols": width, "chain_length": 1, "parallel": 1}
    hardware.setdefault("brightness", 90)
    display.setdefault("display_durations", {})
    return display | {"hardware": hardware}


def _pixels(hardware: dict[str, Any]) -> tuple[int, int] | None:
    sizes = [hardware.get(name) for name in ("cols", "chain_length", "rows", "parallel")]
    if not all(isinstance(size, int) for size in sizes):
        return None
    cols, chain, rows, parallel = (int(size or 0) for size in sizes)
    return cols * chain, rows * parallel

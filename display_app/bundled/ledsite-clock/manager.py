"""A clock: reads its settings, asks for the time, and shows the face."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from face import Face, Style
from src.plugin_system.base_plugin import BasePlugin


class LedsiteClock(BasePlugin):
    """Time and date for panels of every size."""

    now = staticmethod(datetime.now)

    def __init__(self, plugin_id: str, config: dict[str, Any], display_manager: Any, cache_manager: Any, plugin_manager: Any) -> None:
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self._read(config)

    def update(self) -> None:
        """Do nothing: the time is asked for when it is shown."""

    def display(self, force_clear: bool = False) -> None:
        """Show the time of this second."""
        self.display_manager.image = self.face.draw(self.now(self.zone))
        self.display_manager.update_display()

    def on_config_change(self, new_config: dict[str, Any] | None) -> None:
        """Use changed settings from the next second on."""
        super().on_config_change(new_config)
        self._read(self.config)

    def validate_config(self) -> bool:
        """Refuse a time zone that does not exist."""
        name = self.config.get("timezone")
        if name and _zone(name) is None:
            self.logger.error("There is no time zone %r: use a name like Europe/Berlin", name)
            return False
        return bool(super().validate_config())

    def _read(self, config: dict[str, Any]) -> None:
        inherited = self.plugin_manager.config_manager.get_timezone()
        self.zone = _zone(config.get("timezone")) or _zone(inherited) or ZoneInfo("UTC")
        style = Style(
            twelve_hours=str(config.get("hours", "24")) == "12",
            seconds=bool(config.get("show_seconds", False)),
            date=bool(config.get("show_date", True)),
            date_order=str(config.get("date_order", "day-month")),
            color=_color(config.get("color"), Style.color),
            date_color=_color(config.get("date_color"), Style.date_color),
        )
        self.face = Face(self.display_manager.width, self.display_manager.height, style=style)


def _zone(name: Any) -> tzinfo | None:
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _color(value: Any, default: tuple[int, int, int]) -> tuple[int, int, int]:
    if isinstance(value, list | tuple) and len(value) == 3 and all(isinstance(part, int) and 0 <= part <= 255 for part in value):
        return value[0], value[1], value[2]
    return default

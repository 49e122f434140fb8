"""Two pages: where the panel's page is, and how the machine is."""

from __future__ import annotations

from typing import Any

from address_page import address_page
from readings import Readings, read_machine
from src.plugin_system.base_plugin import BasePlugin
from status_page import rows_of, status_page

ADDRESS, STATUS = "ledsite-system-address", "ledsite-system-status"


class LedsiteSystem(BasePlugin):
    """Address and state of this machine."""

    def __init__(self, plugin_id: str, config: dict[str, Any], display_manager: Any, cache_manager: Any, plugin_manager: Any) -> None:
        super().__init__(plugin_id, config, display_manager, cache_manager, plugin_manager)
        self.readings = Readings()

    def update(self) -> None:
        """Read load, memory and temperature."""
        self.readings = read_machine()

    def display(self, display_mode: str = ADDRESS, force_clear: bool = False) -> bool:
        """Show one page; False when it is switched off or there is nothing to say."""
        page = self._status() if display_mode == STATUS else self._address()
        if page is None:
            return False
        self.display_manager.image = page
        self.display_manager.update_display()
        return True

    def on_config_change(self, new_config: dict[str, Any] | None) -> None:
        """Use changed settings from the next frame on."""
        super().on_config_change(new_config)

    def _address(self) -> Any:
        """Return the page for the address that the host tells, None when it tells none."""
        place = self.global_config.get("ledsite")
        url = place.get("page_url") if isinstance(place, dict) else None
        if not isinstance(url, str) or not url or not self.config.get("show_address", True):
            return None
        return address_page(self.display_manager.width, self.display_manager.height, url, reachable=bool(place.get("reachable")))

    def _status(self) -> Any:
        rows = rows_of(self.readings, fahrenheit=bool(self.config.get("fahrenheit", False)))
        if not rows or not self.config.get("show_status", True):
            return None
        return status_page(self.display_manager.width, self.display_manager.height, rows)

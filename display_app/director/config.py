"""What the director is started with: folders, panel, backend, and the wall between it and the settings module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledsite.env import BASE_DIR, Environment, own_addresses
from plugins_app.package.paths import PluginPaths

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, kw_only=True)
class DirectorConfig:
    """Everything from outside, fixed for the life of a director."""

    environment: Environment
    clock_rate: float = 2.0

    @property
    def run_dir(self) -> Path:
        """Folder of the frame buses, sockets and `status.json`."""
        return self.environment.run_dir

    @property
    def paths(self) -> PluginPaths:
        """Where plugins lie."""
        return PluginPaths(self.environment.plugin_dir)

    @property
    def code_dir(self) -> Path:
        """Our own code, which hosts must be able to read."""
        return BASE_DIR

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.environment.panel.width

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.environment.panel.height

    def cache_dir(self, plugin_id: str) -> Path:
        """Return the folder of what one plugin caches; it goes with the plugin."""
        return self.cache_root / plugin_id

    @property
    def cache_root(self) -> Path:
        """Return the folder of all caches of plugins."""
        return self.paths.private / "cache"

    def log_file(self, plugin_id: str) -> Path:
        """Return the log of one plugin's output."""
        return self.environment.data_dir / "logs" / "plugins" / f"{plugin_id}.log"

    def page_address(self) -> tuple[str, bool]:
        """Return the address of the page, and whether another device can open it."""
        host, port = self.environment.bind_host, self.environment.bind_port
        if host in LOOPBACK:
            return f"http://127.0.0.1:{port}", False
        if host in ("0.0.0.0", "::"):
            others = [address for address in own_addresses() if address not in ("127.0.0.1", "127.0.1.1", "[::1]")]
            others.sort(key=lambda address: address.startswith("["))
            return (f"http://{others[0]}:{port}", True) if others else (f"http://127.0.0.1:{port}", False)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}", True

    def global_config(
        self, *, brightness: int, durations: Mapping[str, float], longest: float, location: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return what every plugin may read besides its own settings (contract 3.2)."""
        panel = self.environment.panel
        page_url, is_reachable = self.page_address()
        hardware = {
            "cols": panel.cols,
            "rows": panel.rows,
            "chain_length": panel.chain,
            "parallel": panel.parallel,
            "brightness": brightness,
        }
        return {
            "timezone": self.environment.time_zone,
            "location": dict(location),
            "display": {
                "hardware": hardware,
                "display_durations": dict(durations),
                "dynamic_duration": {"max_duration_seconds": longest},
            },
            "ledsite": {"page_url": page_url, "reachable": is_reachable},
        }

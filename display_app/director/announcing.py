"""What the director says of itself: the body of `status.json`, and the lines that stand on the panel while nobody draws."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from display_app.director.config import DirectorConfig
from display_app.director.driver import DriverKeeper
from display_app.director.hosts import Hosts
from display_app.director.lighting import Lighting
from display_app.director.notices import Notices
from display_app.director.panel import Panel
from display_app.director.prober import Prober
from display_app.director.roster import Roster
from display_app.director.rows import Rows
from display_app.director.safe_mode import SafeMode
from display_app.director.stage import Stage
from display_app.director.ticker import Ticker
from display_app.director.ticker_report import filled_in, ticker_report
from display_app.director.wish_book import WishBook, on_demand_report
from display_app.director.zygote import ZygoteClient
from display_app.output.privileges import priority_of
from display_app.rotation.turns import Inputs


@dataclass(frozen=True, kw_only=True)
class Announcer:
    """Reads everything that the loop holds, and changes nothing."""

    config: DirectorConfig
    panel: Panel
    lighting: Lighting
    notices: Notices
    stage: Stage
    ticker: Ticker
    wishes: WishBook
    roster: Roster
    hosts: Hosts
    driver: DriverKeeper
    zygote: ZygoteClient
    prober: Prober
    safe_mode: SafeMode

    def idle_lines(self, rows: Rows) -> tuple[str, ...]:
        """Return what stands on the panel while nobody draws."""
        address = self.config.page_address()[0].removeprefix("http://")
        if not self.zygote.is_ready:
            return ("ledsite", "starting")
        if self.safe_mode.is_on and not self.roster.is_starting():
            return ("Safe mode", address)
        if not rows.plugins:
            return ("No plugins", address)
        return ("ledsite", "starting") if self.roster.is_starting() else ("Nothing to show", address)

    def status(self, rows: Rows, inputs: Inputs) -> dict[str, Any]:
        """Return the body of `status.json`."""
        shown = filled_in(self.stage.now(), self.ticker)
        plugins = self.roster.reports(shown["plugin_id"] if shown else "")
        ticker = ticker_report(self.ticker)
        driver = self.driver.read_state()
        return {
            **self.lighting.report(),
            "paused": rows.settings.paused,
            "backend": driver.backend or self.config.environment.backend,
            "panel": {"width": self.config.width, "height": self.config.height},
            "now": self.notices.now() or shown,
            "next": filled_in(self.stage.next(inputs), self.ticker, is_next=shown is not None and shown["reason"] == "ticker"),
            "on_demand": on_demand_report(self.stage.state),
            "last_on_demand": self.wishes.last(),
            "ticker": ticker,
            "fps": self.panel.fps(),
            "late_frames": sum(report["late_frames"] for report in plugins.values()) + (ticker["late_frames"] if ticker else 0),
            "driver": self.driver.report(driver),
            "processes": self._processes(),
            "priority": {"director": priority_of(os.getpid()), "driver": priority_of(self.driver.pid) if self.driver.pid else "unknown"},
            "isolation": self.prober.report(),
            "safe_mode": self.safe_mode.report(),
            "plugins": plugins,
        }

    def _processes(self) -> dict[str, int]:
        own = {"director": os.getpid(), "zygote": self.zygote.pid, "driver": self.driver.pid}
        hosts = {f"host {name}": handle.pid for name, handle in self.hosts.by_plugin.items()}
        return {name: pid for name, pid in (own | hosts).items() if pid}

"""Carries out commands: each is taken once, in order, and marked as taken by the writer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from display_app.director.driver import DriverKeeper
from display_app.director.health import HealthBook
from display_app.director.rows import Command, Rows, Wanted
from display_app.director.safe_mode import SafeMode
from display_app.director.stage import Stage
from display_app.director.ticker import Ticker
from display_app.director.writer import Writer
from display_app.models import CommandKind, DisplayCommand
from display_app.rotation.turns import OnDemand

STALE_SECONDS = 30
TIMELESS = (CommandKind.RELEASE, CommandKind.LEAVE_SAFE_MODE)
KEPT_DAYS = 7

logger = logging.getLogger(__name__)


class Orders:
    """What people have told the panel."""

    def __init__(
        self, stage: Stage, ticker: Ticker, health: HealthBook, driver: DriverKeeper, writer: Writer, *, safe_mode: SafeMode
    ) -> None:
        self._stage = stage
        self._health = health
        self._driver = driver
        self._writer = writer
        self._ticker = ticker
        self._safe_mode = safe_mode
        self.last_taken = 0

    def take(self, rows: Rows) -> None:
        """Carry out what waits; what is about a moment and nobody took for long (the panel was not running) is only marked."""
        plugins = {row.plugin_id: row for row in rows.plugins}
        too_old = timezone.now() - timedelta(seconds=STALE_SECONDS)
        for command in rows.commands:
            self.last_taken = max(self.last_taken, command.pk)
            if command.created_at >= too_old or command.kind in TIMELESS:
                self._carry_out(command, plugins)
        if rows.commands:
            self._writer.put(partial(_mark_taken, [command.pk for command in rows.commands]))

    def _carry_out(self, command: Command, plugins: dict[str, Wanted]) -> None:
        actions: dict[str, Callable[[dict[str, Any], Wanted | None], object]] = {
            CommandKind.SHOW: partial(self._show, command.pk),
            CommandKind.STOP_SHOWING: lambda *_: self._stage.stop_showing(),
            CommandKind.NEXT: lambda *_: self._go_on(),
            CommandKind.RELEASE: lambda _, plugin: self._health.release(plugin) if plugin else None,
            CommandKind.RESTART_DRIVER: lambda *_: self._driver.reopen(),
            CommandKind.LEAVE_SAFE_MODE: lambda *_: self._safe_mode.leave(),
        }
        action = actions.get(command.kind)
        if action is None:
            logger.warning("Unknown command %r", command.kind)
            return
        action(command.arguments, plugins.get(str(command.arguments.get("plugin_id"))))

    def _go_on(self) -> None:
        self._stage.next_turn()
        self._ticker.skip()

    def _show(self, number: int, arguments: dict[str, Any], plugin: Wanted | None) -> None:
        plugin_id, mode, duration = str(arguments.get("plugin_id")), arguments.get("mode"), arguments.get("duration")
        wish = OnDemand(plugin_id, mode, duration, bool(arguments.get("pinned")), number=number)
        if plugin is None:
            logger.warning("%s cannot be shown: it is not wanted on", plugin_id)
            self._stage.refuse(wish)
        else:
            self._stage.show(wish, by_person=True)


def _mark_taken(pks: list[int]) -> None:
    now = timezone.now()
    DisplayCommand.objects.filter(pk__in=pks).update(taken_at=now)
    DisplayCommand.objects.filter(taken_at__lt=now - timedelta(days=KEPT_DAYS)).delete()

"""What hosts say, one branch a message; exceptions go to the breaker, wishes to the stage, saved settings to the rows."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from enum import Enum
from functools import partial
from typing import Any, ClassVar

from display_app.director.handle import HostHandle
from display_app.director.health import HealthBook
from display_app.director.stage import LONGEST_SECONDS, Stage
from display_app.director.ticker import Ticker
from display_app.director.writer import Writer
from display_app.hosting.limits import Limits
from display_app.hosting.protocol import (
    Configured,
    Content,
    Drawn,
    Failed,
    Live,
    Loaded,
    LoadFailed,
    Message,
    OnDemandAsked,
    Published,
    SettingsSaved,
    TurnOver,
    Worked,
)
from display_app.hosting.watchdog import drawing_for
from display_app.rotation.turns import OnDemand
from plugins_app.config.store import save_settings
from plugins_app.exceptions import LedsiteError
from plugins_app.package.jsonfile import clean_text

SAVE_SECONDS = 60.0

logger = logging.getLogger(__name__)


class Answer(Enum):
    """What the loop must do after a message."""

    NOTHING = "nothing"
    LOOK = "look"
    READY = "ready"
    RESTART = "restart"


class Listener:
    """Hears every host."""

    NOTHING: ClassVar[Answer] = Answer.NOTHING
    READY: ClassVar[Answer] = Answer.READY
    RESTART: ClassVar[Answer] = Answer.RESTART

    def __init__(self, stage: Stage, ticker: Ticker, health: HealthBook, writer: Writer) -> None:
        self._stage = stage
        self._ticker = ticker
        self._health = health
        self._writer = writer
        self._saved_at: dict[str, float] = {}
        self.limits = Limits()

    def hear(self, handle: HostHandle, message: Message) -> Answer:
        """Take one message in."""
        if isinstance(message, Published):
            incoming = self._stage.state.incoming
            self._stage.published(handle, message)
            return Answer.LOOK if incoming is not None else Answer.NOTHING
        if isinstance(message, Loaded):
            handle.note_loaded(message)
            self._health.loaded(handle.wanted)
            logger.info("%s started in %.2f s", handle.plugin_id, message.seconds)
            return Answer.READY
        if isinstance(message, LoadFailed | Failed):
            message = replace(message, reason=clean_text(" ".join(message.reason.split()), limit=500))
        if isinstance(message, LoadFailed):
            handle.failed_to_load = True
            handle.ask_to_stop(by=time.monotonic() + self.limits.stop_seconds)
            self._health.did_not_load(handle.wanted, message)
            self._stage.gone(handle.plugin_id)
            return Answer.LOOK
        return self._hear_of_turns(handle, message)

    def look_at(self, handle: HostHandle) -> None:
        """Pass a turn on whose picture stands still in a call; let a backed-off plugin try again."""
        if handle.told_turn is not None and drawing_for(handle.vitals, time.monotonic()) > self.limits.turn_seconds:
            self._stage.stalled(handle)
        if handle.suspended and self._health.try_again(handle.wanted):
            handle.suspend(False)

    def _hear_of_turns(self, handle: HostHandle, message: Message) -> Answer:
        if isinstance(message, Drawn):
            self._stage.drawn(handle, message)
        elif isinstance(message, TurnOver):
            self._stage.over(message.turn)
        elif isinstance(message, Failed):
            self._failed(handle, message)
        elif isinstance(message, Worked):
            self._health.worked(handle.wanted)
        elif isinstance(message, Live):
            handle.live = tuple(mode for mode in message.modes if mode in handle.modes)
        elif isinstance(message, Content):
            self._ticker.filling.hear(handle, replace(message, reason=clean_text(message.reason, limit=500)))
        elif isinstance(message, OnDemandAsked):
            self._asked(handle, message)
        elif isinstance(message, Configured):
            return Answer.LOOK if message.applied else Answer.RESTART
        elif isinstance(message, SettingsSaved):
            self._save(handle, message.section)
        return Answer.LOOK

    def _failed(self, handle: HostHandle, message: Failed) -> None:
        record = self._health.raised(handle.wanted, message)
        if message.where == "display":
            self._stage.failed(handle, message.reason)
        if record.breaker.is_open():
            handle.suspend(True)
            self._stage.gone(handle.plugin_id)

    def _asked(self, handle: HostHandle, message: OnDemandAsked) -> None:
        if message.action == "stop":
            self._stage.stop_showing(handle.plugin_id)
        else:
            duration = min(message.duration, LONGEST_SECONDS) if message.duration > 0 else None
            wish = OnDemand(handle.plugin_id, message.mode or None, duration, message.pinned)
            self._stage.show(wish, by_person=False)

    def _save(self, handle: HostHandle, section: dict[str, Any]) -> None:
        now = time.monotonic()
        if now - self._saved_at.get(handle.plugin_id, -SAVE_SECONDS) < SAVE_SECONDS:
            logger.warning("%s saves its settings too often: left out", handle.plugin_id)
            return
        self._saved_at[handle.plugin_id] = now
        values = {name: value for name, value in section.items() if name != "enabled"}
        self._writer.put(partial(_save_settings, handle.plugin_id, values))


def _save_settings(plugin_id: str, values: dict[str, Any]) -> None:
    try:
        save_settings(plugin_id, values, partial=False, requested_by=f"plugin {plugin_id}")
    except LedsiteError as error:
        logger.warning("%s wanted to save settings that cannot be: %s", plugin_id, error)

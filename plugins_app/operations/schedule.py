"""Periodic work: the worker wrapper calls `tick` every two seconds; it only looks and queues, the work itself is done by workers."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.db import DatabaseError
from django_q.tasks import async_task

from plugins_app.lifecycle import automatic, previewing
from plugins_app.lifecycle.requests import request_reconcile
from plugins_app.models import Operation
from plugins_app.models.stamp import Stamp, database_stamp
from plugins_app.operations import watchdog
from plugins_app.operations.context import Context, current_context
from plugins_app.operations.recovery import requeue_due
from plugins_app.reconcile.folders import Signature, signature
from plugins_app.reconcile.verdicts import is_retry_due
from plugins_app.store import metadata
from plugins_app.store.refresh import is_due

logger = logging.getLogger(__name__)

FOLDER_SECONDS = 30.0
REGISTRY_SECONDS = 60.0
RETRY_SECONDS = 15.0
UPDATE_SECONDS = 60.0
WATCHDOG_SECONDS = 30.0
PREVIEW_SECONDS = 4.0
PREVIEW_AGAIN_SECONDS = 120.0
TIDY_SECONDS = 6 * 3600.0


class Schedule:
    """What is due when, in the memory of one process; lost with it, because all of it can be done too often without harm."""

    def __init__(self, context: Context, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._context, self._clock = context, clock
        self._last: dict[str, float] = {}
        self._signature: Signature | None = None
        self._previews: previewing.Due = frozenset()
        self._idle: Stamp | None = None  # the database in which nothing was to be done, and the one in which nothing was to be drawn
        self._drawn: Stamp | None = None

    def tick(self) -> None:
        """Queue what is due."""
        self._requeue()
        if self._is_time("registry", REGISTRY_SECONDS) and (is_due() or metadata.is_due()):
            _queue("refresh_registries", cluster="slow")
        if self._is_time("folders", FOLDER_SECONDS) and self._have_folders_changed():
            _queue("check_folders", cluster="main")
        if self._is_time("retry", RETRY_SECONDS) and is_retry_due():
            request_reconcile(requested_by="system")
        if self._is_time("updates", UPDATE_SECONDS):
            automatic.look()
        if self._is_time("watchdog", WATCHDOG_SECONDS):
            watchdog.look()
        if self._is_time("previews", PREVIEW_SECONDS) and self._are_previews_due():
            _queue("draw_previews", cluster="slow")
        if self._is_time("tidy", TIDY_SECONDS):
            _queue("tidy_up", cluster="main")

    def _requeue(self) -> None:
        """Look for work that nobody does; not while nobody has written since there was none, not even some that waits for its time."""
        stamp = database_stamp()
        if stamp != self._idle:
            requeue_due(self._context)
            self._idle = None if Operation.objects.open().exists() else stamp

    def _is_time(self, name: str, interval: float) -> bool:
        now = self._clock()
        if name in self._last and now - self._last[name] < interval:
            return False
        self._last[name] = now
        return True

    def _are_previews_due(self) -> bool:
        """Tell whether there is something to draw that no worker has been told of lately."""
        stamp = database_stamp()
        if stamp == self._drawn:
            return False
        due = previewing.due(self._context)
        self._drawn = None if due else stamp
        is_news = bool(due - self._previews) or (bool(due) and self._is_time("previews-again", PREVIEW_AGAIN_SECONDS))
        self._previews = due
        return is_news

    def _have_folders_changed(self) -> bool:
        before, self._signature = self._signature, signature(self._context.paths.plugin_dir)
        return before != self._signature


_schedule: Schedule | None = None


def tick() -> None:
    """Look once; a busy database or disk only means that the next look does it."""
    global _schedule
    try:
        _schedule = _schedule or Schedule(current_context())
        _schedule.tick()
    except (DatabaseError, OSError) as error:
        logger.warning("The look at what is due failed, the next one follows: %s", error)


def _queue(name: str, *, cluster: str) -> None:
    async_task(f"plugins_app.tasks.{name}", cluster=cluster, save=False, task_name=name.replace("_", "-"))

"""Draws pictures of plugins when a worker has nothing else to do: best effort, never part of an operation."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from plugins_app.config import store as config_store
from plugins_app.installer.collect import throw_away
from plugins_app.installer.drawing import DrawingTask, Interrupted
from plugins_app.installer.previews import AHEAD, draw_previews, is_drawn
from plugins_app.lifecycle.bundled import not_installed
from plugins_app.models import Drawing, Operation, Plugin, Revision
from plugins_app.operations.context import Context
from plugins_app.package.schema import read_schema

logger = logging.getLogger(__name__)

Due = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class _Subject:
    """What to draw; `folder` is None where the live one is meant."""

    plugin_id: str
    generation: str
    folder: Path | None = None


def due(context: Context) -> Due:
    """Return plugins, each with its generation, of which no pictures have been drawn; none while there is other work."""
    if _is_interrupted():
        return frozenset()
    return frozenset((one.plugin_id, one.generation) for one in _subjects() if not is_drawn(context.paths, one.plugin_id, one.generation))


def draw_due(context: Context) -> None:
    """Draw what is due, one plugin after the other, until an operation waits."""
    wanted = due(context)
    for subject in _subjects():
        if (subject.plugin_id, subject.generation) not in wanted:
            continue
        try:
            _draw(context, subject)
        except Interrupted:
            return
        except OSError as error:
            logger.warning("The pictures of %s cannot be drawn: %s", subject.plugin_id, error)


def _subjects() -> Iterator[_Subject]:
    """Name what is installed, then what of our own is not."""
    rows = Plugin.objects.filter(missing=False).exclude(active_generation="").order_by("plugin_id")
    yield from (_Subject(*row) for row in rows.values_list("plugin_id", "active_generation"))
    yield from (_Subject(own.id, own.generation, own.folder) for own in not_installed())


def _draw(context: Context, subject: _Subject) -> None:
    """Draw one with the defaults of its schema: the owner's own settings are nobody else's business."""
    schema = _schema_of(subject) if subject.folder is None else read_schema(subject.folder)
    if schema is None:
        return
    _drop_older(context, subject)
    task = DrawingTask(
        folder=subject.folder or context.paths.live(subject.plugin_id),
        settings=config_store.settings_from(schema, {}, enabled=True),
        panel=context.panel,
        timezone=settings.TIME_ZONE,
        protected=context.protected,
        user=context.plugin_user,
    )
    has_pictures = draw_previews(context.paths, subject.plugin_id, subject.generation, task, is_interrupted=_is_interrupted)
    if has_pictures:
        with transaction.atomic():
            Revision.bump("plugins")


def _is_interrupted() -> bool:
    """Make way for operations, and for the pictures that a person waits for."""
    return Operation.objects.open().exists() or Drawing.objects.open().exists()


def _schema_of(subject: _Subject) -> dict[str, Any] | None:
    """Return the schema of an installed plugin, None when it is no longer this one."""
    rows = Plugin.objects.filter(pk=subject.plugin_id, active_generation=subject.generation, missing=False)
    return rows.values_list("schema", flat=True).first()


def _drop_older(context: Context, subject: _Subject) -> None:
    """Throw away the pictures of an earlier version of one of our own."""
    folder = context.paths.previews(subject.plugin_id)
    for entry in folder.iterdir() if folder.is_dir() else ():
        if entry.name.startswith(AHEAD) and entry.name != subject.generation:
            throw_away(context.paths, entry)

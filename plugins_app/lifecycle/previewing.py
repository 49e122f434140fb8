"""Draws pictures of installed plugins when a worker has nothing else to do: best effort, never part of an operation."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import transaction

from plugins_app.config import store as config_store
from plugins_app.installer.previews import Interrupted, draw_previews, is_drawn
from plugins_app.models import Operation, Plugin, Revision
from plugins_app.operations.context import Context

logger = logging.getLogger(__name__)

Due = frozenset[tuple[str, str]]


def due(context: Context) -> Due:
    """Return plugins, each with its active generation, of which no pictures have been drawn; none while there is other work."""
    if Operation.objects.open().exists():
        return frozenset()
    rows = Plugin.objects.filter(missing=False).exclude(active_generation="").values_list("plugin_id", "active_generation")
    return frozenset(row for row in rows if not is_drawn(context.paths, *row))


def draw_due(context: Context) -> None:
    """Draw what is due, one plugin after the other, until an operation waits."""
    for plugin_id, generation in sorted(due(context)):
        plugin = Plugin.objects.filter(pk=plugin_id, active_generation=generation, missing=False).first()
        if plugin is None:
            continue
        try:
            _draw(context, plugin)
        except Interrupted:
            return
        except OSError as error:
            logger.warning("The pictures of %s cannot be drawn: %s", plugin_id, error)


def _draw(context: Context, plugin: Plugin) -> None:
    """Draw one with the defaults of its schema: the owner's own settings are nobody else's business."""
    has_pictures = draw_previews(
        context.paths,
        plugin.plugin_id,
        plugin.active_generation,
        settings=config_store.settings_from(plugin.schema, {}, enabled=True),
        panel=context.panel,
        timezone=settings.TIME_ZONE,
        protected=context.protected,
        user=context.plugin_user,
        is_interrupted=Operation.objects.open().exists,
    )
    if has_pictures:
        with transaction.atomic():
            Revision.bump("plugins")

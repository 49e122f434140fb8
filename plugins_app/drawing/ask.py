"""Asks for a picture: the one that was just drawn of the same, or a new row for a worker; few at a time."""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_q.tasks import async_task

from plugins_app.config.secrets import seal
from plugins_app.drawing.keep import forget, picture_of
from plugins_app.drawing.wish import Wish
from plugins_app.exceptions import Conflict, NotFound
from plugins_app.models import Drawing, DrawingStatus, Plugin
from plugins_app.panel import read_panel

MOST_OPEN = 4
FRESH_SECONDS = 120.0
TASK = "plugins_app.tasks.draw_picture"


def ask(plugin: Plugin, wish: Wish, *, requested_by: str, anew: bool = False) -> Drawing:
    """Return a drawing of this wish: the one of the last two minutes unless it shall be drawn anew, else one that a worker will draw.

    Raises BadRequest for what cannot be drawn, Conflict `too-many-drawings` when enough wait already.
    """
    wish.check(modes_of(plugin))
    if plugin.missing or not plugin.active_generation:
        raise Conflict(f"The files of {plugin.name} are gone.", code="nothing-to-draw", hint="Install it again.")
    key = key_of(plugin, wish)
    with transaction.atomic():
        forget(Drawing.objects.abandoned())
        known = Drawing.objects.filter(key=key).first()
        if known is not None and (known.is_open or (not anew and _is_fresh(known))):
            return known
        if Drawing.objects.open().count() >= MOST_OPEN:
            raise Conflict("Other pictures are being drawn.", code="too-many-drawings", hint="Try again in a few seconds.")
        forget(Drawing.objects.filter(key=key))
        drawing = Drawing.objects.create(
            key=key,
            plugin_id=plugin.plugin_id,
            generation=plugin.active_generation,
            width=wish.width,
            height=wish.height,
            mode=wish.mode,
            seconds=wish.seconds,
            data=wish.data.value,
            sealed_settings=seal(json.dumps(wish.settings)),
            requested_by=requested_by,
        )
        async_task(TASK, drawing.pk, cluster="slow", save=False, task_name=f"picture-{drawing.pk}")
    return drawing


def modes_of(plugin: Plugin) -> list[str]:
    """Return the modes of a plugin: those that it has while it runs, else those that its manifest names."""
    running = read_panel(settings.LEDSITE.run_dir).plugin(plugin.plugin_id).get("modes")
    named = running if isinstance(running, list) and running else plugin.manifest.get("display_modes")
    return [str(mode) for mode in named] if isinstance(named, list) else []


def find(plugin: Plugin, key: str) -> Drawing:
    """Return a drawing by its key; NotFound `no-such-drawing`."""
    drawing = Drawing.objects.filter(key=key, plugin_id=plugin.plugin_id).first()
    if drawing is None:
        raise NotFound("There is no such picture any more.", code="no-such-drawing", hint="Draw it again.")
    return drawing


def key_of(plugin: Plugin, wish: Wish) -> str:
    """Name everything that a picture depends on; settings may be secret, so the name is made with the product's key."""
    facts = [plugin.plugin_id, plugin.active_generation, wish.width, wish.height, wish.mode, wish.seconds, wish.data.value, wish.settings]
    return salted_hmac("ledsite.drawing", json.dumps(facts, sort_keys=True), algorithm="sha256").hexdigest()


def _is_fresh(drawing: Drawing) -> bool:
    if drawing.finished_at is None or timezone.now() - drawing.finished_at > timedelta(seconds=FRESH_SECONDS):
        return False
    return drawing.status == DrawingStatus.DONE and picture_of(drawing).is_file()

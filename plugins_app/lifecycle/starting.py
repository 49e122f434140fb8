"""Has a running plugin started anew: what somebody has put beside it is read at a start."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F

from plugins_app.models import Plugin, Revision
from plugins_app.wakeup import wake_director


def start_anew(plugin_id: str) -> None:
    """Tell the panel; nothing happens to a plugin that does not run."""
    with transaction.atomic():
        Plugin.objects.filter(plugin_id=plugin_id).update(start_mark=F("start_mark") + 1)
        Revision.bump("plugins", "settings")
        wake_director()

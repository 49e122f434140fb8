"""What was removed and is still kept: for an undo, or its settings for the next installation; rows only."""

from __future__ import annotations

from typing import Any

from plugins_app.models import Tombstone


def removed_plugins() -> list[dict[str, Any]]:
    """Return what can be brought back or deleted for good, the last removed first."""
    found = [_row(tombstone) for tombstone in Tombstone.objects.order_by("-removed_at")]
    return [row for row in found if row["undo_until"] is not None or row["keeps_settings"]]


def _row(tombstone: Tombstone) -> dict[str, Any]:
    return {
        "id": tombstone.plugin_id,
        "name": (tombstone.snapshot.get("plugin") or {}).get("name") or tombstone.plugin_id,
        "version": tombstone.snapshot.get("version") or "",
        "removed_at": tombstone.removed_at,
        "removed_by": tombstone.removed_by,
        "undo_until": tombstone.undo_until() if tombstone.can_be_undone() else None,
        "keeps_settings": tombstone.preserve_config and bool(tombstone.snapshot.get("config")),
    }

"""The details of any plugin that a page can be about: of a registry, installed, or one of our own; and the picture to show of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from plugins_app.exceptions import NotFound
from plugins_app.lifecycle.bundled import find_bundled
from plugins_app.lifecycle.pictures import offered, preview_address, reason_of
from plugins_app.store import details
from plugins_app.store.details import Details
from plugins_app.store.offers import id_before_installation


def about(plugin_id: str, *, asks: bool = False, is_forced: bool = False) -> Details:
    """Return what is stored about a plugin, at once; `asks`: and let a worker fetch what is missing or old (forced: whatever its age)."""
    try:
        return details.details(plugin_id, asks=asks, is_forced=is_forced)
    except NotFound:
        own = find_bundled(plugin_id)
        if own is None:
            raise
        return details.details_of_folder(own.manifest, own.folder)


def picture_address(found: Details) -> str | None:
    """Return the address of the picture to show: what the plugin drew here, else its screenshot; None without either."""
    row = found.row
    drawn = row["preview"] or preview_address(row["installed_id"] or row["id"])
    return drawn or (f"/api/v3/plugins/store/{quote(row['id'])}/picture" if found.files.has_picture else None)


def why_nothing_is_seen(row: dict[str, Any]) -> str:
    """Return the reason why a plugin that was drawn before its installation has no picture; empty when it was not drawn."""
    name = id_before_installation(row["plugin_path"], row["id"])
    drawn = offered().get(name.lower())
    return reason_of(name, drawn) if drawn else ""

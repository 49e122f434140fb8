"""The plugins of our own as rows for API and pages."""

from __future__ import annotations

from typing import Any

from plugins_app.lifecycle.bundled import all_bundled, not_installed
from plugins_app.lifecycle.pictures import preview_address

FACTS = ("id", "name", "version", "author", "description", "category")


def bundled_plugins() -> list[dict[str, Any]]:
    """Return the rows of `GET plugins/bundled`."""
    removed = {own.id for own in not_installed()}
    return [
        {
            **{name: getattr(own.manifest, name) for name in FACTS},
            "tags": list(own.manifest.tags),
            "installed": own.id not in removed,
            "preview": preview_address(own.id),
        }
        for own in all_bundled()
    ]

"""Pages in the admin: the store, installed plugins, settings, operations; people; and rows for looking at."""

from __future__ import annotations

from plugins_app.admin import people, rows  # noqa: F401  (they register the models)

"""Pages of the panel in the admin, and its rows for looking at."""

from __future__ import annotations

from display_app.admin import rows  # noqa: F401  (registers the models)

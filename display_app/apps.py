"""Registration of display_app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class DisplayConfig(AppConfig):
    """The panel."""

    name = "display_app"
    verbose_name = "Panel"

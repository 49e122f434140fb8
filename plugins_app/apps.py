"""Registration of plugins_app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class PluginsConfig(AppConfig):
    """Plugins: registry, installed ones, operations."""

    name = "plugins_app"
    verbose_name = "Plugins"

"""Registration of plugins_app with Django."""

from __future__ import annotations

from django.apps import AppConfig


class PluginsConfig(AppConfig):
    """Plugins: registry, installed ones, operations."""

    name = "plugins_app"
    verbose_name = "Plugins"

    def ready(self) -> None:
        """Notice changes to users and tokens, so that known tokens are looked up again."""
        from plugins_app.api.authentication import watch_auth_models

        watch_auth_models()

"""Registration of plugins_app with Django."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PluginsConfig(AppConfig):
    """Plugins: registry, installed ones, operations."""

    name = "plugins_app"
    verbose_name = "Plugins"

    def ready(self) -> None:
        """See to it that changes to people and tokens are noticed, so that known tokens are looked up again."""
        from plugins_app.auth_triggers import watch_auth_tables

        post_migrate.connect(watch_auth_tables, sender=self, dispatch_uid="auth-triggers")

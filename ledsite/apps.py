"""Registration of ledsite itself with Django, for its commands and system checks."""

from __future__ import annotations

from django.apps import AppConfig


class LedsiteConfig(AppConfig):
    """Wiring: commands and checks."""

    name = "ledsite"
    verbose_name = "ledsite"

    def ready(self) -> None:
        """Register the system checks."""
        from ledsite import checks  # noqa: F401 - registers by being imported

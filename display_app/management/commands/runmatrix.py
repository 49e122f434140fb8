"""`manage.py runmatrix`: runs the panel until it is told to stop."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from display_app.director.config import DirectorConfig
from display_app.director.run import run_panel
from plugins_app.exceptions import LedsiteError


class Command(BaseCommand):
    """Director, plugin hosts and driver."""

    help = "Run the panel: one process per plugin, one for the hardware. `up` does this for you."
    requires_system_checks: list[str] = []  # they import the web's half of the product, and the panel must run without it

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        try:
            run_panel(DirectorConfig(environment=settings.LEDSITE))
        except LedsiteError as error:
            raise CommandError(f"{error.message} {error.hint}") from error

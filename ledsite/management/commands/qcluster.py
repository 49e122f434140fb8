"""`manage.py qcluster`: one worker queue by itself, for service managers; replaces django-q2's command of that name."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ledsite.preparation.database import is_migrated
from ledsite.worker.queues import QUEUES
from ledsite.worker.serve import serve


class Command(BaseCommand):
    """Become the worker of one queue."""

    help = "Works on one queue until stopped: `main` for what is quick, `slow` for downloads and installs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the queue's name."""
        parser.add_argument("-n", "--name", dest="queue", choices=QUEUES, help="default: $Q_CLUSTER_NAME, else main")

    def handle(self, *args: Any, queue: str | None, **options: Any) -> None:
        """Serve."""
        name = queue or os.environ.get("Q_CLUSTER_NAME") or QUEUES[0]
        if name not in QUEUES:
            raise CommandError(f"There is no queue {name}: use one of {', '.join(QUEUES)}.")
        if not is_migrated():
            raise CommandError("The database is not ready for this version: run `manage.py up` first.")
        serve(name)

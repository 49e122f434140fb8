"""`manage.py up`: make everything ready, start every process, look after them until Ctrl-C."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.checks import WARNING, run_checks
from django.core.management.base import BaseCommand, CommandError

from ledsite.env import BASE_DIR, Environment
from ledsite.keys import ensure_keys, read_secret_key
from ledsite.preparation.folders import lock_data_folder, make_folders
from ledsite.problems import StartProblem
from ledsite.supervisor.listening import listen
from ledsite.supervisor.state import end_leftovers


class Command(BaseCommand):
    """Prepare, then supervise."""

    help = "Makes the data folder ready, then starts web, workers and panel and looks after them until Ctrl-C."
    requires_system_checks: list[str] = []  # run at the end of the preparation, and shown without stopping

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the one switch."""
        parser.add_argument("--prepare-only", action="store_true", help="make everything ready and stop there")

    def handle(self, *args: Any, prepare_only: bool, **options: Any) -> None:
        """Say one line and end when the product cannot start."""
        environment: Environment = settings.LEDSITE
        try:
            make_folders(environment)
            lock = lock_data_folder(environment.data_dir)
            self._ensure_keys(environment)
            end_leftovers(environment.run_dir)
            if prepare_only:
                self._prepare(environment)
                return
            listener = listen(environment.bind_host, environment.bind_port)
            self._prepare(environment)
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
        self._run(environment, listener.detach())
        os.close(lock)

    def _ensure_keys(self, environment: Environment) -> None:
        """Make the keys; begin again when Django has been set up without them, for what it signs must be readable later."""
        ensure_keys(environment.data_dir)
        lasting = environment.secret_key or read_secret_key(environment.data_dir)
        if lasting != settings.SECRET_KEY:
            self.stdout.flush()
            os.execv(sys.executable, [sys.executable, str(BASE_DIR / "manage.py"), *sys.argv[1:]])

    def _prepare(self, environment: Environment) -> None:
        from ledsite.preparation.prepare import prepare

        prepared = prepare(environment, database=settings.DATABASE_FILE, static_root=settings.STATIC_ROOT, say=self.stdout.write)
        for message in run_checks(databases=None):
            if message.level >= WARNING and message.id not in settings.SILENCED_SYSTEM_CHECKS:
                self.stderr.write(f"Note: {message.msg} {message.hint or ''}".rstrip())
        if prepared.first_admin:
            self.stdout.write(f"First administrator: {prepared.first_admin.user.username}")
            if prepared.first_admin.generated_password:
                self.stdout.write(f"Password, shown this once: {prepared.first_admin.generated_password}")

    def _run(self, environment: Environment, listener: int) -> None:
        from ledsite.processes import address_of, supervise

        self.stdout.write(f"ledsite is starting. Open {address_of(environment)} and log in; Ctrl-C stops it.")
        self.stdout.flush()
        supervise(environment, listener=listener)

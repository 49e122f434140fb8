"""`manage.py apitoken USER`: print a person's API token, alone on standard output; the server need not run."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plugins_app.exceptions import LedsiteError
from plugins_app.users import token_of


class Command(BaseCommand):
    """Print the token, made when there is none."""

    help = "Prints the API token of a person, creating it when there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the name."""
        parser.add_argument("user")

    def handle(self, *args: Any, user: str, **options: Any) -> None:
        """Print it."""
        try:
            self.stdout.write(token_of(user))
        except LedsiteError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error

"""`manage.py adduser NAME --role viewer|operator|admin`: add a person, or change the role of one who is there."""

from __future__ import annotations

from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plugins_app.access import Role
from plugins_app.exceptions import LedsiteError
from plugins_app.users import add_user


class Command(BaseCommand):
    """Ask for a password at a terminal, generate one elsewhere."""

    help = "Adds a person with a role; for one who is there, changes the role and keeps the password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add name and role."""
        parser.add_argument("name")
        parser.add_argument("--role", choices=Role.values, required=True)
        parser.add_argument("--ask-password", action="store_true", help="type the password instead of having one generated")

    def handle(self, *args: Any, name: str, role: str, ask_password: bool, **options: Any) -> None:
        """Add or change, and show a generated password once."""
        try:
            added = add_user(name, Role(role), password=getpass("Password: ") if ask_password else "")
        except LedsiteError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from error
        if not added.is_new:
            self.stdout.write(f"{name} is {role} now; the password is as before.")
        elif added.generated_password:
            self.stdout.write(f"{name} added as {role}. Password, shown this once: {added.generated_password}")
        else:
            self.stdout.write(f"{name} added as {role}.")

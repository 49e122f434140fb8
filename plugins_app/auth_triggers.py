"""The `auth` revision is raised by the database itself: no change to people, groups, rights and tokens passes it by, whoever makes it.

Signals miss `QuerySet.update` and SQL, and come after the change has been committed where nobody has opened a transaction.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db import connections
from django.db.models import Model
from rest_framework.authtoken.models import Token

from plugins_app.models import Revision

UNWATCHED = frozenset({"last_login"})
"""Says nothing about who may do what: a mere login changes nothing."""


def watch_auth_tables(*, using: str, **kwargs: Any) -> None:
    """Make the triggers, after every `migrate`: a migration that builds a table anew loses them."""
    with connections[using].cursor() as cursor:
        there = set(connections[using].introspection.table_names(cursor))
        for model in _models():
            if model._meta.db_table in there:
                for statement in _statements(model):
                    cursor.execute(statement)


def _models() -> tuple[type[Model], ...]:
    through = (User.groups.through, User.user_permissions.through, Group.permissions.through)
    return (User, Group, Permission, Token, *through)


def _statements(model: type[Model]) -> list[str]:
    """Return SQLite's statements; values come from Django's own names alone."""
    table, revision = model._meta.db_table, Revision._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.name not in UNWATCHED)
    raised = f"INSERT INTO {revision} (name, value) VALUES ('auth', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
    statements = []
    for event, of in (("insert", ""), ("delete", ""), ("update", f" OF {columns}")):
        name = f'"auth_revision_{table}_{event}"'
        statements.append(f"DROP TRIGGER IF EXISTS {name}")
        statements.append(f'CREATE TRIGGER {name} AFTER {event.upper()}{of} ON "{table}" BEGIN {raised}; END')
    return statements

"""Whether anybody has written to the database since the last look: asking costs a hundredth of reading the rows again."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

Stamp = tuple[object, ...]


def database_stamp() -> Stamp:
    """Return what differs after any commit: of another connection, of this one, or because this is a new one.

    Take it before the rows are read: what is written meanwhile is then seen at the next look.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    database = connection.connection
    return database, database.total_changes, database.execute("PRAGMA data_version").fetchone()[0]

"""The database on the way to this version: refuse a newer one, keep a snapshot, migrate, put back what a failure left."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.executor import MigrationExecutor

from ledsite.problems import StartProblem

KEPT_SNAPSHOTS = 3


def prepare_database(path: Path, *, data_dir: Path, say: Callable[[str], None]) -> None:
    """Bring the database to this version's tables, or raise StartProblem with everything as it was."""
    is_new = not path.exists() or not path.stat().st_size
    pending = _pending_migrations(path)
    connections.close_all()
    if not pending:
        return
    snapshot = None if is_new else _take_snapshot(path, data_dir / "snapshots")
    if snapshot:
        say(f"Bringing the database to this version ({pending} steps); it is kept as it was in {snapshot}.")
    log = data_dir / "logs" / "migrate.log"
    failure = _migrate(log)
    if failure:
        outcome = _put_back(snapshot, path)
        raise StartProblem(f"The database could not be brought to this version ({failure}); {outcome}. See {log}.")


def is_migrated() -> bool:
    """Tell whether every migration of this version has been applied."""
    executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _pending_migrations(path: Path) -> int:
    """Count the steps that are missing; refuse a database with steps that this version does not know."""
    try:
        executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
        unknown = sorted(set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations))
        pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except DatabaseError as error:
        raise StartProblem(
            f"{path} cannot be read as a database ({error}): move it away, or put a copy from snapshots/ in its place."
        ) from error
    if unknown:
        raise StartProblem(
            f"The database {path} was made by a newer version (it has {'.'.join(unknown[-1])}): start that version, "
            "or put a copy from snapshots/ in its place."
        )
    return pending


def _take_snapshot(path: Path, folder: Path) -> Path:
    """Copy the database by SQLite's backup API, which is whole even while somebody writes."""
    target = folder / f"before-migrate-{time.strftime('%Y%m%d-%H%M%S')}.sqlite3"
    partial = target.with_suffix(".partial")
    try:
        _backup(path, partial)
        partial.chmod(0o600)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        partial.unlink(missing_ok=True)
        raise StartProblem(f"No snapshot of the database can be kept in {folder} ({error}): make room there, then start again.") from error
    for old in sorted(folder.glob("before-migrate-*.sqlite3"))[:-KEPT_SNAPSHOTS]:
        old.unlink()
    return target


def _migrate(log: Path) -> str:
    """Run the migrations in a process of their own, whatever they may do to it; return why they failed, empty when they did not."""
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_migrate_here, args=(log,))
    process.start()
    process.join()
    if not process.exitcode:
        return ""
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1].strip()[:200] if lines else f"exit code {process.exitcode}"


def _migrate_here(log: Path) -> None:
    with log.open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    call_command("migrate", interactive=False)


def _put_back(snapshot: Path | None, path: Path) -> str:
    """Undo what a failed migration did; return the words that say so."""
    if snapshot is None:
        for name in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            name.unlink(missing_ok=True)
        return "the new, empty one was removed again"
    try:
        _backup(snapshot, path)
    except sqlite3.Error as error:
        return f"putting it back failed too ({error}), it is kept in {snapshot}"
    return "it was put back as it was"


def _backup(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as from_, closing(sqlite3.connect(target)) as to:
        from_.backup(to)
